// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IAttestedAward, RuleId, SubjectCommitment} from "../IAttestedAward.sol";
import {AwardTest} from "./AwardTest.sol";
import {deployAttestedAward} from "./Deploy.sol";
import {vm} from "./Vm.sol";

contract WithdrawingTest is AwardTest {
    function test_what_was_taken_back_does_not_count_and_cannot_be_delivered_again() public {
        IAttestedAward.Rule memory rule = twoOfThree();
        IAttestedAward.Attestation[] memory school = only(said(rule, SUBJECT, SCHOOL, 0, START));
        awards.attest(rule, SUBJECT, school);
        vm.warp(START + 10);
        IAttestedAward.Withdrawal memory back = takenBack(rule, SUBJECT, SCHOOL, 0, START + 8);
        vm.expectEmit();
        emit IAttestedAward.AttestationWithdrawn(RuleId.wrap(idOf(rule)), SUBJECT, vm.addr(SCHOOL), 0, START + 10);
        awards.withdraw(rule, SUBJECT, back);
        expectCase(rule, 0, 0);
        require(awards.withdrawnUpTo(RuleId.wrap(idOf(rule)), SUBJECT, 0) == START + 10, "up to");

        gone(rule, school, START + 10);
        // Said after the withdrawal, but before the block that took it: taken back as well.
        gone(rule, only(said(rule, SUBJECT, SCHOOL, 0, START + 10)), START + 10);
        require(!awards.attest(rule, SUBJECT, only(said(rule, SUBJECT, EMPLOYER, 1, START))), "one of two");

        vm.warp(START + 11);
        require(awards.attest(rule, SUBJECT, only(said(rule, SUBJECT, SCHOOL, 0, START + 11))), "said anew");
    }

    function gone(
        IAttestedAward.Rule memory rule,
        IAttestedAward.Attestation[] memory list,
        uint40 upTo
    ) private {
        vm.expectRevert(
            abi.encodeWithSelector(IAttestedAward.AttestedAwardWithdrawn.selector, 0, vm.addr(SCHOOL), upTo)
        );
        awards.attest(rule, SUBJECT, list);
    }

    function test_what_was_never_delivered_can_be_taken_back() public {
        IAttestedAward.Rule memory rule = twoOfThree();
        IAttestedAward.Attestation[] memory school = only(said(rule, SUBJECT, SCHOOL, 0, START));
        awards.withdraw(rule, SUBJECT, takenBack(rule, SUBJECT, SCHOOL, 0, START));
        gone(rule, school, START);
        expectCase(rule, 0, 0);
    }

    function test_only_that_seat_is_taken_back() public {
        IAttestedAward.Rule memory rule = twoOfThree();
        awards.attest(
            rule,
            SUBJECT,
            both(said(rule, SUBJECT, CITY, 2, START), said(rule, SUBJECT, SCHOOL, 2, START))
        );
        awards.withdraw(rule, SUBJECT, takenBack(rule, SUBJECT, CITY, 2, START));
        expectCase(rule, 0, 8);
        require(awards.attest(rule, SUBJECT, only(said(rule, SUBJECT, SCHOOL, 0, START))), "two criteria");
        expectCase(rule, START, 9);
    }

    function test_a_withdrawal_works_once() public {
        IAttestedAward.Rule memory rule = twoOfThree();
        IAttestedAward.Withdrawal memory back = takenBack(rule, SUBJECT, SCHOOL, 0, START);
        awards.withdraw(rule, SUBJECT, back);
        vm.warp(START + 5);
        awards.attest(rule, SUBJECT, only(said(rule, SUBJECT, SCHOOL, 0, START + 5)));
        vm.recordLogs();
        awards.withdraw(rule, SUBJECT, back);
        require(vm.getRecordedLogs().length == 0, "silent");
        expectCase(rule, 0, 1);
    }

    function test_after_the_award_nothing_is_taken_back() public {
        IAttestedAward.Rule memory rule = twoOfThree();
        IAttestedAward.Withdrawal memory back = takenBack(rule, SUBJECT, SCHOOL, 0, START);
        awards.attest(
            rule,
            SUBJECT,
            both(said(rule, SUBJECT, SCHOOL, 0, START), said(rule, SUBJECT, EMPLOYER, 1, START))
        );
        vm.expectRevert(
            abi.encodeWithSelector(IAttestedAward.AttestedAwardComplete.selector, idOf(rule), SUBJECT, START)
        );
        awards.withdraw(rule, SUBJECT, back);
    }

    function test_after_the_window_it_can_still_be_taken_back() public {
        IAttestedAward.Rule memory rule = twoOfThree();
        awards.attest(rule, SUBJECT, only(said(rule, SUBJECT, SCHOOL, 0, START)));
        vm.warp(END + 1);
        awards.withdraw(rule, SUBJECT, takenBack(rule, SUBJECT, SCHOOL, 0, END + 1));
        expectCase(rule, 0, 0);
    }

    function test_it_cannot_be_dated_into_the_future() public {
        IAttestedAward.Rule memory rule = twoOfThree();
        IAttestedAward.Withdrawal memory back = takenBack(rule, SUBJECT, SCHOOL, 0, START + 1);
        vm.expectRevert(abi.encodeWithSelector(IAttestedAward.AttestedAwardTimeOutOfRange.selector, START + 1));
        awards.withdraw(rule, SUBJECT, back);
    }

    function test_only_the_attester_takes_back() public {
        IAttestedAward.Rule memory rule = twoOfThree();
        IAttestedAward.Withdrawal memory forged = takenBackFor(
            rule,
            SUBJECT,
            STRANGER,
            vm.addr(SCHOOL),
            0,
            START,
            LATER
        );
        vm.expectRevert(abi.encodeWithSelector(IAttestedAward.AttestedAwardBadSignature.selector, vm.addr(SCHOOL)));
        awards.withdraw(rule, SUBJECT, forged);
        IAttestedAward.Withdrawal memory stranger = takenBack(rule, SUBJECT, STRANGER, 0, START);
        vm.expectRevert(
            abi.encodeWithSelector(IAttestedAward.AttestedAwardNotAnAttester.selector, 0, vm.addr(STRANGER))
        );
        awards.withdraw(rule, SUBJECT, stranger);
        vm.prank(vm.addr(SCHOOL));
        awards.withdraw(rule, SUBJECT, IAttestedAward.Withdrawal(0, vm.addr(SCHOOL), START, 0, ""));
        require(awards.withdrawnUpTo(RuleId.wrap(idOf(rule)), SUBJECT, 0) == START, "withdrawn");
    }

    function test_every_member_of_the_message_is_signed() public {
        IAttestedAward.Rule memory rule = twoOfThree();
        vm.warp(START + 9);
        IAttestedAward.Withdrawal memory back = takenBack(rule, SUBJECT, SCHOOL, 0, START + 4);
        badSignature(rule, SubjectCommitment.wrap(bytes32(uint256(2))), back);
        IAttestedAward.Rule memory sister = twoOfThree();
        sister.threshold = 1;
        badSignature(sister, SUBJECT, back);
        back.criterion = 2;
        badSignature(rule, SUBJECT, back);
        back.criterion = 0;
        back.withdrawnAt = START + 5;
        badSignature(rule, SUBJECT, back);
        back.withdrawnAt = START + 4;
        back.deadline = LATER + 1;
        badSignature(rule, SUBJECT, back);
        back.deadline = LATER;
        vm.chainId(77);
        badSignature(rule, SUBJECT, back);
        vm.chainId(31337);
        IAttestedAward here = awards;
        awards = deployAttestedAward();
        badSignature(rule, SUBJECT, back);
        awards = here;
        awards.withdraw(rule, SUBJECT, back);
    }

    function badSignature(
        IAttestedAward.Rule memory rule,
        SubjectCommitment subject,
        IAttestedAward.Withdrawal memory back
    ) private {
        vm.expectRevert(abi.encodeWithSelector(IAttestedAward.AttestedAwardBadSignature.selector, back.attester));
        awards.withdraw(rule, subject, back);
    }

    function test_the_deadline_is_exact_to_the_second() public {
        IAttestedAward.Rule memory rule = twoOfThree();
        IAttestedAward.Withdrawal memory back = takenBackFor(
            rule,
            SUBJECT,
            SCHOOL,
            vm.addr(SCHOOL),
            0,
            START,
            START + 5
        );
        vm.warp(START + 6);
        vm.expectRevert(abi.encodeWithSelector(IAttestedAward.AttestedAwardExpired.selector, START + 5));
        awards.withdraw(rule, SUBJECT, back);
        vm.warp(START + 5);
        awards.withdraw(rule, SUBJECT, back);
    }
}
