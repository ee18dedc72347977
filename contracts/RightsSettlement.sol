// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";
import {Ownable2Step} from "@openzeppelin/contracts/access/Ownable2Step.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {IRightsSettlement} from "./interfaces/IRightsSettlement.sol";
import {LargestRemainder} from "./libraries/LargestRemainder.sol";

/// @title Escrow for orders that are paid on chain
/// @notice See {IRightsSettlement}. No proxy, no upgrade, no pause, no fee, and nobody's right to move what is held elsewhere than to the order's payees or its buyer.
/// @dev What an attacker controls: every argument; the code of buyers, payees and recipients; the code of a token, as far as the order signer signs for it. A token that
/// breaks its word (rebasing, a fee that begins later, a freeze) harms those who are paid in it and nobody else, since each token has its own account here.
contract RightsSettlement is IRightsSettlement, EIP712, Ownable2Step, ReentrancyGuardTransient {
    using SafeERC20 for IERC20;

    /// @dev Three words. Buyer, token, amount and deadline stand here though the hash covers them, so that a buyer needs nothing but the id to be refunded.
    struct Escrow {
        address buyer;
        uint64 deadline;
        State state;
        address token;
        uint96 amount;
        bytes32 orderHash;
    }

    /// @notice A release goes through all payees, and must fit in a block.
    uint256 public constant MAX_PAYEES = 32;

    /// @notice How far a deadline may be away: the longest that a payment waits when the service is gone.
    uint256 public constant MAX_TERM = 90 days;

    bytes32 private constant ORDER_TYPEHASH =
        keccak256("Order(bytes32 orderId,address buyer,address token,uint256 amount,address[] payees,uint16[] shareBps,uint64 deadline)");

    mapping(bytes32 orderId => Escrow) private _escrows;
    mapping(address account => mapping(address token => uint256)) private _withdrawable;
    mapping(address token => uint256) private _held;
    mapping(Role => address) private _holders;
    mapping(Role => address) private _proposed;

    /// @param owner_ who says who holds the roles; a cold key
    /// @param orderSigner_ who signs orders
    /// @param settler_ who releases, and refunds before the deadline
    constructor(address owner_, address orderSigner_, address settler_) EIP712("Zhengben RightsSettlement", "1") Ownable(owner_) {
        _assign(Role.OrderSigner, orderSigner_);
        _assign(Role.Settler, settler_);
    }

    /// @inheritdoc IRightsSettlement
    function fund(Order calldata order, bytes calldata signature) external payable nonReentrant {
        Escrow storage escrow = _escrows[order.orderId];
        if (escrow.state != State.None) revert RightsSettlementOrderUsed(order.orderId);
        if (msg.sender != order.buyer) revert RightsSettlementNotBuyer(msg.sender);
        if (order.deadline <= _now()) revert RightsSettlementDeadlinePassed(order.deadline);
        if (order.deadline > _now() + MAX_TERM) revert RightsSettlementDeadlineTooFar(order.deadline);
        if (order.amount == 0 || order.amount > type(uint96).max) revert RightsSettlementInvalidAmount(order.amount);
        // Checked here, so that a release can never fail for it.
        if (!_isSplit(order.payees, order.shareBps)) revert RightsSettlementInvalidSplit();
        bytes32 orderHash = hashOrder(order);
        if (!_isSignedByOrderSigner(orderHash, signature)) revert RightsSettlementInvalidSignature();

        escrow.buyer = order.buyer;
        escrow.deadline = order.deadline;
        escrow.state = State.Funded;
        escrow.token = order.token;
        escrow.amount = uint96(order.amount);
        escrow.orderHash = orderHash;
        _held[order.token] += order.amount;
        emit OrderFunded(order.orderId, order.buyer, order.token, order.amount, order.deadline, orderHash);
        _collect(order.token, order.amount);
    }

    /// @inheritdoc IRightsSettlement
    function release(Order calldata order) external nonReentrant {
        if (msg.sender != _holders[Role.Settler]) revert RightsSettlementNotSettler(msg.sender);
        Escrow storage escrow = _fundedEscrow(order.orderId);
        if (escrow.orderHash != hashOrder(order)) revert RightsSettlementOtherOrder(order.orderId);

        escrow.state = State.Released;
        uint256[] memory amounts = LargestRemainder.split(order.amount, order.shareBps);
        for (uint256 i = 0; i < amounts.length; ++i) {
            _withdrawable[order.payees[i]][order.token] += amounts[i];
            emit PayeeCredited(order.orderId, order.payees[i], order.token, amounts[i]);
        }
        emit OrderReleased(order.orderId, order.token, order.amount);
    }

    /// @inheritdoc IRightsSettlement
    function refund(bytes32 orderId) external nonReentrant {
        Escrow storage escrow = _fundedEscrow(orderId);
        (address buyer, address token, uint256 amount) = (escrow.buyer, escrow.token, escrow.amount);
        if (msg.sender != _holders[Role.Settler]) {
            if (msg.sender != buyer) revert RightsSettlementNotRefunder(msg.sender);
            if (_now() < escrow.deadline) revert RightsSettlementDeadlineAhead(escrow.deadline);
        }

        escrow.state = State.Refunded;
        _withdrawable[buyer][token] += amount;
        emit OrderRefunded(orderId, buyer, token, amount, msg.sender);
    }

    /// @inheritdoc IRightsSettlement
    function withdraw(address token) external nonReentrant {
        _withdraw(token, msg.sender);
    }

    /// @inheritdoc IRightsSettlement
    function withdrawTo(address token, address recipient) external nonReentrant {
        if (recipient == address(0) || recipient == address(this)) revert RightsSettlementInvalidRecipient(recipient);
        _withdraw(token, recipient);
    }

    /// @inheritdoc IRightsSettlement
    function proposeRole(Role role, address account) external onlyOwner {
        _requireFree(account);
        _proposed[role] = account;
        emit RoleProposed(role, account);
    }

    /// @inheritdoc IRightsSettlement
    function acceptRole(Role role) external {
        _acceptRole(role, msg.sender);
    }

    /// @inheritdoc IRightsSettlement
    function revokeRole(Role role) external onlyOwner {
        delete _proposed[role];
        _setHolder(role, address(0));
    }

    /// @inheritdoc Ownable2Step
    function transferOwnership(address newOwner) public override onlyOwner {
        _requireFree(newOwner);
        super.transferOwnership(newOwner);
    }

    /// @notice Always reverts.
    function renounceOwnership() public view override onlyOwner {
        revert RightsSettlementOwnerRequired();
    }

    /// @inheritdoc IRightsSettlement
    function orderOf(bytes32 orderId) external view returns (State state, address buyer, address token, uint256 amount, uint64 deadline, bytes32 orderHash) {
        Escrow storage escrow = _escrows[orderId];
        return (escrow.state, escrow.buyer, escrow.token, escrow.amount, escrow.deadline, escrow.orderHash);
    }

    /// @inheritdoc IRightsSettlement
    function withdrawable(address account, address token) external view returns (uint256) {
        return _withdrawable[account][token];
    }

    /// @inheritdoc IRightsSettlement
    function held(address token) external view returns (uint256) {
        return _held[token];
    }

    /// @inheritdoc IRightsSettlement
    function computeSplit(uint256 amount, uint16[] calldata shareBps) external pure returns (uint256[] memory) {
        if (amount > type(uint96).max) revert RightsSettlementInvalidAmount(amount);
        if (!_isWhole(shareBps)) revert RightsSettlementInvalidSplit();
        return LargestRemainder.split(amount, shareBps);
    }

    /// @inheritdoc IRightsSettlement
    function holderOf(Role role) external view returns (address) {
        return _holders[role];
    }

    /// @inheritdoc IRightsSettlement
    function proposedFor(Role role) external view returns (address) {
        return _proposed[role];
    }

    /// @inheritdoc IRightsSettlement
    function hashOrder(Order calldata order) public pure returns (bytes32) {
        // Packed, the elements of an array still take a word each: EIP-712's encoding of arrays.
        return keccak256(abi.encode(
            ORDER_TYPEHASH, order.orderId, order.buyer, order.token, order.amount,
            keccak256(abi.encodePacked(order.payees)), keccak256(abi.encodePacked(order.shareBps)), order.deadline
        ));
    }

    /// @dev The proposed account takes over.
    function _acceptRole(Role role, address account) internal {
        if (account == address(0) || account != _proposed[role]) revert RightsSettlementNotProposed(role, account);
        delete _proposed[role];
        _setHolder(role, account);
    }

    /// @dev Tests put a clock of their own here, which they can turn within one call.
    function _now() internal view virtual returns (uint256) {
        return block.timestamp;
    }

    /// @dev Takes exactly `amount` from the caller. All is booked by now: a token that calls back finds the order funded and every door locked.
    function _collect(address token, uint256 amount) private {
        uint256 value = token == address(0) ? amount : 0;
        if (msg.value != value) revert RightsSettlementWrongValue(value, msg.value);
        if (token == address(0)) return;
        if (token.code.length == 0) revert RightsSettlementNotToken(token);
        uint256 balance = IERC20(token).balanceOf(address(this));
        IERC20(token).safeTransferFrom(msg.sender, address(this), amount);
        if (IERC20(token).balanceOf(address(this)) != balance + amount) revert RightsSettlementInexactTransfer(token);
    }

    /// @dev Whoever cannot be paid keeps his claim and blocks nobody else's.
    function _withdraw(address token, address recipient) private {
        uint256 amount = _withdrawable[msg.sender][token];
        if (amount == 0) revert RightsSettlementNothingToWithdraw(msg.sender, token);
        delete _withdrawable[msg.sender][token];
        _held[token] -= amount;
        emit Withdrawn(msg.sender, token, recipient, amount);
        if (token != address(0)) {
            IERC20(token).safeTransfer(recipient, amount);
        } else {
            (bool paid, ) = recipient.call{value: amount}("");
            if (!paid) revert RightsSettlementPaymentRefused(recipient);
        }
    }

    /// @dev The first holder of a role.
    function _assign(Role role, address account) private {
        if (account == address(0)) revert RightsSettlementInvalidRole(role);
        _requireFree(account);
        _setHolder(role, account);
    }

    function _setHolder(Role role, address account) private {
        emit RoleChanged(role, _holders[role], account);
        _holders[role] = account;
    }

    /// @dev Asked of whoever is proposed for anything; so at no time do two of the six places have the same account.
    function _requireFree(address account) private view {
        if (account == address(0)) return;
        bool taken = account == owner() || account == pendingOwner() || account == _holders[Role.OrderSigner] || account == _holders[Role.Settler]
            || account == _proposed[Role.OrderSigner] || account == _proposed[Role.Settler];
        if (taken) revert RightsSettlementRolesNotSeparate(account);
    }

    function _fundedEscrow(bytes32 orderId) private view returns (Escrow storage escrow) {
        escrow = _escrows[orderId];
        if (escrow.state != State.Funded) revert RightsSettlementNotFunded(orderId, escrow.state);
    }

    /// @dev The domain holds the chain's id as it is now, not as it was at deployment, and this address: no signature counts on a fork or in another contract.
    function _isSignedByOrderSigner(bytes32 orderHash, bytes calldata signature) private view returns (bool) {
        (address signer, ECDSA.RecoverError problem, ) = ECDSA.tryRecoverCalldata(_hashTypedDataV4(orderHash), signature);
        return problem == ECDSA.RecoverError.NoError && signer == _holders[Role.OrderSigner];
    }

    function _isSplit(address[] calldata payees, uint16[] calldata shareBps) private view returns (bool) {
        if (payees.length > MAX_PAYEES || payees.length != shareBps.length || !_isWhole(shareBps)) return false;
        for (uint256 i = 0; i < payees.length; ++i) {
            if (payees[i] == address(0) || payees[i] == address(this)) return false;
        }
        return true;
    }

    function _isWhole(uint16[] calldata shareBps) private pure returns (bool) {
        uint256 sum = 0;
        for (uint256 i = 0; i < shareBps.length; ++i) {
            if (shareBps[i] == 0) return false;
            sum += shareBps[i];
        }
        return sum == LargestRemainder.WHOLE_BPS;
    }
}
