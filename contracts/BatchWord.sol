// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title The one storage word of a batch
/// @notice From the lowest bit: 184 revocation bits of the first leaves, 24 bits of size, 40 bits of time,
/// 7 bits of kind, 1 bit that revokes the whole batch. A word of 0 is no batch: its size is never 0.
library BatchWord {
    uint256 internal constant INLINE_LEAVES = 184;
    uint256 private constant INLINE_MASK = (1 << 184) - 1;
    uint256 private constant REVOKED = 1 << 255;

    /// @notice The time is taken as it is: it outgrows 40 bits in some 34,000 years.
    function pack(uint256 size_, uint256 anchoredAt_, uint256 kind_) internal pure returns (uint256) {
        return (size_ << 184) | (anchoredAt_ << 208) | (kind_ << 248);
    }

    function size(uint256 record) internal pure returns (uint24) {
        return uint24(record >> 184);
    }

    function anchoredAt(uint256 record) internal pure returns (uint40) {
        return uint40(record >> 208);
    }

    function kind(uint256 record) internal pure returns (uint8) {
        return uint8(record >> 248) & 127;
    }

    function isOf(uint256 record, uint24 size_, uint8 kind_) internal pure returns (bool) {
        return size(record) == size_ && kind(record) == kind_;
    }

    function isRevoked(uint256 record) internal pure returns (bool) {
        return record & REVOKED != 0;
    }

    function markRevoked(uint256 record) internal pure returns (uint256) {
        return record | REVOKED;
    }

    function inlineBits(uint256 record) internal pure returns (uint256) {
        return record & INLINE_MASK;
    }

    /// @notice Where the revocation bit of a leaf stands: word 0 is the record itself.
    function position(uint256 leafIndex) internal pure returns (uint24 word, uint256 bits) {
        if (leafIndex < INLINE_LEAVES) return (0, 1 << leafIndex);
        uint256 past = leafIndex - INLINE_LEAVES;
        return (uint24(1 + (past >> 8)), 1 << (past & 255));
    }

    /// @notice The bits of a word for which a batch of this size has leaves.
    function leavesIn(uint24 word, uint24 size_) internal pure returns (uint256) {
        uint256 first = word == 0 ? 0 : INLINE_LEAVES + (uint256(word) - 1) * 256;
        uint256 room = word == 0 ? INLINE_LEAVES : 256;
        if (size_ <= first) return 0;
        uint256 leaves = size_ - first;
        return leaves >= room ? type(uint256).max >> (256 - room) : (1 << leaves) - 1;
    }
}
