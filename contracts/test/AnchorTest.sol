// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IBadgeAnchor, IssuerId, Root} from "../IBadgeAnchor.sol";
import {deployBadgeAnchor} from "./Deploy.sol";
import {vm} from "./Vm.sol";

/// @notice What the tests share: an issuer with its keys, and signatures made from the type strings of the manual,
/// not from the contract's own constants.
abstract contract AnchorTest {
    uint256 internal constant ADMIN = 0xA11CE;
    uint256 internal constant ANCHORER = 0xB0B;
    uint256 internal constant STRANGER = 0x5712A;
    string internal constant DID = "did:web:badges.example:issuers:north";
    uint40 internal constant START = 1_800_000_000;
    uint40 internal constant FOREVER = type(uint40).max;
    uint64 internal constant LATER = START + 1 days;

    IBadgeAnchor internal book;
    IssuerId internal issuer;

    function setUp() public virtual {
        vm.warp(START);
        book = deployBadgeAnchor();
        issuer = book.registerIssuer(DID, registrationBy(ADMIN, DID, LATER));
    }

    function grantAnchorer(uint8 roles) internal {
        book.grantKey(
            issuer,
            roles,
            0,
            FOREVER,
            grantBy(ADMIN, vm.addr(ANCHORER), roles, 0, FOREVER),
            grantBy(ANCHORER, vm.addr(ANCHORER), roles, 0, FOREVER)
        );
    }

    // ------------------------------------------------------------------ messages

    function registrationBy(
        uint256 key,
        string memory did,
        uint64 deadline
    ) internal view returns (IBadgeAnchor.Signed memory) {
        bytes32 typeHash = keccak256("IssuerRegistration(address key,string did,uint64 deadline)");
        return
            signed(key, deadline, keccak256(abi.encode(typeHash, vm.addr(key), keccak256(bytes(did)), deadline)));
    }

    function grantBy(
        uint256 by,
        address key,
        uint8 roles,
        uint40 from,
        uint40 until
    ) internal view returns (IBadgeAnchor.Signed memory) {
        bytes32 typeHash = keccak256(
            "KeyGrant(bytes20 issuer,address key,uint8 roles,uint40 validFrom,uint40 validUntil,uint64 deadline)"
        );
        return signed(by, LATER, keccak256(abi.encode(typeHash, issuer, key, roles, from, until, LATER)));
    }

    function narrowingBy(
        uint256 by,
        address key,
        uint8 roles,
        uint40 from,
        uint40 until
    ) internal view returns (IBadgeAnchor.Signed memory) {
        bytes32 typeHash = keccak256(
            "KeyNarrowing(bytes20 issuer,address key,uint8 roles,uint40 validFrom,uint40 validUntil,uint64 deadline)"
        );
        uint64 deadline = uint64(block.timestamp + 1 hours);
        return signed(by, deadline, keccak256(abi.encode(typeHash, issuer, key, roles, from, until, deadline)));
    }

    function statementBy(
        uint256 by,
        string memory method,
        uint40 from,
        uint40 until
    ) internal view returns (IBadgeAnchor.Signed memory) {
        bytes32 typeHash = keccak256(
            "IssuingKeyStatement(bytes20 issuer,string verificationMethod,uint40 validFrom,uint40 validUntil,uint64 deadline)"
        );
        bytes32 structHash = keccak256(
            abi.encode(typeHash, issuer, keccak256(bytes(method)), from, until, LATER)
        );
        return signed(by, LATER, structHash);
    }

    function metadataBy(uint256 by, string memory metadata) internal view returns (IBadgeAnchor.Signed memory) {
        bytes32 typeHash = keccak256("IssuerMetadata(bytes20 issuer,string metadata,uint64 deadline)");
        return signed(by, LATER, keccak256(abi.encode(typeHash, issuer, keccak256(bytes(metadata)), LATER)));
    }

    function anchoringBy(
        uint256 key,
        bytes32 root,
        uint24 size,
        uint8 kind
    ) internal view returns (IBadgeAnchor.Anchoring memory) {
        return anchoringFor(key, vm.addr(key), root, size, kind, uint64(block.timestamp + 1 hours));
    }

    function anchoringFor(
        uint256 key,
        address signer,
        bytes32 root,
        uint24 size,
        uint8 kind,
        uint64 deadline
    ) internal view returns (IBadgeAnchor.Anchoring memory) {
        IBadgeAnchor.Anchoring memory a = IBadgeAnchor.Anchoring(
            issuer,
            signer,
            Root.wrap(root),
            size,
            kind,
            deadline,
            ""
        );
        a.signature = signatureOf(key, digestOf(structHashOf(a)));
        return a;
    }

    function structHashOf(IBadgeAnchor.Anchoring memory a) internal pure returns (bytes32) {
        bytes32 typeHash = keccak256(
            "Anchoring(bytes20 issuer,address signer,bytes32 root,uint24 size,uint8 kind,uint64 deadline)"
        );
        return keccak256(abi.encode(typeHash, a.issuer, a.signer, a.root, a.size, a.kind, a.deadline));
    }

    function revocationBy(
        uint256 key,
        address signer,
        bytes32 root,
        IBadgeAnchor.WordMask[] memory masks
    ) internal view returns (IBadgeAnchor.Signed memory) {
        bytes memory hashes;
        for (uint256 i = 0; i < masks.length; ++i) {
            bytes32 mask = keccak256(
                abi.encode(keccak256("WordMask(uint24 word,uint256 bits)"), masks[i].word, masks[i].bits)
            );
            hashes = abi.encodePacked(hashes, mask);
        }
        bytes32 typeHash = keccak256(
            "Revocation(bytes20 issuer,address signer,bytes32 root,WordMask[] masks,uint64 deadline)WordMask(uint24 word,uint256 bits)"
        );
        return signed(key, LATER, keccak256(abi.encode(typeHash, issuer, signer, root, keccak256(hashes), LATER)));
    }

    function batchRevocationBy(
        uint256 key,
        address signer,
        bytes32 root
    ) internal view returns (IBadgeAnchor.Signed memory) {
        bytes32 typeHash = keccak256("BatchRevocation(bytes20 issuer,address signer,bytes32 root,uint64 deadline)");
        return signed(key, LATER, keccak256(abi.encode(typeHash, issuer, signer, root, LATER)));
    }

    function signed(
        uint256 key,
        uint64 deadline,
        bytes32 structHash
    ) internal view returns (IBadgeAnchor.Signed memory) {
        return IBadgeAnchor.Signed(vm.addr(key), deadline, signatureOf(key, digestOf(structHash)));
    }

    function asSender(address sender) internal pure returns (IBadgeAnchor.Signed memory) {
        return IBadgeAnchor.Signed(sender, 0, "");
    }

    /// The domain is written out here, not asked of the contract.
    function digestOf(bytes32 structHash) internal view returns (bytes32) {
        bytes32 domain = keccak256(
            abi.encode(
                keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"),
                keccak256("BadgeAnchor"),
                keccak256("1"),
                block.chainid,
                address(book)
            )
        );
        return keccak256(abi.encodePacked(hex"1901", domain, structHash));
    }

    function signatureOf(uint256 key, bytes32 digest) internal pure returns (bytes memory) {
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(key, digest);
        return abi.encodePacked(r, s, v);
    }

    function maskOf(uint24 word, uint256 bits) internal pure returns (IBadgeAnchor.WordMask[] memory masks) {
        masks = new IBadgeAnchor.WordMask[](1);
        masks[0] = IBadgeAnchor.WordMask(word, bits);
    }

    // ------------------------------------------------------------------ checks

    function same(uint256 seen, uint256 wanted, string memory what) internal pure {
        require(seen == wanted, what);
    }

    function same(IBadgeAnchor.Verdict seen, IBadgeAnchor.Verdict wanted, string memory what) internal pure {
        require(seen == wanted, what);
    }

    function same(IBadgeAnchor.Outcome seen, IBadgeAnchor.Outcome wanted, string memory what) internal pure {
        require(seen == wanted, what);
    }
}
