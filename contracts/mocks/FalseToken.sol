// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {TestToken} from "./TestToken.sol";

/// @notice While it is frozen, transfers move nothing and say `false` instead of reverting.
contract FalseToken is TestToken("False token", "FALSE", 18) {
    bool public frozen;

    function setFrozen(bool frozen_) external {
        frozen = frozen_;
    }

    function transfer(address to, uint256 amount) public override returns (bool) {
        return !frozen && super.transfer(to, amount);
    }

    function transferFrom(address from, address to, uint256 amount) public override returns (bool) {
        return !frozen && super.transferFrom(from, to, amount);
    }
}
