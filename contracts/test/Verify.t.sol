// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IBadgeAnchor, IssuerId, Root} from "../IBadgeAnchor.sol";
import {AnchorTest} from "./AnchorTest.sol";
import {Reference} from "./Reference.sol";
import {vm} from "./Vm.sol";

contract VerifyTest is AnchorTest {
    address private signer;

    function setUp() public override {
        super.setUp();
        grantAnchorer(6);
        signer = vm.addr(ANCHORER);
    }

    function testFuzz_every_leaf_is_valid_at_its_index_and_nowhere_else(uint256 seed) public {
        uint256 size = 1 + (seed % 70);
        bytes32[] memory leaves = Reference.leavesOf(size, seed);
        bytes32 root = anchorTree(leaves);
        uint256 index = uint256(keccak256(abi.encode(seed))) % size;
        bytes32[] memory proof = Reference.proof(leaves, index);
        for (uint256 place = 0; place < size + 2; ++place) {
            same(
                ask(root, leaves[index], place, proof),
                place == index ? IBadgeAnchor.Verdict.VALID : IBadgeAnchor.Verdict.NOT_IN_BATCH,
                "index"
            );
        }
    }

    function testFuzz_a_proof_with_one_bit_changed_is_refused(uint256 seed, uint8 bit) public {
        uint256 size = 2 + (seed % 300);
        bytes32[] memory leaves = Reference.leavesOf(size, seed);
        bytes32 root = anchorTree(leaves);
        uint256 index = uint256(keccak256(abi.encode(seed))) % size;
        bytes32[] memory proof = Reference.proof(leaves, index);
        same(ask(root, leaves[index], index, proof), IBadgeAnchor.Verdict.VALID, "whole");
        proof[seed % proof.length] ^= bytes32(1 << bit);
        same(ask(root, leaves[index], index, proof), IBadgeAnchor.Verdict.NOT_IN_BATCH, "changed");
    }

    function test_short_and_long_proofs_are_refused() public {
        for (uint256 size = 1; size < 20; ++size) {
            bytes32[] memory leaves = Reference.leavesOf(size, size);
            bytes32 root = anchorTree(leaves);
            for (uint256 index = 0; index < size; ++index) {
                bytes32[] memory proof = Reference.proof(leaves, index);
                bytes32[] memory longer = new bytes32[](proof.length + 1);
                for (uint256 i = 0; i < proof.length; ++i) longer[i] = proof[i];
                same(ask(root, leaves[index], index, longer), IBadgeAnchor.Verdict.NOT_IN_BATCH, "long");
                if (proof.length == 0) continue;
                bytes32[] memory shorter = new bytes32[](proof.length - 1);
                for (uint256 i = 0; i + 1 < proof.length; ++i) shorter[i] = proof[i];
                same(ask(root, leaves[index], index, shorter), IBadgeAnchor.Verdict.NOT_IN_BATCH, "short");
            }
        }
    }

    function test_an_inner_node_is_never_a_leaf() public {
        bytes32[] memory leaves = Reference.leavesOf(4, 1);
        bytes32 root = anchorTree(leaves);
        bytes32 left = keccak256(abi.encodePacked(hex"01", leaves[0], leaves[1]));
        bytes32[] memory proof = new bytes32[](1);
        proof[0] = keccak256(abi.encodePacked(hex"01", leaves[2], leaves[3]));
        for (uint256 index = 0; index < 4; ++index) {
            same(ask(root, left, index, proof), IBadgeAnchor.Verdict.NOT_IN_BATCH, "inner node");
            same(ask(root, root, index, new bytes32[](0)), IBadgeAnchor.Verdict.NOT_IN_BATCH, "root");
        }
    }

    function test_an_odd_leaf_is_never_doubled() public {
        bytes32[] memory leaves = Reference.leavesOf(3, 1);
        bytes32 root = anchorTree(leaves);
        bytes32[] memory doubled = new bytes32[](2);
        doubled[0] = leaves[2];
        doubled[1] = keccak256(abi.encodePacked(hex"01", leaves[0], leaves[1]));
        same(ask(root, leaves[2], 2, doubled), IBadgeAnchor.Verdict.NOT_IN_BATCH, "index 2");
        same(ask(root, leaves[2], 3, doubled), IBadgeAnchor.Verdict.NOT_IN_BATCH, "index 3");
    }

    function test_an_unknown_batch_is_named_so() public view {
        same(ask(keccak256("none"), bytes32(0), 0, new bytes32[](0)), IBadgeAnchor.Verdict.UNKNOWN_BATCH, "unknown");
    }

    function test_a_stranger_s_batch_is_unauthorised() public {
        bytes32[] memory leaves = Reference.leavesOf(1, 1);
        book.anchor(Root.wrap(leaves[0]), 1, 0);
        IssuerId[2] memory issuers = [issuer, IssuerId.wrap(0)];
        for (uint256 i = 0; i < 2; ++i) {
            IBadgeAnchor.Verdict verdict = book.verify(
                issuers[i],
                address(this),
                Root.wrap(leaves[0]),
                leaves[0],
                0,
                new bytes32[](0)
            );
            same(verdict, IBadgeAnchor.Verdict.UNAUTHORISED, "stranger");
        }
    }

    function test_a_batch_from_before_its_key_joined_is_unauthorised() public {
        bytes32 root = keccak256("early");
        address key = vm.addr(STRANGER);
        vm.prank(key);
        book.anchor(Root.wrap(root), 1, 0);
        vm.warp(START + 1);
        book.grantKey(issuer, 2, 0, FOREVER, grantBy(ADMIN, key, 2, 0, FOREVER), grantBy(STRANGER, key, 2, 0, FOREVER));
        IBadgeAnchor.Verdict verdict = book.verify(issuer, key, Root.wrap(root), root, 0, new bytes32[](0));
        same(verdict, IBadgeAnchor.Verdict.UNAUTHORISED, "before it joined");
    }

    function testFuzz_a_stolen_key_is_cut_off_retroactively_to_the_second(uint16 anchoredAfter, uint16 stolenAfter) public {
        uint40 stolenAt = START + stolenAfter;
        vm.warp(START + anchoredAfter);
        bytes32[] memory leaves = Reference.leavesOf(3, 9);
        bytes32 root = anchorTree(leaves);
        bytes32[] memory proof = Reference.proof(leaves, 1);
        vm.warp(START + 90 days);
        same(ask(root, leaves[1], 1, proof), IBadgeAnchor.Verdict.VALID, "before anybody knew");
        book.narrowKey(signer, 6, START, stolenAt, narrowingBy(ADMIN, signer, 6, START, stolenAt));
        same(
            ask(root, leaves[1], 1, proof),
            anchoredAfter < stolenAfter ? IBadgeAnchor.Verdict.VALID : IBadgeAnchor.Verdict.UNAUTHORISED,
            "after the cut"
        );
    }

    function test_losing_the_role_voids_what_was_anchored() public {
        bytes32[] memory leaves = Reference.leavesOf(1, 1);
        bytes32 root = anchorTree(leaves);
        book.narrowKey(signer, 4, START, FOREVER, narrowingBy(ADMIN, signer, 4, START, FOREVER));
        same(ask(root, leaves[0], 0, new bytes32[](0)), IBadgeAnchor.Verdict.UNAUTHORISED, "no role");
    }

    function testFuzz_a_revoked_leaf_is_revoked_and_its_neighbours_are_not(uint256 seed) public {
        uint256 size = 2 + (seed % 500);
        bytes32[] memory leaves = Reference.leavesOf(size, seed);
        bytes32 root = anchorTree(leaves);
        uint256 gone = uint256(keccak256(abi.encode(seed))) % size;
        vm.prank(signer);
        book.revoke(signer, Root.wrap(root), gone);
        uint256 other = (gone + 1) % size;
        same(ask(root, leaves[gone], gone, Reference.proof(leaves, gone)), IBadgeAnchor.Verdict.REVOKED, "gone");
        same(ask(root, leaves[other], other, Reference.proof(leaves, other)), IBadgeAnchor.Verdict.VALID, "other");
        vm.prank(signer);
        book.revokeBatch(signer, Root.wrap(root));
        same(ask(root, leaves[other], other, Reference.proof(leaves, other)), IBadgeAnchor.Verdict.REVOKED, "all");
    }

    function anchorTree(bytes32[] memory leaves) private returns (bytes32 root) {
        root = Reference.root(leaves);
        book.anchorBySig(anchoringBy(ANCHORER, root, uint24(leaves.length), 0));
    }

    function ask(
        bytes32 root,
        bytes32 leaf,
        uint256 index,
        bytes32[] memory proof
    ) private view returns (IBadgeAnchor.Verdict) {
        return book.verify(issuer, signer, Root.wrap(root), leaf, index, proof);
    }
}
