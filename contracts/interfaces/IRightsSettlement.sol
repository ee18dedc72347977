// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

/// @title Escrow for orders that are paid on chain
/// @notice Holds what a buyer pays for a signed order until the service releases it to the payees or it goes back to the buyer. Whoever is owed
/// something fetches it. After its deadline a buyer takes an unreleased payment back alone, and nobody can stop a withdrawal.
interface IRightsSettlement {
    /// @notice None → Funded → Released or Refunded. The last two are for ever, so an order id is used once.
    enum State { None, Funded, Released, Refunded }

    /// @notice The two hot keys. The owner, a cold one, only says who they are.
    enum Role { OrderSigner, Settler }

    /// @notice What the service offers and the buyer accepts by paying; signed as EIP-712 typed data of the same name.
    /// @param orderId the service's name for the order; never used twice
    /// @param buyer who pays, and to whom a refund goes
    /// @param token ERC-20 contract; zero: the chain's own currency
    /// @param amount in the token's smallest unit, 1 to 2^96 − 1
    /// @param payees whom a release credits, 1 to 32; one may be named twice
    /// @param shareBps their shares in basis points, each at least 1, together 10,000
    /// @param deadline Unix time in seconds; from then on it cannot be funded, and the buyer can take a payment back
    struct Order {
        bytes32 orderId;
        address buyer;
        address token;
        uint256 amount;
        address[] payees;
        uint16[] shareBps;
        uint64 deadline;
    }

    /// @notice The buyer has paid. `orderHash` is EIP-712's hashStruct of the whole order: compare it before you rely on anything else in it.
    event OrderFunded(bytes32 indexed orderId, address indexed buyer, address indexed token, uint256 amount, uint64 deadline, bytes32 orderHash);

    /// @notice The payment is the payees'; a `PayeeCredited` for each of them precedes this.
    event OrderReleased(bytes32 indexed orderId, address indexed token, uint256 amount);

    /// @notice A payee may withdraw this much more.
    event PayeeCredited(bytes32 indexed orderId, address indexed payee, address indexed token, uint256 amount);

    /// @notice The payment is the buyer's again, who may withdraw it. `caller` is the settler or the buyer.
    event OrderRefunded(bytes32 indexed orderId, address indexed buyer, address indexed token, uint256 amount, address caller);

    /// @notice `account` has fetched all it had of this token.
    event Withdrawn(address indexed account, address indexed token, address indexed recipient, uint256 amount);

    /// @notice The owner wants `account` to take over a role; zero: nobody any more.
    event RoleProposed(Role indexed role, address indexed account);

    /// @notice A role has another holder; zero: nobody.
    event RoleChanged(Role indexed role, address indexed previousAccount, address indexed account);

    /// @notice This order id was funded before.
    error RightsSettlementOrderUsed(bytes32 orderId);

    /// @notice Only the order's buyer funds it.
    error RightsSettlementNotBuyer(address caller);

    /// @notice The order's deadline is over.
    error RightsSettlementDeadlinePassed(uint64 deadline);

    /// @notice The deadline is more than `MAX_TERM` away: so long nobody waits for his money.
    error RightsSettlementDeadlineTooFar(uint64 deadline);

    /// @notice An amount is 1 to 2^96 − 1.
    error RightsSettlementInvalidAmount(uint256 amount);

    /// @notice 1 to 32 payees, none of them zero or this contract, with as many shares that are not zero and sum to 10,000.
    error RightsSettlementInvalidSplit();

    /// @notice Not a signature of the order signer over this order, this chain and this contract: 65 bytes, low s, v 27 or 28.
    error RightsSettlementInvalidSignature();

    /// @notice The value sent is not what the order asks for (none, if it is paid in a token).
    error RightsSettlementWrongValue(uint256 expected, uint256 value);

    /// @notice There is no contract at the token's address.
    error RightsSettlementNotToken(address token);

    /// @notice The token has not moved exactly the amount: one with a fee on transfers, for example.
    error RightsSettlementInexactTransfer(address token);

    /// @notice The order is not funded, or has ended.
    error RightsSettlementNotFunded(bytes32 orderId, State state);

    /// @notice Not the order that was funded under this id.
    error RightsSettlementOtherOrder(bytes32 orderId);

    /// @notice Only the settler releases.
    error RightsSettlementNotSettler(address caller);

    /// @notice Only the settler and the buyer refund.
    error RightsSettlementNotRefunder(address caller);

    /// @notice Before the deadline the buyer cannot take the payment back.
    error RightsSettlementDeadlineAhead(uint64 deadline);

    /// @notice The account has nothing of this token.
    error RightsSettlementNothingToWithdraw(address account, address token);

    /// @notice Neither the zero address nor this contract.
    error RightsSettlementInvalidRecipient(address recipient);

    /// @notice The recipient does not take the money.
    error RightsSettlementPaymentRefused(address recipient);

    /// @notice Owner, order signer and settler, and who is to become one of them, are different accounts.
    error RightsSettlementRolesNotSeparate(address account);

    /// @notice A role begins with somebody.
    error RightsSettlementInvalidRole(Role role);

    /// @notice Only who was proposed accepts a role.
    error RightsSettlementNotProposed(Role role, address caller);

    /// @notice Ownership cannot be renounced: without an owner a stolen key could never be stopped.
    error RightsSettlementOwnerRequired();

    /// @notice Pays for an order. Buyer only, before the deadline; the exact value, or an allowance of the exact amount.
    /// @param order what the service has signed
    /// @param signature the order signer's, over the order as EIP-712 typed data
    function fund(Order calldata order, bytes calldata signature) external payable;

    /// @notice Makes a payment the payees'. Settler only; at any time as long as it is not refunded.
    /// @param order the order that was funded, whole; the contract keeps its hash only
    function release(Order calldata order) external;

    /// @notice Makes a payment the buyer's again: by the settler at any time before it is released, by the buyer from the deadline on.
    function refund(bytes32 orderId) external;

    /// @notice Sends the caller all that it may withdraw of a token (zero: the chain's own currency).
    function withdraw(address token) external;

    /// @notice The same, to another address: for those who cannot be paid themselves.
    function withdrawTo(address token, address recipient) external;

    /// @notice Proposes who takes over a role; zero takes the proposal back. Owner only. The old holder stays until the new one accepts.
    function proposeRole(Role role, address account) external;

    /// @notice Takes over a role. Only who was proposed: a key that can do this is not mistyped.
    function acceptRole(Role role) external;

    /// @notice Takes a role and a proposal for it from everybody, at once. Owner only. Refunds after the deadline and withdrawals need no role.
    function revokeRole(Role role) external;

    /// @notice What became of an order; all zero before it is funded.
    function orderOf(bytes32 orderId) external view returns (State state, address buyer, address token, uint256 amount, uint64 deadline, bytes32 orderHash);

    /// @notice What an account may withdraw of a token.
    function withdrawable(address account, address token) external view returns (uint256);

    /// @notice What the contract owes in this token: payments of funded orders and what is not withdrawn yet. Its balance may be greater, not smaller.
    function held(address token) external view returns (uint256);

    /// @notice EIP-712's hashStruct of an order.
    function hashOrder(Order calldata order) external pure returns (bytes32);

    /// @notice How an amount is split: each share rounded down, and what is left by units to the largest remainders, of equal ones to the earlier.
    function computeSplit(uint256 amount, uint16[] calldata shareBps) external pure returns (uint256[] memory amounts);

    /// @notice Who holds a role; zero: nobody.
    function holderOf(Role role) external view returns (address);

    /// @notice Who is proposed for a role; zero: nobody.
    function proposedFor(Role role) external view returns (address);
}
