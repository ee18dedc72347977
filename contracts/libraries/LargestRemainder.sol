// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

/// @title Splitting an amount by basis points without losing a unit
/// @notice The rule of src/lib/money: every share is rounded down; what is left goes by single units to the largest remainders, of equal ones to the earlier.
library LargestRemainder {
    uint256 internal constant WHOLE_BPS = 10_000;

    /// @dev Shares must sum to 10,000 and `amount` be at most 2^242. Remainders then sum to 10,000 for each unit that is left, and none reaches
    /// 10,000, so fewer units are left than there are remainders above zero: no unit goes to an exact share, none stays.
    function split(uint256 amount, uint16[] calldata shareBps) internal pure returns (uint256[] memory amounts) {
        uint256 count = shareBps.length;
        amounts = new uint256[](count);
        uint256[] memory remainders = new uint256[](count);
        uint256 left = amount;
        for (uint256 i = 0; i < count; ++i) {
            uint256 product = amount * shareBps[i];
            amounts[i] = product / WHOLE_BPS;
            remainders[i] = product % WHOLE_BPS;
            left -= amounts[i];
        }
        for (; left != 0; --left) {
            uint256 largest = 0;
            for (uint256 i = 1; i < count; ++i) {
                if (remainders[i] > remainders[largest]) largest = i;
            }
            ++amounts[largest];
            remainders[largest] = 0;
        }
    }
}
