// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title Inclusion proofs of RFC 9162, section 2.1.3.2
/// @notice Positional: size and index say how long the proof is and on which side each of its nodes stands.
library InclusionProof {
    /// @notice Whether `leaf` stands at `index` of the tree of `size` leaves with this root.
    function verify(
        bytes32 root,
        uint256 size,
        bytes32 leaf,
        uint256 index,
        bytes32[] calldata proof
    ) internal pure returns (bool) {
        if (index >= size) return false;
        uint256 last = size - 1;
        bytes32 node = leaf;
        for (uint256 i = 0; i < proof.length; ++i) {
            // Past the root: the proof is too long.
            if (last == 0) return false;
            if (index & 1 == 1 || index == last) {
                node = hashNode(proof[i], node);
                // An odd node is carried up until it has something on its left.
                while (index & 1 == 0) {
                    index >>= 1;
                    last >>= 1;
                }
            } else {
                node = hashNode(node, proof[i]);
            }
            index >>= 1;
            last >>= 1;
        }
        return last == 0 && node == root;
    }

    /// @notice keccak256(0x01 ‖ left ‖ right).
    function hashNode(bytes32 left, bytes32 right) internal pure returns (bytes32 node) {
        // abi.encodePacked would take fresh memory for each node of a proof.
        // solhint-disable-next-line no-inline-assembly
        assembly ("memory-safe") {
            // Scratch past the free pointer, not kept: 65 bytes from a byte 0x01 on.
            let start := mload(0x40)
            mstore8(start, 1)
            mstore(add(start, 1), left)
            mstore(add(start, 33), right)
            node := keccak256(start, 65)
        }
    }
}
