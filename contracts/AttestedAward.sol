// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {AccountSignature} from "./AccountSignature.sol";
import {CaseWord} from "./CaseWord.sol";
import {IAttestedAward, RuleId, SubjectCommitment} from "./IAttestedAward.sol";

/// @title AttestedAward
/// @notice The mechanism; the manual is `IAttestedAward`.
contract AttestedAward is IAttestedAward, EIP712 {
    bytes32 private constant CRITERION_TYPE = keccak256("Criterion(bytes32 statement,address[] attesters)");
    bytes32 private constant RULE_TYPE =
        keccak256(
            "Rule(bytes32 achievement,uint8 threshold,uint40 opensAt,uint40 closesAt,Criterion[] criteria)Criterion(bytes32 statement,address[] attesters)"
        );
    bytes32 private constant ATTESTATION_TYPE =
        keccak256(
            "Attestation(Rule rule,bytes32 subject,uint8 criterion,address attester,uint40 attestedAt,uint64 deadline)Criterion(bytes32 statement,address[] attesters)Rule(bytes32 achievement,uint8 threshold,uint40 opensAt,uint40 closesAt,Criterion[] criteria)"
        );
    bytes32 private constant WITHDRAWAL_TYPE =
        keccak256(
            "Withdrawal(bytes32 rule,bytes32 subject,uint8 criterion,address attester,uint40 withdrawnAt,uint64 deadline)"
        );

    /// One slot a case, laid out by `CaseWord`.
    mapping(RuleId rule => mapping(SubjectCommitment subject => uint256 word)) private _cases;
    mapping(RuleId rule => mapping(SubjectCommitment subject => mapping(uint256 seat => uint40 upTo)))
        private _withdrawn;

    constructor() EIP712("AttestedAward", "1") {}

    /// @inheritdoc IAttestedAward
    function attest(
        Rule calldata rule,
        SubjectCommitment subject,
        Attestation[] calldata attestations
    ) external returns (bool awarded) {
        RuleId id = _idOf(rule);
        uint256 word = _cases[id][subject];
        if (CaseWord.awardedAt(word) != 0) return true;
        if (block.timestamp < rule.opensAt || block.timestamp >= rule.closesAt) {
            revert AttestedAwardOutsideWindow(rule.opensAt, rule.closesAt);
        }

        uint256 standing = word;
        for (uint256 i = 0; i < attestations.length; ++i) {
            standing = _seated(id, subject, rule.criteria, rule.opensAt, attestations[i], standing);
        }
        awarded = _criteriaMet(rule.criteria, standing) >= rule.threshold;
        uint256 next = awarded ? CaseWord.award(standing, block.timestamp) : standing;
        if (next == word) return awarded;

        _cases[id][subject] = next;

        if (awarded) emit Awarded(id, subject, standing);
    }

    /// @inheritdoc IAttestedAward
    function withdraw(
        Rule calldata rule,
        SubjectCommitment subject,
        Withdrawal calldata withdrawal
    ) external {
        RuleId id = _idOf(rule);
        (uint8 criterion, address attester) = (withdrawal.criterion, withdrawal.attester);
        uint256 seat = _seatOf(rule.criteria, criterion, attester);
        uint256 word = _cases[id][subject];
        uint40 awardedAt = CaseWord.awardedAt(word);
        if (awardedAt != 0) revert AttestedAwardComplete(id, subject, awardedAt);
        uint40 upTo = uint40(block.timestamp);
        if (withdrawal.withdrawnAt > upTo) revert AttestedAwardTimeOutOfRange(withdrawal.withdrawnAt);
        if (withdrawal.withdrawnAt <= _withdrawn[id][subject][seat]) return;
        _requireSigned(
            attester,
            withdrawal.deadline,
            keccak256(
                abi.encode(
                    WITHDRAWAL_TYPE,
                    id,
                    subject,
                    criterion,
                    attester,
                    withdrawal.withdrawnAt,
                    withdrawal.deadline
                )
            ),
            withdrawal.signature
        );

        // Up to this block, not only to when it was said: whatever stands was said before, so that clearing the seat is exact.
        _withdrawn[id][subject][seat] = upTo;
        if (CaseWord.stands(word, seat)) _cases[id][subject] = CaseWord.vacate(word, seat);

        emit AttestationWithdrawn(id, subject, attester, criterion, upTo);
    }

    /// @inheritdoc IAttestedAward
    function caseOf(
        RuleId rule,
        SubjectCommitment subject
    ) external view returns (uint40 awardedAt, uint256 standing) {
        uint256 word = _cases[rule][subject];
        return (CaseWord.awardedAt(word), CaseWord.standing(word));
    }

    /// @inheritdoc IAttestedAward
    function withdrawnUpTo(
        RuleId rule,
        SubjectCommitment subject,
        uint256 seat
    ) external view returns (uint40) {
        return _withdrawn[rule][subject][seat];
    }

    /// @inheritdoc IAttestedAward
    function ruleIdOf(Rule calldata rule) external pure returns (RuleId) {
        return _idOf(rule);
    }

    /// @inheritdoc IAttestedAward
    function domainSeparator() external view returns (bytes32) {
        return _domainSeparatorV4();
    }

    // ------------------------------------------------------------------ inside

    /// The standing seats with the one of this attestation.
    function _seated(
        RuleId id,
        SubjectCommitment subject,
        Criterion[] calldata criteria,
        uint40 opensAt,
        Attestation calldata a,
        uint256 standing
    ) private returns (uint256) {
        uint256 seat = _seatOf(criteria, a.criterion, a.attester);
        if (CaseWord.stands(standing, seat)) return standing;
        if (a.attestedAt < opensAt || a.attestedAt > block.timestamp) revert AttestedAwardTimeOutOfRange(a.attestedAt);
        uint40 upTo = _withdrawn[id][subject][seat];
        if (a.attestedAt <= upTo) revert AttestedAwardWithdrawn(a.criterion, a.attester, upTo);
        _requireSigned(
            a.attester,
            a.deadline,
            keccak256(
                abi.encode(ATTESTATION_TYPE, id, subject, a.criterion, a.attester, a.attestedAt, a.deadline)
            ),
            a.signature
        );

        emit Attested(id, subject, a.attester, a.criterion, a.attestedAt);

        return CaseWord.occupy(standing, seat);
    }

    /// The seat of an attester of a criterion: the first one, should the rule name it twice.
    function _seatOf(
        Criterion[] calldata criteria,
        uint8 criterion,
        address attester
    ) private pure returns (uint256 seat) {
        if (criterion >= criteria.length) revert AttestedAwardNotAnAttester(criterion, attester);
        for (uint256 c = 0; c < criterion; ++c) seat += criteria[c].attesters.length;
        address[] calldata attesters = criteria[criterion].attesters;
        for (uint256 i = 0; i < attesters.length; ++i) {
            if (attesters[i] == attester) return seat + i;
        }
        revert AttestedAwardNotAnAttester(criterion, attester);
    }

    function _criteriaMet(Criterion[] calldata criteria, uint256 standing) private pure returns (uint256 met) {
        for (uint256 c = 0; c < criteria.length; ++c) {
            uint256 seats = criteria[c].attesters.length;
            if (standing & ((1 << seats) - 1) != 0) ++met;
            standing >>= seats;
        }
    }

    /// The EIP-712 struct hash of a rule that somebody could fulfil.
    function _idOf(Rule calldata rule) private pure returns (RuleId) {
        Criterion[] calldata criteria = rule.criteria;
        if (rule.threshold == 0 || rule.threshold > criteria.length) {
            revert AttestedAwardImpossibleThreshold(rule.threshold, criteria.length);
        }
        if (rule.opensAt >= rule.closesAt) revert AttestedAwardEmptyWindow(rule.opensAt, rule.closesAt);
        bytes32[] memory hashes = new bytes32[](criteria.length);
        uint256 seats = 0;
        for (uint256 c = 0; c < criteria.length; ++c) {
            address[] calldata attesters = criteria[c].attesters;
            if (attesters.length == 0) revert AttestedAwardNoAttester(c);
            seats += attesters.length;
            // Packed, the addresses of an array stand in 32 bytes each, as EIP-712 wants them.
            bytes32 list = keccak256(abi.encodePacked(attesters));
            hashes[c] = keccak256(abi.encode(CRITERION_TYPE, criteria[c].statement, list));
        }
        if (seats > CaseWord.SEATS) revert AttestedAwardTooManySeats(seats);
        return
            RuleId.wrap(
                keccak256(
                    abi.encode(
                        RULE_TYPE,
                        rule.achievement,
                        rule.threshold,
                        rule.opensAt,
                        rule.closesAt,
                        keccak256(abi.encodePacked(hashes))
                    )
                )
            );
    }

    function _requireSigned(
        address attester,
        uint64 deadline,
        bytes32 structHash,
        bytes calldata signature
    ) private view {
        if (attester == msg.sender) return;
        if (block.timestamp > deadline) revert AttestedAwardExpired(deadline);
        if (!AccountSignature.isOf(attester, _hashTypedDataV4(structHash), signature)) {
            revert AttestedAwardBadSignature(attester);
        }
    }
}
