// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @notice RFC 9162 sections 2.1.1 and 2.1.3.1 as they are written there: recursive and slow, to check against.
library Reference {
    function root(bytes32[] memory leaves) internal pure returns (bytes32) {
        return _root(leaves, 0, leaves.length);
    }

    function proof(bytes32[] memory leaves, uint256 index) internal pure returns (bytes32[] memory) {
        return _proof(leaves, 0, leaves.length, index);
    }

    function leavesOf(uint256 size, uint256 seed) internal pure returns (bytes32[] memory leaves) {
        leaves = new bytes32[](size);
        for (uint256 i = 0; i < size; ++i) leaves[i] = keccak256(abi.encode(seed, i));
    }

    function _root(bytes32[] memory leaves, uint256 from, uint256 to) private pure returns (bytes32) {
        if (to - from == 1) return leaves[from];
        uint256 split = from + _split(to - from);
        return keccak256(abi.encodePacked(hex"01", _root(leaves, from, split), _root(leaves, split, to)));
    }

    function _proof(
        bytes32[] memory leaves,
        uint256 from,
        uint256 to,
        uint256 index
    ) private pure returns (bytes32[] memory nodes) {
        if (to - from == 1) return new bytes32[](0);
        uint256 split = from + _split(to - from);
        bytes32[] memory below;
        bytes32 last;
        if (index < split) (below, last) = (_proof(leaves, from, split, index), _root(leaves, split, to));
        else (below, last) = (_proof(leaves, split, to, index), _root(leaves, from, split));
        nodes = new bytes32[](below.length + 1);
        for (uint256 i = 0; i < below.length; ++i) nodes[i] = below[i];
        nodes[below.length] = last;
    }

    /// The largest power of two smaller than n.
    function _split(uint256 n) private pure returns (uint256 k) {
        k = 1;
        while (k * 2 < n) k *= 2;
    }
}
