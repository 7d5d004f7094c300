// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IBadgeAnchor, IssuerId, Root} from "../IBadgeAnchor.sol";
import {AnchorTest} from "./AnchorTest.sol";
import {HostileWallet, PickyWallet, ReenteringWallet, Wallet} from "./Wallets.sol";
import {vm} from "./Vm.sol";

contract AnchoringTest is AnchorTest {
    bytes32 private constant ROOT = keccak256("root");

    function setUp() public override {
        super.setUp();
        grantAnchorer(6);
    }

    function testFuzz_a_batch_is_recorded_as_given(bytes32 root, uint24 size, uint8 kind, uint40 time) public {
        vm.assume(size != 0 && kind < 128 && time != 0);
        vm.warp(time);
        vm.expectEmit();
        emit IBadgeAnchor.BatchAnchored(address(this), Root.wrap(root), wordOf(size, time, kind));
        book.anchor(Root.wrap(root), size, kind);
        IBadgeAnchor.Batch memory batch = book.batch(address(this), Root.wrap(root));
        same(batch.size, size, "size");
        same(batch.kind, kind, "kind");
        same(batch.anchoredAt, time, "time");
        require(!batch.revoked, "not revoked");
        same(book.revocationWords(address(this), Root.wrap(root), 0, 1)[0], 0, "no bits");
    }

    function test_anchoring_again_is_silent_and_keeps_the_first_time() public {
        book.anchor(Root.wrap(ROOT), 7, 0);
        vm.warp(START + 60);
        vm.recordLogs();
        book.anchor(Root.wrap(ROOT), 7, 0);
        same(vm.getRecordedLogs().length, 0, "no second event");
        same(book.batch(address(this), Root.wrap(ROOT)).anchoredAt, START, "first time");
    }

    function test_the_same_root_with_another_size_or_kind_is_refused() public {
        book.anchor(Root.wrap(ROOT), 7, 0);
        bytes memory refusal = abi.encodeWithSelector(
            IBadgeAnchor.BadgeAnchorConflict.selector,
            address(this),
            ROOT,
            7,
            0
        );
        vm.expectRevert(refusal);
        book.anchor(Root.wrap(ROOT), 8, 0);
        vm.expectRevert(refusal);
        book.anchor(Root.wrap(ROOT), 7, 2);
    }

    function test_an_empty_batch_and_an_unknown_kind_are_refused() public {
        vm.expectRevert(abi.encodeWithSelector(IBadgeAnchor.BadgeAnchorEmptyBatch.selector, ROOT));
        book.anchor(Root.wrap(ROOT), 0, 0);
        vm.expectRevert(abi.encodeWithSelector(IBadgeAnchor.BadgeAnchorUnknownKind.selector, 128));
        book.anchor(Root.wrap(ROOT), 1, 128);
        book.anchor(Root.wrap(ROOT), 1, 127);
        same(book.batch(address(this), Root.wrap(ROOT)).kind, 127, "the last kind");
    }

    function test_a_signed_batch_stands_under_its_key_whoever_pays() public {
        IBadgeAnchor.Anchoring memory a = anchoringBy(ANCHORER, ROOT, 184, 2);
        vm.expectEmit();
        emit IBadgeAnchor.BatchAnchored(vm.addr(ANCHORER), Root.wrap(ROOT), wordOf(184, START, 2));
        vm.prank(address(0xFEED));
        book.anchorBySig(a);
        same(book.batch(vm.addr(ANCHORER), Root.wrap(ROOT)).size, 184, "anchored");
        same(book.batch(address(0xFEED), Root.wrap(ROOT)).size, 0, "not under the payer");
    }

    function test_delivering_twice_is_harmless_even_after_the_deadline() public {
        IBadgeAnchor.Anchoring memory a = anchoringBy(ANCHORER, ROOT, 184, 0);
        book.anchorBySig(a);
        vm.warp(START + 30 days);
        book.anchorBySig(a);
        same(book.batch(vm.addr(ANCHORER), Root.wrap(ROOT)).anchoredAt, START, "first time");
    }

    function test_the_key_itself_needs_no_signature() public {
        IBadgeAnchor.Anchoring memory a = anchoringFor(STRANGER, vm.addr(ANCHORER), ROOT, 3, 0, 0);
        vm.prank(vm.addr(ANCHORER));
        book.anchorBySig(a);
        same(book.batch(vm.addr(ANCHORER), Root.wrap(ROOT)).size, 3, "anchored");
    }

    function test_a_signed_batch_with_another_size_is_a_conflict() public {
        book.anchorBySig(anchoringBy(ANCHORER, ROOT, 184, 0));
        IBadgeAnchor.Anchoring memory a = anchoringBy(ANCHORER, ROOT, 185, 0);
        vm.expectRevert(
            abi.encodeWithSelector(IBadgeAnchor.BadgeAnchorConflict.selector, vm.addr(ANCHORER), ROOT, 184, 0)
        );
        book.anchorBySig(a);
    }

    function test_a_signed_empty_batch_and_an_unknown_kind_are_refused() public {
        IBadgeAnchor.Anchoring memory empty = anchoringBy(ANCHORER, ROOT, 0, 0);
        vm.expectRevert(abi.encodeWithSelector(IBadgeAnchor.BadgeAnchorEmptyBatch.selector, ROOT));
        book.anchorBySig(empty);
        IBadgeAnchor.Anchoring memory odd = anchoringBy(ANCHORER, ROOT, 1, 255);
        vm.expectRevert(abi.encodeWithSelector(IBadgeAnchor.BadgeAnchorUnknownKind.selector, 255));
        book.anchorBySig(odd);
        book.anchorBySig(anchoringBy(ANCHORER, ROOT, 1, 127));
        same(book.batch(vm.addr(ANCHORER), Root.wrap(ROOT)).kind, 127, "the last kind");
    }

    function test_the_deadline_is_exact_to_the_second() public {
        IBadgeAnchor.Anchoring memory a = anchoringFor(ANCHORER, vm.addr(ANCHORER), ROOT, 1, 0, START + 5);
        vm.warp(START + 6);
        vm.expectRevert(abi.encodeWithSelector(IBadgeAnchor.BadgeAnchorExpired.selector, START + 5));
        book.anchorBySig(a);
        vm.warp(START + 5);
        book.anchorBySig(a);
    }

    function test_a_signature_counts_for_what_it_was_made_for_alone() public {
        for (uint256 change = 0; change < 7; ++change) {
            IBadgeAnchor.Anchoring memory a = anchoringBy(ANCHORER, ROOT, 184, 0);
            if (change == 0) a.root = Root.wrap(keccak256("other"));
            if (change == 1) a.size = 185;
            if (change == 2) a.kind = 2;
            if (change == 3) a.deadline += 1;
            if (change == 4) a.signer = vm.addr(ADMIN);
            if (change == 5) vm.chainId(block.chainid + 1);
            if (change == 6) {
                IBadgeAnchor other = book;
                super.setUp();
                grantAnchorer(6);
                require(address(book) != address(other), "another contract");
            }
            vm.expectRevert(abi.encodeWithSelector(IBadgeAnchor.BadgeAnchorBadSignature.selector, a.signer));
            book.anchorBySig(a);
            if (change == 5) vm.chainId(block.chainid - 1);
        }
    }

    function test_a_message_for_another_issuer_is_refused() public {
        IBadgeAnchor.Anchoring memory a = anchoringBy(ANCHORER, ROOT, 184, 0);
        a.issuer = IssuerId.wrap(bytes20(uint160(1)));
        vm.expectRevert(
            abi.encodeWithSelector(IBadgeAnchor.BadgeAnchorNotAuthorised.selector, a.issuer, vm.addr(ANCHORER), 2)
        );
        book.anchorBySig(a);
    }

    function test_a_key_without_role_or_past_its_window_is_refused() public {
        address key = vm.addr(ANCHORER);
        bytes memory refusal = abi.encodeWithSelector(IBadgeAnchor.BadgeAnchorNotAuthorised.selector, issuer, key, 2);
        book.narrowKey(key, 6, START, START + 10, narrowingBy(ADMIN, key, 6, START, START + 10));
        vm.warp(START + 10);
        IBadgeAnchor.Anchoring memory late = anchoringBy(ANCHORER, ROOT, 1, 0);
        vm.expectRevert(refusal);
        book.anchorBySig(late);
        vm.warp(START + 9);
        book.anchorBySig(late);
        book.narrowKey(key, 4, START, START + 10, narrowingBy(ADMIN, key, 4, START, START + 10));
        IBadgeAnchor.Anchoring memory stripped = anchoringBy(ANCHORER, keccak256("next"), 1, 0);
        vm.expectRevert(refusal);
        book.anchorBySig(stripped);
    }

    function test_signatures_in_other_forms_are_refused() public {
        IBadgeAnchor.Anchoring memory a = anchoringBy(ANCHORER, ROOT, 184, 0);
        bytes32 r;
        bytes32 s;
        uint8 v;
        bytes memory signature = a.signature;
        assembly {
            r := mload(add(signature, 32))
            s := mload(add(signature, 64))
            v := byte(0, mload(add(signature, 96)))
        }
        uint256 order = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141;
        bytes[4] memory forms = [
            abi.encodePacked(r, order - uint256(s), v == 27 ? uint8(28) : uint8(27)),
            abi.encodePacked(r, uint256(s) | (uint256(v - 27) << 255)),
            abi.encodePacked(signature, uint8(0)),
            bytes("")
        ];
        for (uint256 i = 0; i < forms.length; ++i) {
            a.signature = forms[i];
            vm.expectRevert(abi.encodeWithSelector(IBadgeAnchor.BadgeAnchorBadSignature.selector, a.signer));
            book.anchorBySig(a);
        }
    }

    function test_many_skips_what_cannot_be_anchored_and_says_why() public {
        book.anchorBySig(anchoringBy(ANCHORER, keccak256("there"), 5, 0));
        IBadgeAnchor.Anchoring[] memory list = new IBadgeAnchor.Anchoring[](9);
        list[0] = anchoringBy(ANCHORER, keccak256("there"), 5, 0);
        list[1] = anchoringBy(ANCHORER, keccak256("there"), 6, 0);
        list[2] = anchoringBy(ANCHORER, keccak256("empty"), 0, 0);
        list[3] = anchoringBy(ANCHORER, keccak256("kind"), 1, 200);
        list[4] = anchoringFor(ANCHORER, vm.addr(ANCHORER), keccak256("late"), 1, 0, START - 1);
        list[5] = anchoringBy(STRANGER, keccak256("stranger"), 1, 0);
        list[6] = anchoringBy(STRANGER, keccak256("forged"), 1, 0);
        list[6].signer = vm.addr(ANCHORER);
        list[7] = anchoringBy(ANCHORER, ROOT, 9, 0);
        list[8] = anchoringBy(ADMIN, ROOT, 9, 0);
        IBadgeAnchor.Outcome[] memory outcomes = book.anchorMany(list);
        same(outcomes[0], IBadgeAnchor.Outcome.ALREADY_ANCHORED, "there");
        same(outcomes[1], IBadgeAnchor.Outcome.CONFLICT, "conflict");
        same(outcomes[2], IBadgeAnchor.Outcome.EMPTY_BATCH, "empty");
        same(outcomes[3], IBadgeAnchor.Outcome.UNKNOWN_KIND, "kind");
        same(outcomes[4], IBadgeAnchor.Outcome.EXPIRED, "late");
        same(outcomes[5], IBadgeAnchor.Outcome.NOT_AUTHORISED, "stranger");
        same(outcomes[6], IBadgeAnchor.Outcome.BAD_SIGNATURE, "forged");
        same(outcomes[7], IBadgeAnchor.Outcome.ANCHORED, "first");
        same(outcomes[8], IBadgeAnchor.Outcome.ANCHORED, "the same root under another key");
        same(book.batch(vm.addr(ANCHORER), Root.wrap(ROOT)).size, 9, "recorded");
        same(book.batch(vm.addr(ADMIN), Root.wrap(ROOT)).size, 9, "recorded");
    }

    function test_a_contract_account_signs_by_erc1271() public {
        Wallet wallet = new Wallet(vm.addr(STRANGER));
        grantWallet(address(wallet));
        book.anchorBySig(anchoringFor(STRANGER, address(wallet), ROOT, 1, 0, LATER));
        same(book.batch(address(wallet), Root.wrap(ROOT)).size, 1, "anchored");
        IBadgeAnchor.Anchoring memory forged = anchoringFor(ANCHORER, address(wallet), keccak256("x"), 1, 0, LATER);
        vm.expectRevert(abi.encodeWithSelector(IBadgeAnchor.BadgeAnchorBadSignature.selector, address(wallet)));
        book.anchorBySig(forged);
    }

    function test_one_owner_of_two_wallets_signs_for_the_named_one_only() public {
        Wallet one = new Wallet(vm.addr(STRANGER));
        Wallet two = new Wallet(vm.addr(STRANGER));
        grantWallet(address(one));
        grantWallet(address(two));
        IBadgeAnchor.Anchoring memory a = anchoringFor(STRANGER, address(one), ROOT, 1, 0, LATER);
        a.signer = address(two);
        vm.expectRevert(abi.encodeWithSelector(IBadgeAnchor.BadgeAnchorBadSignature.selector, address(two)));
        book.anchorBySig(a);
    }

    function test_hostile_contract_accounts_are_refused() public {
        uint256 modes = new HostileWallet(0).MODES();
        for (uint256 mode = 0; mode < modes; ++mode) {
            IBadgeAnchor.Anchoring memory a = anchoringOfHostile(mode);
            vm.expectRevert(abi.encodeWithSelector(IBadgeAnchor.BadgeAnchorBadSignature.selector, a.signer));
            // What it is given is all that it can burn, or make the contract pay for its answer.
            book.anchorBySig{gas: 3_000_000}(a);
        }
    }

    function test_hostile_contract_accounts_do_not_hinder_others_in_the_same_call() public {
        uint256 modes = new HostileWallet(0).MODES();
        IBadgeAnchor.Anchoring[] memory list = new IBadgeAnchor.Anchoring[](modes + 1);
        for (uint256 mode = 0; mode < modes; ++mode) list[mode] = anchoringOfHostile(mode);
        list[modes] = anchoringBy(ANCHORER, ROOT, 9, 0);
        IBadgeAnchor.Outcome[] memory outcomes = book.anchorMany(list);
        for (uint256 i = 0; i < modes; ++i) same(outcomes[i], IBadgeAnchor.Outcome.BAD_SIGNATURE, "hostile");
        same(outcomes[modes], IBadgeAnchor.Outcome.ANCHORED, "the other");
    }

    function test_an_account_that_says_yes_to_one_message_signs_that_one_alone() public {
        address place = address(0xF1C4);
        IBadgeAnchor.Anchoring memory a = anchoringFor(STRANGER, place, ROOT, 1, 0, LATER);
        vm.prank(place);
        a.issuer = book.registerIssuer("did:web:picky.example", asSender(place));
        // What it says yes to names its own address, so its code comes last.
        vm.etch(place, address(new PickyWallet(digestOf(structHashOf(a)))).code);
        IBadgeAnchor.Anchoring memory other = anchoringFor(STRANGER, place, keccak256("other"), 1, 0, LATER);
        other.issuer = a.issuer;
        vm.expectRevert(abi.encodeWithSelector(IBadgeAnchor.BadgeAnchorBadSignature.selector, place));
        book.anchorBySig(other);
        book.anchorBySig(a);
        same(book.batch(place, Root.wrap(ROOT)).size, 1, "anchored");
    }

    function test_an_account_that_calls_back_while_it_is_asked_changes_nothing() public {
        ReenteringWallet wallet = new ReenteringWallet();
        bytes32 other = keccak256("called back");
        wallet.prepare(address(book), abi.encodeCall(book.anchor, (Root.wrap(other), 1, 0)));
        IBadgeAnchor.Anchoring memory a = anchoringFor(STRANGER, address(wallet), ROOT, 1, 0, LATER);
        vm.prank(address(wallet));
        a.issuer = book.registerIssuer("did:web:hostile.example", asSender(address(wallet)));
        book.anchorBySig(a);
        same(book.batch(address(wallet), Root.wrap(ROOT)).size, 1, "it said yes");
        same(book.batch(address(wallet), Root.wrap(other)).size, 0, "its call came to nothing");
        wallet.callDirectly();
        require(wallet.reached(), "the call would have been good");
    }

    function test_an_eip7702_account_signs_by_its_own_key_whatever_its_code() public {
        HostileWallet code = new HostileWallet(0);
        bytes[2] memory codes = [address(code).code, delegationTo(address(code))];
        for (uint256 i = 0; i < 2; ++i) {
            vm.etch(vm.addr(ANCHORER), codes[i]);
            bytes32 root = keccak256(abi.encode(i));
            book.anchorBySig(anchoringBy(ANCHORER, root, 1, 0));
            same(book.batch(vm.addr(ANCHORER), Root.wrap(root)).size, 1, "anchored");
        }
    }

    function test_an_eip7702_account_also_signs_by_its_code() public {
        vm.etch(vm.addr(ANCHORER), delegationTo(address(new Wallet(vm.addr(STRANGER)))));
        book.anchorBySig(anchoringFor(STRANGER, vm.addr(ANCHORER), ROOT, 1, 0, LATER));
        same(book.batch(vm.addr(ANCHORER), Root.wrap(ROOT)).size, 1, "anchored");
        // The account takes its delegation back, and with it what the code would have signed.
        vm.etch(vm.addr(ANCHORER), "");
        IBadgeAnchor.Anchoring memory a = anchoringFor(
            STRANGER,
            vm.addr(ANCHORER),
            keccak256("next"),
            1,
            0,
            LATER
        );
        vm.expectRevert(abi.encodeWithSelector(IBadgeAnchor.BadgeAnchorBadSignature.selector, a.signer));
        book.anchorBySig(a);
    }

    function anchoringOfHostile(uint256 mode) private returns (IBadgeAnchor.Anchoring memory a) {
        HostileWallet wallet = new HostileWallet(mode);
        a = anchoringFor(STRANGER, address(wallet), ROOT, 1, 0, LATER);
        vm.prank(address(wallet));
        a.issuer = book.registerIssuer("did:web:hostile.example", asSender(address(wallet)));
    }

    /// The code of an account that has delegated (EIP-7702).
    function delegationTo(address code) private pure returns (bytes memory) {
        return abi.encodePacked(hex"ef0100", code);
    }

    function wordOf(uint256 size, uint256 time, uint256 kind) private pure returns (uint256) {
        return size * 2 ** 184 + time * 2 ** 208 + kind * 2 ** 248;
    }

    function grantWallet(address wallet) private {
        IBadgeAnchor.Signed memory consent = grantBy(STRANGER, wallet, 2, 0, FOREVER);
        consent.signer = wallet;
        book.grantKey(issuer, 2, 0, FOREVER, grantBy(ADMIN, wallet, 2, 0, FOREVER), consent);
    }
}
