// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IBadgeAnchor, IssuerId, Root} from "../IBadgeAnchor.sol";
import {deployBadgeAnchor} from "./Deploy.sol";
import {EventBook} from "./EventBook.sol";
import {vm} from "./Vm.sol";

/// @notice Presses every button in any order with three keys of one issuer and three roots, and keeps two books: one of what
/// it expects, one of what the contract's events say.
contract Handler is EventBook {
    IBadgeAnchor public immutable book;
    IssuerId public issuer;
    /// The first administrates, the second anchors and revokes, the third is a stranger to the issuer.
    address[3] public keys = [vm.addr(1), vm.addr(2), vm.addr(3)];

    struct Expected {
        uint24 size;
        uint40 anchoredAt;
        uint8 kind;
        bool revoked;
        uint256[4] words;
    }
    mapping(address => mapping(bytes32 => Expected)) private _expected;
    mapping(address => IBadgeAnchor.Key) private _held;
    uint40 private _now = 1_800_000_000;
    string public breach;

    constructor(IBadgeAnchor book_) heard {
        book = book_;
        vm.warp(_now);
        vm.prank(keys[0]);
        issuer = book.registerIssuer("did:web:x.example", by(keys[0]));
        IBadgeAnchor.Signed memory consent = consentOf(2, 6);
        vm.prank(keys[0]);
        book.grantKey(issuer, 6, 0, type(uint40).max, by(keys[0]), consent);
        for (uint256 i = 0; i < 3; ++i) _held[keys[i]] = book.keyOf(keys[i]);
    }

    function pass(uint8 secondsPassed) external {
        _now += secondsPassed;
        vm.warp(_now);
    }

    function anchor(uint256 who, uint256 which, uint24 size, uint8 kind) external heard {
        (address key, bytes32 root) = (keys[who % 3], rootOf(which));
        size = size % 900;
        kind = kind % 140;
        vm.prank(key);
        try book.anchor(Root.wrap(root), size, kind) {
            Expected storage e = _expected[key][root];
            if (e.size == 0) (e.size, e.kind, e.anchoredAt) = (size, kind, _now);
            else if (e.size != size || e.kind != kind) breach = "anchored over another batch";
            if (size == 0 || kind > 127) breach = "an impossible batch was anchored";
        } catch {}
    }

    function revoke(uint256 who, uint256 whose, uint256 which, uint256 leaf) external heard {
        (address sender, address key, bytes32 root) = (keys[who % 3], keys[whose % 3], rootOf(which));
        leaf = leaf % 950;
        bool mayRevoke = holds(sender, 4) && belongs(key);
        vm.prank(sender);
        try book.revoke(key, Root.wrap(root), leaf) {
            if (!mayRevoke) breach = "revoked without the role";
            if (leaf >= _expected[key][root].size) breach = "revoked past the end";
            if (leaf < 184) _expected[key][root].words[0] |= 1 << leaf;
            else _expected[key][root].words[1 + (leaf - 184) / 256] |= 1 << ((leaf - 184) % 256);
        } catch {}
    }

    function revokeWords(uint256 who, uint256 which, uint24 word, uint256 bits) external heard {
        (address key, bytes32 root) = (keys[who % 3], rootOf(which));
        word = word % 4;
        bits = word == 0 ? bits >> 72 : bits;
        IBadgeAnchor.WordMask[] memory masks = new IBadgeAnchor.WordMask[](1);
        masks[0] = IBadgeAnchor.WordMask(word, bits);
        vm.prank(key);
        try book.revokeWords(key, Root.wrap(root), masks) {
            if (!holds(key, 4)) breach = "revoked words without the role";
            _expected[key][root].words[word] |= bits;
        } catch {}
    }

    function revokeBatch(uint256 who, uint256 which, uint8 chance) external heard {
        if (chance > 40) return;
        (address key, bytes32 root) = (keys[who % 3], rootOf(which));
        vm.prank(key);
        try book.revokeBatch(key, Root.wrap(root)) {
            if (!holds(key, 4)) breach = "revoked a batch without the role";
            _expected[key][root].revoked = true;
        } catch {}
    }

    /// Without the key's own signature a grant must fail, whoever asks.
    function grantWithoutConsent(uint256 who, uint256 whom, uint8 roles) external heard {
        (address admin, address key) = (keys[who % 3], keys[whom % 3]);
        bool had = belongs(key);
        vm.prank(admin);
        try book.grantKey(issuer, roles, 0, type(uint40).max, by(admin), by(key)) {
            if (!had && admin != key) breach = "granted without consent";
        } catch {}
    }

    function narrow(uint256 who, uint256 whom, uint8 roles, uint8 later, uint8 earlier) external heard {
        (address admin, address key) = (keys[who % 3], keys[whom % 3]);
        IBadgeAnchor.Key memory held = _held[key];
        uint40 until = held.validUntil == type(uint40).max ? _now + 4000 : held.validUntil;
        vm.prank(admin);
        try book.narrowKey(key, roles | 6, held.validFrom + later / 64, until - earlier / 8, by(admin)) {
            if (!holds(admin, 1)) breach = "narrowed without the role";
            IBadgeAnchor.Key memory left = book.keyOf(key);
            if (left.roles & ~held.roles != 0) breach = "a role grew";
            if (left.validFrom < held.validFrom || left.validUntil > held.validUntil) breach = "a window grew";
            if (IssuerId.unwrap(left.issuer) != IssuerId.unwrap(held.issuer)) breach = "a key changed hands";
            _held[key] = left;
        } catch {}
    }

    function compare() external view returns (bool) {
        for (uint256 k = 0; k < 3; ++k) {
            IBadgeAnchor.Key memory key = book.keyOf(keys[k]);
            if (keccak256(abi.encode(key)) != keccak256(abi.encode(_held[keys[k]]))) return false;
            for (uint256 r = 0; r < 3; ++r) {
                Expected storage e = _expected[keys[k]][rootOf(r)];
                IBadgeAnchor.Batch memory b = book.batch(keys[k], Root.wrap(rootOf(r)));
                if (b.size != e.size || b.anchoredAt != e.anchoredAt) return false;
                if (b.kind != e.kind || b.revoked != e.revoked) return false;
                uint256[] memory words = book.revocationWords(keys[k], Root.wrap(rootOf(r)), 0, 4);
                for (uint256 w = 0; w < 4; ++w) if (words[w] != e.words[w]) return false;
            }
        }
        return true;
    }

    /// What somebody would know who has read the log alone.
    function compareEvents() external view returns (bool) {
        for (uint256 k = 0; k < 3; ++k) {
            if (keccak256(abi.encode(book.keyOf(keys[k]))) != keccak256(abi.encode(heardKey(keys[k])))) return false;
            for (uint256 r = 0; r < 3; ++r) {
                IBadgeAnchor.Batch memory b = book.batch(keys[k], Root.wrap(rootOf(r)));
                if (keccak256(abi.encode(b)) != keccak256(abi.encode(heardBatch(keys[k], rootOf(r))))) return false;
                uint256[] memory words = book.revocationWords(keys[k], Root.wrap(rootOf(r)), 0, 4);
                for (uint24 w = 0; w < 4; ++w) if (words[w] != heardWord(keys[k], rootOf(r), w)) return false;
            }
        }
        return true;
    }

    function rootOf(uint256 which) private pure returns (bytes32) {
        return keccak256(abi.encode(which % 3));
    }

    function belongs(address key) private view returns (bool) {
        return IssuerId.unwrap(_held[key].issuer) == IssuerId.unwrap(issuer);
    }

    function holds(address key, uint8 role) private view returns (bool) {
        IBadgeAnchor.Key memory held = _held[key];
        return belongs(key) && held.roles & role != 0 && held.validFrom <= _now && _now < held.validUntil;
    }

    function consentOf(uint256 key, uint8 roles) private view returns (IBadgeAnchor.Signed memory) {
        bytes32 typeHash = keccak256(
            "KeyGrant(bytes20 issuer,address key,uint8 roles,uint40 validFrom,uint40 validUntil,uint64 deadline)"
        );
        bytes32 structHash = keccak256(
            abi.encode(typeHash, issuer, vm.addr(key), roles, 0, type(uint40).max, type(uint64).max)
        );
        bytes32 digest = keccak256(abi.encodePacked(hex"1901", book.domainSeparator(), structHash));
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(key, digest);
        return IBadgeAnchor.Signed(vm.addr(key), type(uint64).max, abi.encodePacked(r, s, v));
    }

    function by(address signer) private pure returns (IBadgeAnchor.Signed memory) {
        return IBadgeAnchor.Signed(signer, type(uint64).max, "");
    }
}

contract InvariantsTest {
    Handler private handler;

    function setUp() public {
        handler = new Handler(deployBadgeAnchor());
    }

    function targetContracts() external view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(handler);
    }

    /// Records stand as first written, bits are exactly those that somebody entitled has set, keys only shrink.
    function invariant_the_contract_agrees_with_an_independent_book() external view {
        require(handler.compare(), "state differs");
        require(bytes(handler.breach()).length == 0, handler.breach());
    }

    function invariant_the_events_alone_tell_the_state() external view {
        require(handler.compareEvents(), "the events tell something else");
    }
}
