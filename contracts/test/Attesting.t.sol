// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IAttestedAward, RuleId, SubjectCommitment} from "../IAttestedAward.sol";
import {AwardTest} from "./AwardTest.sol";
import {HostileWallet, ReenteringWallet, Wallet} from "./Wallets.sol";
import {deployAttestedAward} from "./Deploy.sol";
import {vm} from "./Vm.sol";

contract AttestingTest is AwardTest {
    function test_the_id_is_the_eip712_hash_of_the_rule() public view {
        require(RuleId.unwrap(awards.ruleIdOf(twoOfThree())) == idOf(twoOfThree()), "id");
    }

    function test_the_domain_is_of_this_chain_and_contract() public {
        bytes32 here = awards.domainSeparator();
        require(here != deployAttestedAward().domainSeparator(), "another contract");
        vm.chainId(5);
        require(here != awards.domainSeparator(), "another chain");
    }

    // ------------------------------------------------------------------ awarding

    function test_the_last_attestation_that_is_needed_brings_the_award() public {
        IAttestedAward.Rule memory rule = twoOfThree();
        require(!awards.attest(rule, SUBJECT, only(said(rule, SUBJECT, SCHOOL, 0, START))), "not yet");
        expectCase(rule, 0, 1);
        vm.warp(START + 5);
        IAttestedAward.Attestation[] memory last = only(said(rule, SUBJECT, EMPLOYER, 1, START + 3));
        vm.expectEmit();
        emit IAttestedAward.Attested(RuleId.wrap(idOf(rule)), SUBJECT, vm.addr(EMPLOYER), 1, START + 3);
        vm.expectEmit();
        emit IAttestedAward.Awarded(RuleId.wrap(idOf(rule)), SUBJECT, 3);
        require(awards.attest(rule, SUBJECT, last), "awarded");
        expectCase(rule, START + 5, 3);
    }

    function test_all_in_one_transaction() public {
        IAttestedAward.Rule memory rule = twoOfThree();
        IAttestedAward.Attestation[] memory list = both(
            said(rule, SUBJECT, CITY, 2, START),
            said(rule, SUBJECT, EMPLOYER, 1, START)
        );
        require(awards.attest(rule, SUBJECT, list), "awarded");
        expectCase(rule, START, 6);
    }

    function test_two_attesters_of_one_criterion_meet_one_criterion() public {
        IAttestedAward.Rule memory rule = twoOfThree();
        IAttestedAward.Attestation[] memory list = both(
            said(rule, SUBJECT, CITY, 2, START),
            said(rule, SUBJECT, SCHOOL, 2, START)
        );
        require(!awards.attest(rule, SUBJECT, list), "one criterion");
        expectCase(rule, 0, 12);
    }

    function test_after_the_award_nothing_changes() public {
        IAttestedAward.Rule memory rule = twoOfThree();
        awards.attest(
            rule,
            SUBJECT,
            both(said(rule, SUBJECT, CITY, 2, START), said(rule, SUBJECT, EMPLOYER, 1, START))
        );
        vm.warp(START + 9);
        vm.recordLogs();
        require(awards.attest(rule, SUBJECT, only(said(rule, SUBJECT, SCHOOL, 0, START))), "still awarded");
        // Not even the window, or whether it is nonsense, matters any more: who delivers twice is told that it is done.
        vm.warp(END + 1);
        require(awards.attest(rule, SUBJECT, only(said(rule, SUBJECT, STRANGER, 9, START))), "still awarded");
        require(vm.getRecordedLogs().length == 0, "silent");
        expectCase(rule, START, 6);
    }

    function test_delivering_again_changes_nothing() public {
        IAttestedAward.Rule memory rule = twoOfThree();
        IAttestedAward.Attestation[] memory list = only(said(rule, SUBJECT, SCHOOL, 0, START));
        awards.attest(rule, SUBJECT, list);
        vm.recordLogs();
        require(!awards.attest(rule, SUBJECT, list), "not awarded");
        require(!awards.attest(rule, SUBJECT, both(list[0], list[0])), "not awarded");
        require(!awards.attest(rule, SUBJECT, new IAttestedAward.Attestation[](0)), "nothing was said");
        require(vm.getRecordedLogs().length == 0, "silent");
        expectCase(rule, 0, 1);
    }

    function test_subjects_and_rules_are_apart() public {
        IAttestedAward.Rule memory rule = twoOfThree();
        awards.attest(rule, SUBJECT, only(said(rule, SUBJECT, SCHOOL, 0, START)));
        SubjectCommitment other = SubjectCommitment.wrap(bytes32(uint256(2)));
        require(!awards.attest(rule, other, only(said(rule, other, EMPLOYER, 1, START))), "other subject");
        IAttestedAward.Rule memory sister = twoOfThree();
        sister.criteria[0].statement = keccak256("another theory");
        require(!awards.attest(sister, SUBJECT, only(said(sister, SUBJECT, EMPLOYER, 1, START))), "other rule");
        expectCase(rule, 0, 1);
        expectCase(sister, 0, 2);
    }

    function test_a_rule_of_216_seats() public {
        IAttestedAward.Rule memory rule = twoOfThree();
        rule.criteria[2].attesters = new address[](214);
        rule.criteria[2].attesters[213] = vm.addr(CITY);
        IAttestedAward.Attestation[] memory list = both(
            said(rule, SUBJECT, CITY, 2, START),
            said(rule, SUBJECT, SCHOOL, 0, START)
        );
        require(awards.attest(rule, SUBJECT, list), "awarded");
        expectCase(rule, START, (1 << 215) | 1);
    }

    // ------------------------------------------------------------------ rules that nobody could fulfil

    function test_impossible_rules_are_refused() public {
        IAttestedAward.Rule memory rule = twoOfThree();
        rule.threshold = 4;
        refused(rule, abi.encodeWithSelector(IAttestedAward.AttestedAwardImpossibleThreshold.selector, 4, 3));
        rule.threshold = 0;
        refused(rule, abi.encodeWithSelector(IAttestedAward.AttestedAwardImpossibleThreshold.selector, 0, 3));
        rule.threshold = 3;
        rule.closesAt = START;
        refused(rule, abi.encodeWithSelector(IAttestedAward.AttestedAwardEmptyWindow.selector, START, START));
        rule.closesAt = START - 1;
        refused(rule, abi.encodeWithSelector(IAttestedAward.AttestedAwardEmptyWindow.selector, START, START - 1));
        rule.closesAt = START + 1;
        rule.criteria[1].attesters = new address[](0);
        refused(rule, abi.encodeWithSelector(IAttestedAward.AttestedAwardNoAttester.selector, 1));
        rule.criteria[1].attesters = new address[](214);
        refused(rule, abi.encodeWithSelector(IAttestedAward.AttestedAwardTooManySeats.selector, 217));
    }

    function refused(IAttestedAward.Rule memory rule, bytes memory reason) private {
        vm.expectRevert(reason);
        awards.ruleIdOf(rule);
        vm.expectRevert(reason);
        awards.attest(rule, SUBJECT, new IAttestedAward.Attestation[](0));
        vm.expectRevert(reason);
        awards.withdraw(rule, SUBJECT, IAttestedAward.Withdrawal(0, address(this), START, 0, ""));
    }

    // ------------------------------------------------------------------ refusals

    function test_the_window_is_exact_to_the_second() public {
        IAttestedAward.Rule memory rule = twoOfThree();
        bytes memory reason = abi.encodeWithSelector(
            IAttestedAward.AttestedAwardOutsideWindow.selector,
            START,
            END
        );
        IAttestedAward.Attestation[] memory list = only(said(rule, SUBJECT, SCHOOL, 0, START));
        vm.warp(START - 1);
        vm.expectRevert(reason);
        awards.attest(rule, SUBJECT, list);
        vm.warp(END);
        vm.expectRevert(reason);
        awards.attest(rule, SUBJECT, list);
        vm.warp(END - 1);
        awards.attest(rule, SUBJECT, list);
        expectCase(rule, 0, 1);
    }

    function test_what_was_said_too_early_or_in_the_future_does_not_count() public {
        IAttestedAward.Rule memory rule = twoOfThree();
        vm.warp(START + 10);
        for (uint256 i = 0; i < 2; ++i) {
            uint40 time = i == 0 ? START - 1 : START + 11;
            IAttestedAward.Attestation[] memory list = only(said(rule, SUBJECT, SCHOOL, 0, time));
            vm.expectRevert(abi.encodeWithSelector(IAttestedAward.AttestedAwardTimeOutOfRange.selector, time));
            awards.attest(rule, SUBJECT, list);
        }
        awards.attest(rule, SUBJECT, only(said(rule, SUBJECT, SCHOOL, 0, START + 10)));
        expectCase(rule, 0, 1);
    }

    function test_only_who_is_named_for_the_criterion_may_attest_it() public {
        IAttestedAward.Rule memory rule = twoOfThree();
        notAnAttester(rule, SCHOOL, 1);
        notAnAttester(rule, STRANGER, 0);
        notAnAttester(rule, SCHOOL, 3);
        notAnAttester(rule, SCHOOL, 255);
    }

    function notAnAttester(IAttestedAward.Rule memory rule, uint256 key, uint8 criterion) private {
        IAttestedAward.Attestation[] memory list = only(said(rule, SUBJECT, key, criterion, START));
        vm.expectRevert(
            abi.encodeWithSelector(IAttestedAward.AttestedAwardNotAnAttester.selector, criterion, vm.addr(key))
        );
        awards.attest(rule, SUBJECT, list);
    }

    function test_one_bad_attestation_refuses_the_whole_delivery() public {
        IAttestedAward.Rule memory rule = twoOfThree();
        IAttestedAward.Attestation[] memory list = both(
            said(rule, SUBJECT, SCHOOL, 0, START),
            saidFor(rule, SUBJECT, STRANGER, vm.addr(EMPLOYER), 1, START, LATER)
        );
        vm.expectRevert(
            abi.encodeWithSelector(IAttestedAward.AttestedAwardBadSignature.selector, vm.addr(EMPLOYER))
        );
        awards.attest(rule, SUBJECT, list);
        expectCase(rule, 0, 0);
    }

    function test_the_deadline_is_exact_to_the_second() public {
        IAttestedAward.Rule memory rule = twoOfThree();
        IAttestedAward.Attestation[] memory list = only(
            saidFor(rule, SUBJECT, SCHOOL, vm.addr(SCHOOL), 0, START, START + 5)
        );
        vm.warp(START + 6);
        vm.expectRevert(abi.encodeWithSelector(IAttestedAward.AttestedAwardExpired.selector, START + 5));
        awards.attest(rule, SUBJECT, list);
        vm.warp(START + 5);
        awards.attest(rule, SUBJECT, list);
        expectCase(rule, 0, 1);
    }

    /// Every member of the message is signed.
    function test_a_signature_counts_for_nothing_else() public {
        IAttestedAward.Rule memory rule = twoOfThree();
        vm.warp(START + 9);
        IAttestedAward.Attestation memory good = said(rule, SUBJECT, SCHOOL, 0, START + 4);
        badSignature(rule, SubjectCommitment.wrap(bytes32(uint256(2))), good);
        IAttestedAward.Rule memory sister = twoOfThree();
        sister.achievement = keccak256("another badge");
        badSignature(sister, SUBJECT, good);
        good.criterion = 2;
        badSignature(rule, SUBJECT, good);
        good.criterion = 0;
        good.attestedAt = START + 5;
        badSignature(rule, SUBJECT, good);
        good.attestedAt = START + 4;
        good.deadline = LATER + 1;
        badSignature(rule, SUBJECT, good);
        good.deadline = LATER;
        vm.chainId(77);
        badSignature(rule, SUBJECT, good);
        vm.chainId(31337);
        IAttestedAward here = awards;
        awards = deployAttestedAward();
        badSignature(rule, SUBJECT, good);
        awards = here;
        awards.attest(rule, SUBJECT, only(good));
        expectCase(rule, 0, 1);
    }

    function badSignature(
        IAttestedAward.Rule memory rule,
        SubjectCommitment subject,
        IAttestedAward.Attestation memory attestation
    ) private {
        vm.expectRevert(
            abi.encodeWithSelector(IAttestedAward.AttestedAwardBadSignature.selector, attestation.attester)
        );
        awards.attest(rule, subject, only(attestation));
    }

    // ------------------------------------------------------------------ accounts of other kinds

    function test_an_attester_may_send_it_itself() public {
        IAttestedAward.Rule memory rule = twoOfThree();
        IAttestedAward.Attestation memory bare = IAttestedAward.Attestation(0, vm.addr(SCHOOL), START, 0, "");
        badSender(rule, bare);
        vm.prank(vm.addr(SCHOOL));
        awards.attest(rule, SUBJECT, only(bare));
        expectCase(rule, 0, 1);
    }

    function badSender(IAttestedAward.Rule memory rule, IAttestedAward.Attestation memory bare) private {
        vm.expectRevert(abi.encodeWithSelector(IAttestedAward.AttestedAwardExpired.selector, 0));
        awards.attest(rule, SUBJECT, only(bare));
    }

    function test_a_contract_account_attests_by_erc1271() public {
        IAttestedAward.Rule memory rule = twoOfThree();
        address wallet = address(new Wallet(vm.addr(STRANGER)));
        rule.criteria[0].attesters[0] = wallet;
        awards.attest(rule, SUBJECT, only(saidFor(rule, SUBJECT, STRANGER, wallet, 0, START, LATER)));
        expectCase(rule, 0, 1);
    }

    function test_hostile_contract_accounts_attest_nothing() public {
        uint256 modes = new HostileWallet(0).MODES();
        for (uint256 mode = 0; mode < modes; ++mode) {
            IAttestedAward.Rule memory rule = twoOfThree();
            address wallet = address(new HostileWallet(mode));
            rule.criteria[0].attesters[0] = wallet;
            badSignature(rule, SUBJECT, saidFor(rule, SUBJECT, STRANGER, wallet, 0, START, LATER));
        }
    }

    function test_an_account_that_calls_back_while_it_is_asked_changes_nothing() public {
        IAttestedAward.Rule memory rule = twoOfThree();
        ReenteringWallet wallet = new ReenteringWallet();
        rule.criteria[0].attesters[0] = address(wallet);
        IAttestedAward.Attestation[] memory other = only(said(rule, SUBJECT, EMPLOYER, 1, START));
        wallet.prepare(address(awards), abi.encodeCall(awards.attest, (rule, SUBJECT, other)));
        awards.attest(rule, SUBJECT, only(saidFor(rule, SUBJECT, STRANGER, address(wallet), 0, START, LATER)));
        expectCase(rule, 0, 1);
        wallet.callDirectly();
        require(wallet.reached(), "the call would have been good");
        expectCase(rule, START, 3);
    }

    /// EIP-7702: the account has code, and its key still signs for it.
    function test_the_key_of_an_account_with_code_attests() public {
        IAttestedAward.Rule memory rule = twoOfThree();
        vm.etch(vm.addr(SCHOOL), abi.encodePacked(hex"ef0100", address(awards)));
        awards.attest(rule, SUBJECT, only(said(rule, SUBJECT, SCHOOL, 0, START)));
        expectCase(rule, 0, 1);
    }
}
