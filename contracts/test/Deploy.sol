// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IAttestedAward} from "../IAttestedAward.sol";
import {IBadgeAnchor} from "../IBadgeAnchor.sol";
import {vm} from "./Vm.sol";

// By name and not by `new`: so a suite is compiled without the contract, by the compiler's quick way, and the contract as it is
// shipped.

function deployBadgeAnchor() returns (IBadgeAnchor) {
    return IBadgeAnchor(_deploy("contracts/BadgeAnchor.sol:BadgeAnchor"));
}

function deployAttestedAward() returns (IAttestedAward) {
    return IAttestedAward(_deploy("contracts/AttestedAward.sol:AttestedAward"));
}

function _deploy(string memory name) returns (address place) {
    bytes memory code = vm.getCode(name);
    assembly ("memory-safe") {
        place := create(0, add(code, 32), mload(code))
    }
    require(place != address(0), name);
}
