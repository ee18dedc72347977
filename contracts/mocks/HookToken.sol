// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {Actor} from "./Actor.sol";
import {TestToken} from "./TestToken.sol";

/// @notice Lets an actor act in the middle of a transfer, as the hooks of ERC-777 do: before the tokens have moved and after.
contract HookToken is TestToken("Hook token", "HOOK", 18) {
    Actor public accomplice;

    function setAccomplice(Actor accomplice_) external {
        accomplice = accomplice_;
    }

    function _update(address from, address to, uint256 value) internal override {
        bool hooked = address(accomplice) != address(0) && from != address(0);
        if (hooked) accomplice.strike();
        super._update(from, to, value);
        if (hooked) accomplice.strike();
    }
}
