// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {SignatureChecker} from "@openzeppelin/contracts/utils/cryptography/SignatureChecker.sol";

/// @title Signatures of accounts of every kind: plain, ERC-1271 and EIP-7702
library AccountSignature {
    /// @notice Whether an account signed a digest. A plain signature first, whether or not the account has code: the key
    /// of an EIP-7702 account stays its master, whatever the code that it points to says; nobody holds a private key for
    /// another contract's address.
    function isOf(address account, bytes32 digest, bytes calldata signature) internal view returns (bool) {
        (address recovered, ECDSA.RecoverError fault, ) = ECDSA.tryRecoverCalldata(digest, signature);
        if (fault == ECDSA.RecoverError.NoError && recovered == account) return true;
        return
            account.code.length != 0 &&
            SignatureChecker.isValidERC1271SignatureNowCalldata(account, digest, signature);
    }
}
