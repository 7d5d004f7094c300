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
    uint256 public mode;

    constructor(uint256 mode_) {
        mode = mode_;
    }

    fallback() external {
        if (mode == 0) revert("no");
        if (mode == 1) assembly { return(0, 0) }
        if (mode == 2) assembly { mstore(0, 1) return(0, 32) }
        if (mode == 3) assembly { mstore(0, shl(224, 0x1626ba7e)) return(0, 31) }
        // The static call refuses to let it write.
        mode = 9;
        assembly { mstore(0, shl(224, 0x1626ba7e)) return(0, 32) }
    }
}
