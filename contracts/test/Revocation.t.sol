// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IBadgeAnchor, Root} from "../IBadgeAnchor.sol";
import {AnchorTest} from "./AnchorTest.sol";
import {vm} from "./Vm.sol";

contract RevocationTest is AnchorTest {
    bytes32 private constant ROOT = keccak256("root");
    uint24 private constant SIZE = 1000;
    address private signer;

    function setUp() public override {
        super.setUp();
        grantAnchorer(6);
        signer = vm.addr(ANCHORER);
        book.anchorBySig(anchoringBy(ANCHORER, ROOT, SIZE, 2));
    }

    function testFuzz_revoking_a_leaf_sets_its_bit_and_nothing_else(uint256 seed) public {
        uint256 leaf = seed % SIZE;
        uint24 word = leaf < 184 ? 0 : uint24(1 + (leaf - 184) / 256);
        uint256 bit = leaf < 184 ? 1 << leaf : 1 << ((leaf - 184) % 256);
        vm.expectEmit();
        emit IBadgeAnchor.LeavesRevoked(signer, Root.wrap(ROOT), word, bit, signer);
        vm.prank(signer);
        book.revoke(signer, Root.wrap(ROOT), leaf);
        uint256[] memory words = book.revocationWords(signer, Root.wrap(ROOT), 0, 6);
        for (uint24 i = 0; i < 6; ++i) same(words[i], i == word ? bit : 0, "bits");
        headerStands(false);
    }

    function test_revoking_again_is_silent() public {
        vm.prank(signer);
        book.revoke(signer, Root.wrap(ROOT), 3);
        vm.recordLogs();
        vm.prank(signer);
        book.revoke(signer, Root.wrap(ROOT), 3);
        vm.prank(signer);
        book.revokeWords(signer, Root.wrap(ROOT), maskOf(0, 8));
        same(vm.getRecordedLogs().length, 0, "no event");
    }

    function test_the_event_names_new_bits_only() public {
        vm.prank(signer);
        book.revokeWords(signer, Root.wrap(ROOT), maskOf(1, 6));
        vm.expectEmit();
        emit IBadgeAnchor.LeavesRevoked(signer, Root.wrap(ROOT), 1, 9, signer);
        vm.prank(signer);
        book.revokeWords(signer, Root.wrap(ROOT), maskOf(1, 15));
        same(book.revocationWords(signer, Root.wrap(ROOT), 1, 1)[0], 15, "bits");
    }

    function test_one_call_sets_bits_in_several_words() public {
        IBadgeAnchor.WordMask[] memory masks = new IBadgeAnchor.WordMask[](3);
        masks[0] = IBadgeAnchor.WordMask(0, (1 << 184) - 1);
        masks[1] = IBadgeAnchor.WordMask(3, type(uint256).max);
        masks[2] = IBadgeAnchor.WordMask(0, 1);
        vm.prank(signer);
        book.revokeWords(signer, Root.wrap(ROOT), masks);
        same(book.revocationWords(signer, Root.wrap(ROOT), 0, 1)[0], (1 << 184) - 1, "word 0");
        same(book.revocationWords(signer, Root.wrap(ROOT), 3, 1)[0], type(uint256).max, "word 3");
        headerStands(false);
    }

    function testFuzz_bits_without_leaves_are_refused(uint24 size, uint24 word, uint256 bits) public {
        vm.assume(size != 0);
        word = word % 100;
        book.anchorBySig(anchoringBy(ANCHORER, keccak256("fuzz"), size, 0));
        bool fits = true;
        uint256 first = word == 0 ? 0 : 184 + 256 * (uint256(word) - 1);
        for (uint256 i = 0; i < 256; ++i) {
            bool leaf = first + i < size && (word != 0 || i < 184);
            if (bits & (1 << i) != 0 && !leaf) fits = false;
        }
        if (!fits) {
            vm.expectRevert(
                abi.encodeWithSelector(IBadgeAnchor.BadgeAnchorMaskOutOfRange.selector, word, bits, size)
            );
        }
        vm.prank(signer);
        book.revokeWords(signer, Root.wrap(keccak256("fuzz")), maskOf(word, bits));
    }

    function test_a_last_word_that_is_exactly_full_can_be_revoked_whole() public {
        book.anchorBySig(anchoringBy(ANCHORER, keccak256("full"), 440, 0));
        IBadgeAnchor.WordMask[] memory masks = new IBadgeAnchor.WordMask[](2);
        masks[0] = IBadgeAnchor.WordMask(0, (1 << 184) - 1);
        masks[1] = IBadgeAnchor.WordMask(1, type(uint256).max);
        vm.prank(signer);
        book.revokeWords(signer, Root.wrap(keccak256("full")), masks);
        same(book.revocationWords(signer, Root.wrap(keccak256("full")), 1, 1)[0], type(uint256).max, "word 1");
    }

    function test_the_last_word_ends_with_the_last_leaf() public {
        uint24[12] memory sizes = [uint24(1), 2, 10, 183, 184, 185, 439, 440, 441, 450, 696, 697];
        for (uint256 i = 0; i < sizes.length; ++i) {
            Root root = Root.wrap(keccak256(abi.encode(i)));
            uint24 size = sizes[i];
            book.anchorBySig(anchoringBy(ANCHORER, Root.unwrap(root), size, 0));
            // All leaves at once, and then one that is not there, in the same word or at the start of the next.
            for (uint24 leaf = 0; leaf < size; ) {
                uint24 count = leaf == 0 ? 184 : 256;
                if (count > size - leaf) count = size - leaf;
                uint256 all = count == 256 ? type(uint256).max : 2 ** count - 1;
                vm.prank(signer);
                book.revokeWords(signer, root, maskOf(wordOf(leaf), all));
                same(book.revocationWords(signer, root, wordOf(leaf), 1)[0], all, "bits");
                leaf += count;
            }
            uint256 next = size < 184 ? 2 ** size : 2 ** ((size - 184) % 256);
            vm.expectRevert(
                abi.encodeWithSelector(
                    IBadgeAnchor.BadgeAnchorMaskOutOfRange.selector,
                    wordOf(size),
                    next,
                    size
                )
            );
            vm.prank(signer);
            book.revokeWords(signer, root, maskOf(wordOf(size), next));
        }
    }

    function wordOf(uint24 leaf) private pure returns (uint24) {
        return leaf < 184 ? 0 : 1 + (leaf - 184) / 256;
    }

    function test_a_signed_revocation_counts_up_to_the_second_of_its_deadline() public {
        IBadgeAnchor.Signed memory by = revocationBy(ANCHORER, signer, ROOT, maskOf(0, 5));
        vm.warp(LATER);
        book.revokeBySig(signer, Root.wrap(ROOT), maskOf(0, 5), by);
        same(book.revocationWords(signer, Root.wrap(ROOT), 0, 1)[0], 5, "bits");
    }

    function test_the_bits_of_the_header_are_out_of_reach() public {
        for (uint256 bit = 184; bit < 256; ++bit) {
            vm.expectRevert(
                abi.encodeWithSelector(IBadgeAnchor.BadgeAnchorMaskOutOfRange.selector, 0, 1 << bit, SIZE)
            );
            vm.prank(signer);
            book.revokeWords(signer, Root.wrap(ROOT), maskOf(0, 1 << bit));
        }
        headerStands(false);
    }

    function test_a_leaf_past_the_end_is_refused() public {
        vm.expectRevert(abi.encodeWithSelector(IBadgeAnchor.BadgeAnchorLeafOutOfRange.selector, SIZE, SIZE));
        vm.prank(signer);
        book.revoke(signer, Root.wrap(ROOT), SIZE);
        vm.prank(signer);
        book.revoke(signer, Root.wrap(ROOT), SIZE - 1);
    }

    function test_a_batch_that_is_not_there_cannot_be_revoked() public {
        Root other = Root.wrap(keccak256("other"));
        bytes memory refusal = abi.encodeWithSelector(IBadgeAnchor.BadgeAnchorUnknownBatch.selector, signer, other);
        vm.expectRevert(refusal);
        vm.prank(signer);
        book.revoke(signer, other, 0);
        vm.expectRevert(refusal);
        vm.prank(signer);
        book.revokeWords(signer, other, maskOf(0, 1));
        vm.expectRevert(refusal);
        vm.prank(signer);
        book.revokeBatch(signer, other);
    }

    function test_a_whole_batch_is_revoked_once() public {
        vm.expectEmit();
        emit IBadgeAnchor.BatchRevoked(signer, Root.wrap(ROOT), signer);
        vm.prank(signer);
        book.revokeBatch(signer, Root.wrap(ROOT));
        headerStands(true);
        vm.recordLogs();
        vm.prank(signer);
        book.revokeBatch(signer, Root.wrap(ROOT));
        same(vm.getRecordedLogs().length, 0, "no second event");
    }

    function test_another_key_of_the_issuer_may_revoke() public {
        vm.prank(vm.addr(ADMIN));
        book.revoke(signer, Root.wrap(ROOT), 1);
        vm.expectEmit();
        emit IBadgeAnchor.BatchRevoked(signer, Root.wrap(ROOT), vm.addr(ADMIN));
        vm.prank(vm.addr(ADMIN));
        book.revokeBatch(signer, Root.wrap(ROOT));
        headerStands(true);
    }

    function test_another_key_of_the_issuer_may_revoke_words() public {
        address admin = vm.addr(ADMIN);
        vm.expectEmit();
        emit IBadgeAnchor.LeavesRevoked(signer, Root.wrap(ROOT), 1, 6, admin);
        vm.prank(admin);
        book.revokeWords(signer, Root.wrap(ROOT), maskOf(1, 6));
        IBadgeAnchor.Signed memory by = revocationBy(ADMIN, signer, ROOT, maskOf(2, 5));
        vm.expectEmit();
        emit IBadgeAnchor.LeavesRevoked(signer, Root.wrap(ROOT), 2, 5, admin);
        book.revokeBySig(signer, Root.wrap(ROOT), maskOf(2, 5), by);
        uint256[] memory words = book.revocationWords(signer, Root.wrap(ROOT), 1, 2);
        same(words[0], 6, "by itself");
        same(words[1], 5, "by signature");
    }

    function test_nobody_else_may_revoke() public {
        book.registerIssuer("did:web:x.example", registrationBy(STRANGER, "did:web:x.example", LATER));
        address[2] memory others = [vm.addr(STRANGER), address(this)];
        for (uint256 i = 0; i < 2; ++i) {
            bytes memory refusal = abi.encodeWithSelector(
                IBadgeAnchor.BadgeAnchorNotAuthorised.selector,
                issuer,
                others[i],
                4
            );
            vm.expectRevert(refusal);
            vm.prank(others[i]);
            book.revoke(signer, Root.wrap(ROOT), 1);
            vm.expectRevert(refusal);
            vm.prank(others[i]);
            book.revokeWords(signer, Root.wrap(ROOT), maskOf(0, 1));
            vm.expectRevert(refusal);
            vm.prank(others[i]);
            book.revokeBatch(signer, Root.wrap(ROOT));
        }
    }

    function test_a_key_past_its_window_may_not_revoke() public {
        book.narrowKey(signer, 6, START, START + 10, narrowingBy(ADMIN, signer, 6, START, START + 10));
        vm.warp(START + 10);
        vm.expectRevert(abi.encodeWithSelector(IBadgeAnchor.BadgeAnchorNotAuthorised.selector, issuer, signer, 4));
        vm.prank(signer);
        book.revoke(signer, Root.wrap(ROOT), 1);
    }

    function test_an_unregistered_account_may_not_revoke_its_own_batch() public {
        book.anchor(Root.wrap(ROOT), 3, 0);
        vm.expectRevert(
            abi.encodeWithSelector(IBadgeAnchor.BadgeAnchorNotAuthorised.selector, bytes20(0), address(this), 4)
        );
        book.revokeBatch(address(this), Root.wrap(ROOT));
    }

    function test_a_signed_revocation_is_delivered_by_anyone_any_number_of_times() public {
        IBadgeAnchor.WordMask[] memory masks = new IBadgeAnchor.WordMask[](2);
        masks[0] = IBadgeAnchor.WordMask(0, 5);
        masks[1] = IBadgeAnchor.WordMask(2, 1 << 255);
        IBadgeAnchor.Signed memory by = revocationBy(ANCHORER, signer, ROOT, masks);
        book.revokeBySig(signer, Root.wrap(ROOT), masks, by);
        book.revokeBySig(signer, Root.wrap(ROOT), masks, by);
        same(book.revocationWords(signer, Root.wrap(ROOT), 0, 1)[0], 5, "word 0");
        same(book.revocationWords(signer, Root.wrap(ROOT), 2, 1)[0], 1 << 255, "word 2");
    }

    function test_a_signed_revocation_counts_for_what_it_was_made_for_alone() public {
        book.anchorBySig(anchoringBy(ANCHORER, keccak256("other"), SIZE, 0));
        IBadgeAnchor.Signed memory by = revocationBy(ANCHORER, signer, ROOT, maskOf(0, 5));
        bytes memory refusal = abi.encodeWithSelector(IBadgeAnchor.BadgeAnchorBadSignature.selector, signer);
        vm.expectRevert(refusal);
        book.revokeBySig(signer, Root.wrap(ROOT), maskOf(0, 7), by);
        vm.expectRevert(refusal);
        book.revokeBySig(signer, Root.wrap(ROOT), maskOf(1, 5), by);
        vm.expectRevert(refusal);
        book.revokeBySig(signer, Root.wrap(keccak256("other")), maskOf(0, 5), by);
        vm.expectRevert(refusal);
        book.revokeBatchBySig(signer, Root.wrap(ROOT), by);
        vm.warp(LATER + 1);
        vm.expectRevert(abi.encodeWithSelector(IBadgeAnchor.BadgeAnchorExpired.selector, LATER));
        book.revokeBySig(signer, Root.wrap(ROOT), maskOf(0, 5), by);
    }

    function test_a_signed_revocation_needs_the_role() public {
        book.narrowKey(signer, 2, START, FOREVER, narrowingBy(ADMIN, signer, 2, START, FOREVER));
        bytes memory refusal = abi.encodeWithSelector(
            IBadgeAnchor.BadgeAnchorNotAuthorised.selector,
            issuer,
            signer,
            4
        );
        IBadgeAnchor.Signed memory leaves = revocationBy(ANCHORER, signer, ROOT, maskOf(0, 5));
        vm.expectRevert(refusal);
        book.revokeBySig(signer, Root.wrap(ROOT), maskOf(0, 5), leaves);
        IBadgeAnchor.Signed memory whole = batchRevocationBy(ANCHORER, signer, ROOT);
        vm.expectRevert(refusal);
        book.revokeBatchBySig(signer, Root.wrap(ROOT), whole);
    }

    function test_a_whole_batch_is_revoked_by_signature() public {
        book.revokeBatchBySig(signer, Root.wrap(ROOT), batchRevocationBy(ADMIN, signer, ROOT));
        headerStands(true);
    }

    function headerStands(bool revoked) private view {
        IBadgeAnchor.Batch memory batch = book.batch(signer, Root.wrap(ROOT));
        same(batch.size, SIZE, "size");
        same(batch.kind, 2, "kind");
        same(batch.anchoredAt, START, "time");
        require(batch.revoked == revoked, "whole");
    }
}
