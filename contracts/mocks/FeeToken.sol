// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {TestToken} from "./TestToken.sol";

/// @notice Burns a fee of what is transferred, from the day that somebody turns it on; USDT keeps that right.
contract FeeToken is TestToken("Fee token", "FEE", 18) {
    bool public charging;

    function setCharging(bool charging_) external {
        charging = charging_;
    }

    function _update(address from, address to, uint256 value) internal override {
        super._update(from, to, value);
        if (charging && from != address(0) && to != address(0)) super._update(to, address(0), value / 100 + 1);
    }
}
