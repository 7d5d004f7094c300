// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @notice Names a rule: its EIP-712 struct hash. Whoever knows the rule can compute it, nobody can alter it.
type RuleId is bytes32;

/// @notice Salted hash that stands for a person; who it is, only those know who were told the salt.
type SubjectCommitment is bytes32;

/// @title AttestedAward: an award that several parties grant together, without a common server
/// @notice A rule says: `threshold` of these criteria, each attested by one of the accounts that it names for it,
/// within a window. Attesters sign what they saw (EIP-712); anyone delivers and pays. The transaction that brings
/// the last attestation that is needed records the award, once for each (rule, subject).
/// The contract has no owner, no pause, no upgrade, and no list of rules: a rule comes with every call, and its hash is
/// its name, so that nobody has to publish or can change one.
///
/// How to read it:
/// - A *seat* is one attester of one criterion. Seats are numbered through the rule, criterion by criterion, in the
///   order in which the rule names them. A criterion is met while an attestation stands on one of its seats.
/// - A *case* is one (rule, subject) and one storage slot: the standing seats, and the time of the award.
/// - Until the award, an attester may take back what was said; what was said up to that moment can then never be
///   delivered again. After it, nothing changes: to take an award back is for whoever issued a credential on it.
/// - Nothing counts after the window: from `closesAt` on, the awards of a rule are all that there will ever be.
/// - An account that attests is named by its address for as long as the rule lives. An organisation that wants to change
///   its keys names an ERC-1271 contract.
///
/// A subject commitment should be of one rule only: keccak256(0x02 ‖ rule id ‖ salt ‖ SHA-256 of the identifier), with 32 random
/// bytes of salt. The contract takes it as it is: one person under two salts is two subjects here, and whoever issues
/// on it knows the person, and issues once.
///
/// EIP-712 domain: name "AttestedAward", version "1", chain id, this contract.
interface IAttestedAward {
    /// @notice What must be shown, and who may say that it was.
    struct Criterion {
        /// Digest of what the criterion says, for instance of its text in the achievement. Not read here.
        bytes32 statement;
        /// At least one. The same account may stand in several criteria.
        address[] attesters;
    }

    /// @notice `threshold` of `criteria`, from `opensAt` up to and without `closesAt` (seconds since 1970).
    struct Rule {
        /// Digest of what is awarded, for instance of an achievement version. Not read here.
        bytes32 achievement;
        uint8 threshold;
        uint40 opensAt;
        uint40 closesAt;
        /// At most 216 seats in all.
        Criterion[] criteria;
    }

    /// @notice One attester's word on one criterion. If the attester sends the transaction itself, deadline and
    /// signature are not looked at.
    struct Attestation {
        uint8 criterion;
        address attester;
        /// When it was said, by the attester's clock: not later than the block that takes it.
        uint40 attestedAt;
        uint64 deadline;
        bytes signature;
    }

    /// @notice One attester takes back what it said on one criterion.
    struct Withdrawal {
        uint8 criterion;
        address attester;
        /// When it was withdrawn, by the attester's clock: not later than the block that takes it. A withdrawal from before
        /// one that counted already changes nothing, so that a message works once.
        uint40 withdrawnAt;
        uint64 deadline;
        bytes signature;
    }

    /// @notice An attestation that did not stand before.
    event Attested(
        RuleId indexed rule,
        SubjectCommitment indexed subject,
        address indexed attester,
        uint8 criterion,
        uint40 attestedAt
    );

    /// @notice An attester took back all that it had said about a criterion of a case up to this block.
    event AttestationWithdrawn(
        RuleId indexed rule,
        SubjectCommitment indexed subject,
        address indexed attester,
        uint8 criterion,
        uint40 upTo
    );

    /// @notice The rule was fulfilled, in this transaction. `standing` are the seats that stood: bit i is seat i.
    event Awarded(RuleId indexed rule, SubjectCommitment indexed subject, uint256 standing);

    /// @notice From 1 to as many as there are criteria.
    error AttestedAwardImpossibleThreshold(uint8 threshold, uint256 criteria);
    /// @notice The window of the rule is empty.
    error AttestedAwardEmptyWindow(uint40 opensAt, uint40 closesAt);
    /// @notice Nobody may attest this criterion.
    error AttestedAwardNoAttester(uint256 criterion);
    /// @notice The rule has more than 216 seats.
    error AttestedAwardTooManySeats(uint256 seats);
    /// @notice This is not the time: attestations count from `opensAt` up to and without `closesAt`.
    error AttestedAwardOutsideWindow(uint40 opensAt, uint40 closesAt);
    /// @notice The rule does not name this account for this criterion, or has no such criterion.
    error AttestedAwardNotAnAttester(uint8 criterion, address attester);
    /// @notice Said before the rule opened, or later than this block.
    error AttestedAwardTimeOutOfRange(uint40 attestedAt);
    /// @notice The attester has taken back what it said up to `upTo`.
    error AttestedAwardWithdrawn(uint8 criterion, address attester, uint40 upTo);
    /// @notice The award is made; nothing is taken back any more.
    error AttestedAwardComplete(RuleId rule, SubjectCommitment subject, uint40 awardedAt);
    /// @notice The message was to be delivered by `deadline` (seconds since 1970).
    error AttestedAwardExpired(uint64 deadline);
    /// @notice The signature is not the attester's over this message, on this chain, for this contract.
    error AttestedAwardBadSignature(address attester);

    /// @notice Delivers attestations of one case. With the one that fulfils the rule comes the award. All of them count or,
    /// if one is refused, none; what stands already, or comes after the award, changes nothing.
    /// EIP-712, signed by the attester:
    /// `Attestation(Rule rule,bytes32 subject,uint8 criterion,address attester,uint40 attestedAt,uint64 deadline)`
    /// `Criterion(bytes32 statement,address[] attesters)`
    /// `Rule(bytes32 achievement,uint8 threshold,uint40 opensAt,uint40 closesAt,Criterion[] criteria)`.
    /// @return awarded whether the award is made, now or before.
    function attest(
        Rule calldata rule,
        SubjectCommitment subject,
        Attestation[] calldata attestations
    ) external returns (bool awarded);

    /// @notice Takes back what an attester said about a criterion of a case up to this block, delivered or not. Possible
    /// until the award, and after the window too.
    /// EIP-712, signed by the attester:
    /// `Withdrawal(bytes32 rule,bytes32 subject,uint8 criterion,address attester,uint40 withdrawnAt,uint64 deadline)`.
    function withdraw(Rule calldata rule, SubjectCommitment subject, Withdrawal calldata withdrawal) external;

    /// @notice When the award was made, 0 if it was not, and the standing seats: bit i is seat i.
    function caseOf(
        RuleId rule,
        SubjectCommitment subject
    ) external view returns (uint40 awardedAt, uint256 standing);

    /// @notice Up to when what was said on a seat is taken back; 0 if nothing is.
    function withdrawnUpTo(RuleId rule, SubjectCommitment subject, uint256 seat) external view returns (uint40);

    /// @notice The id of a rule. Reverts, with the reason, for a rule that nobody could fulfil.
    function ruleIdOf(Rule calldata rule) external pure returns (RuleId);

    /// @notice The EIP-712 domain separator of this contract on this chain.
    function domainSeparator() external view returns (bytes32);
}
