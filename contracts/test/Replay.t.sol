// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IBadgeAnchor, Root} from "../IBadgeAnchor.sol";
import {AnchorTest} from "./AnchorTest.sol";
import {vm} from "./Vm.sol";

/// @notice Each message that can be signed, tried where and when it was not meant for.
contract ReplayTest is AnchorTest {
    uint256 private constant MESSAGES = 9;
    bytes32 private constant ROOT = keccak256("root");

    struct Message {
        bytes encoded;
        /// Who signed what was changed, or the first whose signature is looked at.
        address signer;
        uint64 deadline;
    }

    function setUp() public override {
        super.setUp();
        grantAnchorer(6);
        book.anchorBySig(anchoringBy(ANCHORER, ROOT, 9, 0));
    }

    function test_no_message_counts_on_another_chain() public {
        for (uint256 which = 0; which < MESSAGES; ++which) {
            setUp();
            Message memory message = messageOf(which, 0);
            vm.chainId(block.chainid + 1);
            refused(message.encoded, badSignature(message.signer), which);
            vm.chainId(block.chainid - 1);
            accepted(message.encoded, which);
        }
    }

    function test_no_message_counts_for_another_contract() public {
        IBadgeAnchor here = book;
        for (uint256 which = 0; which < MESSAGES; ++which) {
            book = here;
            Message memory message = messageOf(which, 0);
            setUp();
            refused(message.encoded, badSignature(message.signer), which);
        }
    }

    function test_no_message_counts_with_another_deadline() public {
        for (uint256 which = 0; which < MESSAGES; ++which) {
            Message memory message = messageOf(which, 1);
            address signer = which == 2 ? vm.addr(STRANGER) : message.signer;
            refused(message.encoded, badSignature(signer), which);
        }
    }

    function test_every_message_counts_up_to_the_second_of_its_deadline() public {
        for (uint256 which = 0; which < MESSAGES; ++which) {
            setUp();
            Message memory message = messageOf(which, 0);
            vm.warp(message.deadline + 1);
            refused(
                message.encoded,
                abi.encodeWithSelector(IBadgeAnchor.BadgeAnchorExpired.selector, message.deadline),
                which
            );
            vm.warp(message.deadline);
            accepted(message.encoded, which);
        }
    }

    /// A message with a signature for a deadline that is `later` seconds earlier.
    function messageOf(uint256 which, uint64 later) private view returns (Message memory) {
        address key = vm.addr(STRANGER);
        address anchorer = vm.addr(ANCHORER);
        IBadgeAnchor.WordMask[] memory masks = maskOf(0, 5);
        IBadgeAnchor.Signed memory by;
        bytes memory call;
        if (which == 0) {
            by = registrationBy(STRANGER, "did:web:x.example", LATER);
            by.deadline += later;
            call = abi.encodeCall(book.registerIssuer, ("did:web:x.example", by));
        } else if (which < 3) {
            by = grantBy(ADMIN, key, 2, 0, FOREVER);
            IBadgeAnchor.Signed memory consent = grantBy(STRANGER, key, 2, 0, FOREVER);
            if (which == 1) by.deadline += later;
            else consent.deadline += later;
            call = abi.encodeCall(book.grantKey, (issuer, 2, 0, FOREVER, by, consent));
        } else if (which == 3) {
            by = narrowingBy(ADMIN, anchorer, 6, START, FOREVER - 1);
            by.deadline += later;
            call = abi.encodeCall(book.narrowKey, (anchorer, 6, START, FOREVER - 1, by));
        } else if (which == 4) {
            by = statementBy(ADMIN, "did:web:x.example#key", 5, FOREVER);
            by.deadline += later;
            call = abi.encodeCall(book.publishIssuingKey, (issuer, "did:web:x.example#key", 5, FOREVER, by));
        } else if (which == 5) {
            by = metadataBy(ADMIN, "did:web:x.example");
            by.deadline += later;
            call = abi.encodeCall(book.addMetadata, (issuer, "did:web:x.example", by));
        } else if (which == 6) {
            IBadgeAnchor.Anchoring memory a = anchoringBy(ANCHORER, keccak256("next"), 3, 0);
            a.deadline += later;
            call = abi.encodeCall(book.anchorBySig, (a));
            by = IBadgeAnchor.Signed(a.signer, a.deadline, "");
        } else if (which == 7) {
            by = revocationBy(ANCHORER, anchorer, ROOT, masks);
            by.deadline += later;
            call = abi.encodeCall(book.revokeBySig, (anchorer, Root.wrap(ROOT), masks, by));
        } else {
            by = batchRevocationBy(ANCHORER, anchorer, ROOT);
            by.deadline += later;
            call = abi.encodeCall(book.revokeBatchBySig, (anchorer, Root.wrap(ROOT), by));
        }
        return Message(call, by.signer, by.deadline);
    }

    function badSignature(address signer) private pure returns (bytes memory) {
        return abi.encodeWithSelector(IBadgeAnchor.BadgeAnchorBadSignature.selector, signer);
    }

    function refused(bytes memory call, bytes memory reason, uint256 which) private {
        (bool done, bytes memory answer) = address(book).call(call);
        same(done ? 1 : 0, 0, string(abi.encodePacked("taken: ", uint8(48 + which))));
        require(keccak256(answer) == keccak256(reason), string(abi.encodePacked("another reason: ", uint8(48 + which))));
    }

    function accepted(bytes memory call, uint256 which) private {
        (bool done, ) = address(book).call(call);
        require(done, string(abi.encodePacked("refused: ", uint8(48 + which))));
    }
}
