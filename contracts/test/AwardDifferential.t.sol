// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IAttestedAward, RuleId} from "../IAttestedAward.sol";
import {AwardTest} from "./AwardTest.sol";
import {Vm, vm} from "./Vm.sol";

/// @notice Random rules and random moves, beside the obvious way: a table of who says what, looked through anew each time.
contract AwardDifferentialTest is AwardTest {
    uint256 private constant PEOPLE = 4;
    uint256 private constant MOVES = 40;

    /// The table: by criterion and person, whether it is said, and up to when it was taken back.
    mapping(uint256 criterion => mapping(uint256 person => bool)) private _says;
    mapping(uint256 criterion => mapping(uint256 person => uint40)) private _tookBack;
    mapping(uint256 criterion => mapping(uint256 person => bool)) private _named;
    /// From the events alone.
    mapping(uint256 seat => uint40) private _heardUpTo;
    uint40 private _awardedAt;
    uint256 private _seed;
    uint40 private _now;

    function testFuzz_the_award_comes_exactly_when_the_rule_is_met_and_once(uint256 seed) public {
        _seed = seed;
        _now = START - 2;
        IAttestedAward.Rule memory rule = randomRule();
        uint256 awardEvents = 0;
        uint256 rebuilt = 0;
        uint40 rebuiltAt = 0;
        vm.recordLogs();
        for (uint256 move = 0; move < MOVES; ++move) {
            _now += uint40(random(3));
            vm.warp(_now);
            if (random(4) == 0) withdrawSomething(rule);
            else attestSomething(rule);

            Vm.Log[] memory logs = vm.getRecordedLogs();
            for (uint256 i = 0; i < logs.length; ++i) {
                bytes32 topic = logs[i].topics[0];
                if (topic == IAttestedAward.Awarded.selector) {
                    ++awardEvents;
                    rebuiltAt = _now;
                } else {
                    (uint8 criterion, uint40 time) = abi.decode(logs[i].data, (uint8, uint40));
                    uint256 seat = seatOf(rule, criterion, address(uint160(uint256(logs[i].topics[3]))));
                    if (topic == IAttestedAward.Attested.selector) rebuilt |= 1 << seat;
                    else (rebuilt, _heardUpTo[seat]) = (rebuilt & ~(1 << seat), time);
                }
            }
            expectCase(rule, _awardedAt, standingSeats(rule));
            expectCase(rule, rebuiltAt, rebuilt);
            expectWithdrawn(rule);
            require(awardEvents == (_awardedAt == 0 ? 0 : 1), "one award");
        }
    }

    function expectWithdrawn(IAttestedAward.Rule memory rule) private view {
        RuleId id = RuleId.wrap(idOf(rule));
        for (uint256 c = 0; c < rule.criteria.length; ++c) {
            for (uint256 person = 0; person < PEOPLE; ++person) {
                if (!_named[c][person]) continue;
                uint256 seat = seatOf(rule, c, vm.addr(personKey(person)));
                uint40 upTo = awards.withdrawnUpTo(id, SUBJECT, seat);
                require(upTo == _tookBack[c][person], "withdrawn up to");
                require(upTo == _heardUpTo[seat], "what the events say of it");
            }
        }
    }

    // ------------------------------------------------------------------ moves

    function attestSomething(IAttestedAward.Rule memory rule) private {
        uint256 count = random(3);
        IAttestedAward.Attestation[] memory list = new IAttestedAward.Attestation[](count);
        uint256[2] memory people;
        bool good = _now >= rule.opensAt && _now < rule.closesAt;
        for (uint256 i = 0; i < count; ++i) {
            (uint256 person, uint8 criterion) = (random(PEOPLE), uint8(random(rule.criteria.length + 1)));
            people[i] = person;
            uint40 time = _now + 1 - uint40(random(4));
            list[i] = said(rule, SUBJECT, personKey(person), criterion, time);
            if (!_named[criterion][person]) good = false;
            // With two in one delivery, the second is of a seat that stands.
            else if (!_says[criterion][person] && !(i == 1 && people[0] == person && list[0].criterion == criterion)) {
                if (time < rule.opensAt || time > _now || time <= _tookBack[criterion][person]) good = false;
            }
        }
        bool before = _awardedAt != 0;
        try awards.attest(rule, SUBJECT, list) returns (bool awarded) {
            require(good || before, "taken against the rule");
            if (!before) {
                for (uint256 i = 0; i < count; ++i) _says[list[i].criterion][people[i]] = true;
                if (criteriaMet(rule) >= rule.threshold) _awardedAt = _now;
            }
            require(awarded == (_awardedAt != 0), "what it answers");
        } catch {
            require(!good && !before, "refused against the rule");
            forgetLogs();
        }
    }

    function withdrawSomething(IAttestedAward.Rule memory rule) private {
        (uint256 person, uint8 criterion) = (random(PEOPLE), uint8(random(rule.criteria.length + 1)));
        uint40 time = _now + 1 - uint40(random(4));
        bool good = _named[criterion][person] && _awardedAt == 0 && time <= _now;
        try awards.withdraw(rule, SUBJECT, takenBack(rule, SUBJECT, personKey(person), criterion, time)) {
            require(good, "taken back against the rule");
            if (time > _tookBack[criterion][person]) {
                _tookBack[criterion][person] = _now;
                _says[criterion][person] = false;
            }
        } catch {
            require(!good, "not taken back against the rule");
            forgetLogs();
        }
    }

    /// The runner also keeps what was logged before a revert; a chain does not.
    function forgetLogs() private {
        vm.getRecordedLogs();
    }

    // ------------------------------------------------------------------ the obvious way

    function criteriaMet(IAttestedAward.Rule memory rule) private view returns (uint256 met) {
        for (uint256 c = 0; c < rule.criteria.length; ++c) {
            bool isMet = false;
            for (uint256 person = 0; person < PEOPLE; ++person) if (_says[c][person]) isMet = true;
            if (isMet) ++met;
        }
    }

    function standingSeats(IAttestedAward.Rule memory rule) private view returns (uint256 standing) {
        for (uint256 c = 0; c < rule.criteria.length; ++c) {
            for (uint256 person = 0; person < PEOPLE; ++person) {
                if (_says[c][person]) standing |= 1 << seatOf(rule, c, vm.addr(personKey(person)));
            }
        }
    }

    function seatOf(
        IAttestedAward.Rule memory rule,
        uint256 criterion,
        address attester
    ) private pure returns (uint256) {
        uint256 seat = 0;
        for (uint256 c = 0; c < rule.criteria.length; ++c) {
            for (uint256 i = 0; i < rule.criteria[c].attesters.length; ++i) {
                if (c == criterion && rule.criteria[c].attesters[i] == attester) return seat;
                ++seat;
            }
        }
        revert("no such seat");
    }

    // ------------------------------------------------------------------ chance

    function randomRule() private returns (IAttestedAward.Rule memory rule) {
        uint256 criteria = 1 + random(4);
        uint8 threshold = uint8(1 + random(criteria));
        rule = IAttestedAward.Rule(
            keccak256("a badge"),
            threshold,
            START,
            START + 30,
            new IAttestedAward.Criterion[](criteria)
        );
        for (uint256 c = 0; c < criteria; ++c) {
            uint256 first = random(PEOPLE);
            uint256 count = 1 + random(3);
            address[] memory list = new address[](count);
            for (uint256 i = 0; i < count; ++i) {
                uint256 person = (first + i) % PEOPLE;
                list[i] = vm.addr(personKey(person));
                _named[c][person] = true;
            }
            rule.criteria[c] = IAttestedAward.Criterion(keccak256(abi.encode(c)), list);
        }
    }

    function personKey(uint256 person) private pure returns (uint256) {
        return 100 + person;
    }

    function random(uint256 below) private returns (uint256) {
        _seed = uint256(keccak256(abi.encode(_seed)));
        return _seed % below;
    }
}
