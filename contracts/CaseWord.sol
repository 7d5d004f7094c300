// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title The one storage word of a case
/// @notice From the lowest bit: 216 seats, then 40 bits of the time of the award, 0 while there is none.
library CaseWord {
    uint256 internal constant SEATS = 216;
    uint256 private constant SEAT_MASK = (1 << SEATS) - 1;

    function awardedAt(uint256 word) internal pure returns (uint40) {
        return uint40(word >> SEATS);
    }

    function standing(uint256 word) internal pure returns (uint256) {
        return word & SEAT_MASK;
    }

    function stands(uint256 word, uint256 seat) internal pure returns (bool) {
        return word & (1 << seat) != 0;
    }

    function occupy(uint256 word, uint256 seat) internal pure returns (uint256) {
        return word | (1 << seat);
    }

    function vacate(uint256 word, uint256 seat) internal pure returns (uint256) {
        return word & ~(1 << seat);
    }

    /// @notice The time is taken as it is: it outgrows 40 bits in some 34,000 years.
    function award(uint256 word, uint256 time) internal pure returns (uint256) {
        return word | (time << SEATS);
    }
}
