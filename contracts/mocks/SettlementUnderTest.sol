// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {RightsSettlement} from "../RightsSettlement.sol";

/// @notice The settlement with a clock that can be turned within one call, and roles that are accepted for keys which send no transactions there.
contract SettlementUnderTest is RightsSettlement {
    uint256 private _clock;

    constructor(address owner_, address orderSigner_, address settler_) RightsSettlement(owner_, orderSigner_, settler_) {}

    function setClock(uint256 clock) external {
        _clock = clock;
    }

    function acceptRoleAs(Role role, address account) external {
        _acceptRole(role, account);
    }

    function _now() internal view override returns (uint256) {
        return _clock;
    }
}
