// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {IERC1271} from "@openzeppelin/contracts/interfaces/IERC1271.sol";

/// @notice A contract account that signs by the key of its owner.
contract Wallet is IERC1271 {
    address private immutable OWNER;

    constructor(address owner) {
        OWNER = owner;
    }

    function isValidSignature(bytes32 digest, bytes calldata signature) external view returns (bytes4) {
        return ECDSA.recoverCalldata(digest, signature) == OWNER ? IERC1271.isValidSignature.selector : bytes4(0);
    }
}

/// @notice Accounts that do anything but answer properly.
contract HostileWallet {
    uint256 public constant MODES = 7;
    uint256 public mode;

    constructor(uint256 mode_) {
        mode = mode_;
    }

    fallback() external {
        if (mode == 0) revert("no");
        if (mode == 1) assembly { return(0, 0) }
        if (mode == 2) assembly { mstore(0, 1) return(0, 32) }
        if (mode == 3) assembly { mstore(0, shl(224, 0x1626ba7e)) return(0, 31) }
        // All the gas that it was given.
        if (mode == 4) assembly { invalid() }
        // Far more than anybody would want to copy.
        if (mode == 5) assembly { return(0, 200000) }
        // The static call refuses to let it write.
        mode = 9;
        assembly { mstore(0, shl(224, 0x1626ba7e)) return(0, 32) }
    }
}

/// @notice Says yes to one message alone, whatever the signature.
contract PickyWallet is IERC1271 {
    bytes32 private immutable DIGEST;

    constructor(bytes32 digest) {
        DIGEST = digest;
    }

    function isValidSignature(bytes32 digest, bytes calldata) external view returns (bytes4) {
        return digest == DIGEST ? IERC1271.isValidSignature.selector : bytes4(0);
    }
}

/// @notice Says yes, and calls back in the meantime.
contract ReenteringWallet {
    address private _target;
    bytes private _call;
    /// Tells whether the callback could be made at all: by itself, the wallet may.
    bool public reached;

    function prepare(address target, bytes calldata call) external {
        (_target, _call) = (target, call);
    }

    function callDirectly() external {
        (reached, ) = _target.call(_call);
    }

    fallback() external {
        // Nearly all gas is gone if it fails, so not all is given.
        (bool done, ) = _target.call{gas: 1_000_000}(_call);
        if (done) revert("wrote in a static call");
        assembly { mstore(0, shl(224, 0x1626ba7e)) return(0, 32) }
    }
}
