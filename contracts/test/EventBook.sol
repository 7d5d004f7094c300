// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IBadgeAnchor, IssuerId} from "../IBadgeAnchor.sol";
import {Vm, vm} from "./Vm.sol";

/// @notice What the events of a BadgeAnchor say, and nothing else: keys, batches, revocations.
abstract contract EventBook {
    mapping(address key => IBadgeAnchor.Key) private _keys;
    mapping(address signer => mapping(bytes32 root => IBadgeAnchor.Batch)) private _batches;
    mapping(address signer => mapping(bytes32 root => mapping(uint24 word => uint256))) private _words;

    /// Around a call that logs nothing before it fails.
    modifier heard() {
        vm.recordLogs();
        _;
        Vm.Log[] memory logs = vm.getRecordedLogs();
        for (uint256 i = 0; i < logs.length; ++i) _hear(logs[i].topics, logs[i].data);
    }

    function heardKey(address key) internal view returns (IBadgeAnchor.Key memory) {
        return _keys[key];
    }

    function heardBatch(address signer, bytes32 root) internal view returns (IBadgeAnchor.Batch memory) {
        return _batches[signer][root];
    }

    function heardWord(address signer, bytes32 root, uint24 word) internal view returns (uint256) {
        return _words[signer][root][word];
    }

    function _hear(bytes32[] memory topics, bytes memory data) private {
        bytes32 kind = topics[0];
        if (kind == IBadgeAnchor.IssuerRegistered.selector) {
            IssuerId issuer = IssuerId.wrap(bytes20(topics[1]));
            _keys[_account(topics[2])] = IBadgeAnchor.Key(issuer, uint40(block.timestamp), type(uint40).max, 7);
        } else if (kind == IBadgeAnchor.KeyGranted.selector || kind == IBadgeAnchor.KeyNarrowed.selector) {
            IssuerId issuer = IssuerId.wrap(bytes20(topics[1]));
            (uint8 roles, uint40 from, uint40 until, ) = abi.decode(data, (uint8, uint40, uint40, address));
            _keys[_account(topics[2])] = IBadgeAnchor.Key(issuer, from, until, roles);
        } else if (kind == IBadgeAnchor.BatchAnchored.selector) {
            uint256 record = abi.decode(data, (uint256));
            _batches[_account(topics[1])][topics[2]] = IBadgeAnchor.Batch(
                uint24(record / 2 ** 184),
                uint40(record / 2 ** 208),
                uint8(record / 2 ** 248),
                false
            );
        } else if (kind == IBadgeAnchor.LeavesRevoked.selector) {
            (uint24 word, uint256 bits, ) = abi.decode(data, (uint24, uint256, address));
            _words[_account(topics[1])][topics[2]][word] |= bits;
        } else if (kind == IBadgeAnchor.BatchRevoked.selector) {
            _batches[_account(topics[1])][topics[2]].revoked = true;
        }
    }

    function _account(bytes32 topic) private pure returns (address) {
        return address(uint160(uint256(topic)));
    }
}
