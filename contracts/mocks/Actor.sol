// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

/// @notice An account with code: does what it is told, refuses money if told so, and strikes back when it is paid.
contract Actor {
    bool public refusing;

    /// @notice How often it struck, and how often with success.
    uint256 public strikes;
    uint256 public hits;

    /// @notice What its last vain strike reverted with.
    bytes4 public lastError;

    address private _target;
    bytes private _armed;

    receive() external payable {
        require(!refusing, "no, thank you");
        strike();
    }

    function act(address target, uint256 value, bytes calldata data) external payable returns (bool ok, bytes memory result) {
        return target.call{value: value}(data);
    }

    function setRefusing(bool refusing_) external {
        refusing = refusing_;
    }

    /// @notice From now on, whenever somebody pays it or a token asks it to, it makes this call; an empty one: none.
    function arm(address target, bytes calldata data) external {
        _target = target;
        _armed = data;
    }

    function strike() public {
        if (_armed.length == 0) return;
        ++strikes;
        (bool ok, bytes memory result) = _target.call(_armed);
        if (ok) ++hits;
        else lastError = bytes4(result);
    }
}
