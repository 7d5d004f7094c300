// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IAttestedAward, RuleId, SubjectCommitment} from "../IAttestedAward.sol";
import {deployAttestedAward} from "./Deploy.sol";
import {vm} from "./Vm.sol";

/// @notice What the tests of `AttestedAward` share: rules, and signatures made from the type strings of the manual, not from
/// the contract's own constants.
abstract contract AwardTest {
    uint256 internal constant SCHOOL = 0x5C00;
    uint256 internal constant EMPLOYER = 0xE3B0;
    uint256 internal constant CITY = 0xC170;
    uint256 internal constant STRANGER = 0x5712A;
    uint40 internal constant START = 1_800_000_000;
    uint40 internal constant END = START + 30 days;
    uint64 internal constant LATER = START + 60 days;
    SubjectCommitment internal constant SUBJECT = SubjectCommitment.wrap(bytes32(uint256(0x50B1EC7)));

    IAttestedAward internal awards;

    function setUp() public virtual {
        vm.warp(START);
        awards = deployAttestedAward();
    }

    // ------------------------------------------------------------------ rules

    /// Two of three criteria: the school's, the employer's, and one that city or school may attest.
    function twoOfThree() internal pure returns (IAttestedAward.Rule memory rule) {
        rule = IAttestedAward.Rule(keccak256("the badge"), 2, START, END, new IAttestedAward.Criterion[](3));
        rule.criteria[0] = criterionOf("theory", attesters(SCHOOL));
        rule.criteria[1] = criterionOf("practice", attesters(EMPLOYER));
        rule.criteria[2] = criterionOf("citizenship", attesters(CITY, SCHOOL));
    }

    function criterionOf(
        bytes memory statement,
        address[] memory named
    ) internal pure returns (IAttestedAward.Criterion memory) {
        return IAttestedAward.Criterion(keccak256(statement), named);
    }

    function attesters(uint256 key) internal pure returns (address[] memory named) {
        named = new address[](1);
        named[0] = vm.addr(key);
    }

    function attesters(uint256 key, uint256 other) internal pure returns (address[] memory named) {
        named = new address[](2);
        (named[0], named[1]) = (vm.addr(key), vm.addr(other));
    }

    /// From the type strings, one by one.
    function idOf(IAttestedAward.Rule memory rule) internal pure returns (bytes32) {
        bytes memory hashes;
        for (uint256 c = 0; c < rule.criteria.length; ++c) {
            bytes memory list;
            for (uint256 i = 0; i < rule.criteria[c].attesters.length; ++i) {
                list = bytes.concat(list, bytes32(uint256(uint160(rule.criteria[c].attesters[i]))));
            }
            bytes32 criterion = keccak256(
                abi.encode(
                    keccak256("Criterion(bytes32 statement,address[] attesters)"),
                    rule.criteria[c].statement,
                    keccak256(list)
                )
            );
            hashes = bytes.concat(hashes, criterion);
        }
        return
            keccak256(
                abi.encode(
                    keccak256(
                        "Rule(bytes32 achievement,uint8 threshold,uint40 opensAt,uint40 closesAt,Criterion[] criteria)Criterion(bytes32 statement,address[] attesters)"
                    ),
                    rule.achievement,
                    rule.threshold,
                    rule.opensAt,
                    rule.closesAt,
                    keccak256(hashes)
                )
            );
    }

    // ------------------------------------------------------------------ messages

    function said(
        IAttestedAward.Rule memory rule,
        SubjectCommitment subject,
        uint256 key,
        uint8 criterion,
        uint40 attestedAt
    ) internal view returns (IAttestedAward.Attestation memory) {
        return saidFor(rule, subject, key, vm.addr(key), criterion, attestedAt, LATER);
    }

    function saidFor(
        IAttestedAward.Rule memory rule,
        SubjectCommitment subject,
        uint256 key,
        address attester,
        uint8 criterion,
        uint40 attestedAt,
        uint64 deadline
    ) internal view returns (IAttestedAward.Attestation memory) {
        bytes32 structHash = keccak256(
            abi.encode(
                keccak256(
                    "Attestation(Rule rule,bytes32 subject,uint8 criterion,address attester,uint40 attestedAt,uint64 deadline)Criterion(bytes32 statement,address[] attesters)Rule(bytes32 achievement,uint8 threshold,uint40 opensAt,uint40 closesAt,Criterion[] criteria)"
                ),
                idOf(rule),
                subject,
                criterion,
                attester,
                attestedAt,
                deadline
            )
        );
        return IAttestedAward.Attestation(criterion, attester, attestedAt, deadline, signatureOf(key, structHash));
    }

    function takenBack(
        IAttestedAward.Rule memory rule,
        SubjectCommitment subject,
        uint256 key,
        uint8 criterion,
        uint40 withdrawnAt
    ) internal view returns (IAttestedAward.Withdrawal memory) {
        return takenBackFor(rule, subject, key, vm.addr(key), criterion, withdrawnAt, LATER);
    }

    function takenBackFor(
        IAttestedAward.Rule memory rule,
        SubjectCommitment subject,
        uint256 key,
        address attester,
        uint8 criterion,
        uint40 withdrawnAt,
        uint64 deadline
    ) internal view returns (IAttestedAward.Withdrawal memory) {
        bytes32 structHash = keccak256(
            abi.encode(
                keccak256(
                    "Withdrawal(bytes32 rule,bytes32 subject,uint8 criterion,address attester,uint40 withdrawnAt,uint64 deadline)"
                ),
                idOf(rule),
                subject,
                criterion,
                attester,
                withdrawnAt,
                deadline
            )
        );
        return IAttestedAward.Withdrawal(criterion, attester, withdrawnAt, deadline, signatureOf(key, structHash));
    }

    /// The domain is written out here, not asked of the contract.
    function signatureOf(uint256 key, bytes32 structHash) internal view returns (bytes memory) {
        bytes32 domain = keccak256(
            abi.encode(
                keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"),
                keccak256("AttestedAward"),
                keccak256("1"),
                block.chainid,
                address(awards)
            )
        );
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(key, keccak256(abi.encodePacked(hex"1901", domain, structHash)));
        return abi.encodePacked(r, s, v);
    }

    function only(
        IAttestedAward.Attestation memory attestation
    ) internal pure returns (IAttestedAward.Attestation[] memory list) {
        list = new IAttestedAward.Attestation[](1);
        list[0] = attestation;
    }

    function both(
        IAttestedAward.Attestation memory one,
        IAttestedAward.Attestation memory other
    ) internal pure returns (IAttestedAward.Attestation[] memory list) {
        list = new IAttestedAward.Attestation[](2);
        (list[0], list[1]) = (one, other);
    }

    // ------------------------------------------------------------------ checks

    function expectCase(IAttestedAward.Rule memory rule, uint40 awardedAt, uint256 standing) internal view {
        (uint40 time, uint256 seats) = awards.caseOf(RuleId.wrap(idOf(rule)), SUBJECT);
        require(time == awardedAt, "time of the award");
        require(seats == standing, "standing seats");
    }
}
