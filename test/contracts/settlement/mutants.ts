/** One mistake somebody could make in the contract: what, where, and how it is made. */
export interface Mutant { readonly what: string; readonly path: string; readonly from: string; readonly to: string }

const SETTLEMENT = 'contracts/RightsSettlement.sol';
const SPLIT = 'contracts/libraries/LargestRemainder.sol';

/** A line that is missing, or reads otherwise. */
function mutant(what: string, from: string, to = '', path = SETTLEMENT): Mutant {
  return { what, path, from, to };
}

export const MUTANTS: readonly Mutant[] = [
  mutant('an order id is used twice', 'if (escrow.state != State.None) revert RightsSettlementOrderUsed(order.orderId);'),
  mutant('an ended order is funded again', 'escrow.state != State.None', 'escrow.state == State.Funded'),
  mutant('anybody funds', 'if (msg.sender != order.buyer) revert RightsSettlementNotBuyer(msg.sender);'),
  mutant('funded at the deadline', 'order.deadline <= _now()', 'order.deadline < _now()'),
  mutant('any deadline, however far', 'if (order.deadline > _now() + MAX_TERM) revert RightsSettlementDeadlineTooFar(order.deadline);'),
  mutant('a deadline is too far when it is as far as it may be', 'order.deadline > _now() + MAX_TERM', 'order.deadline >= _now() + MAX_TERM'),
  mutant('nothing is paid', 'order.amount == 0 || '),
  mutant('an amount is cut to 96 bits', ' || order.amount > type(uint96).max) revert RightsSettlementInvalidAmount(order.amount)', ') revert RightsSettlementInvalidAmount(order.amount)'),
  mutant('any split', 'if (!_isSplit(order.payees, order.shareBps)) revert RightsSettlementInvalidSplit();'),
  mutant('any number of payees', 'payees.length > MAX_PAYEES || '),
  mutant('payees without shares', 'payees.length != shareBps.length || '),
  mutant('the contract is a payee', ' || payees[i] == address(this)'),
  mutant('nobody is a payee', 'payees[i] == address(0) || '),
  mutant('a share of nothing', 'if (shareBps[i] == 0) return false;'),
  mutant('shares that sum to less', 'return sum == LargestRemainder.WHOLE_BPS', 'return sum <= LargestRemainder.WHOLE_BPS'),
  mutant('no signature', 'if (!_isSignedByOrderSigner(orderHash, signature)) revert RightsSettlementInvalidSignature();'),
  mutant('anybody signs', ' && signer == _holders[Role.OrderSigner]', ' && signer != address(0)'),
  mutant('a broken signature counts for nobody', 'problem == ECDSA.RecoverError.NoError && '),
  mutant('the settler signs orders', 'signer == _holders[Role.OrderSigner]', 'signer == _holders[Role.Settler]'),
  mutant('the deadline is not signed', 'keccak256(abi.encodePacked(order.shareBps)), order.deadline', 'keccak256(abi.encodePacked(order.shareBps)), uint64(0)'),
  mutant('what is owed is not counted', '_held[order.token] += order.amount;'),
  mutant('funded without paying', '_collect(order.token, order.amount);'),
  mutant('anybody releases', 'if (msg.sender != _holders[Role.Settler]) revert RightsSettlementNotSettler(msg.sender);'),
  mutant('the settler names other payees', 'if (escrow.orderHash != hashOrder(order)) revert RightsSettlementOtherOrder(order.orderId);'),
  mutant('released twice', 'escrow.state = State.Released;'),
  mutant('refunded twice', 'escrow.state = State.Refunded;'),
  mutant('refunded after the release', 'if (escrow.state != State.Funded) revert', 'if (escrow.state == State.None) revert'),
  mutant('anybody refunds', 'if (msg.sender != buyer) revert RightsSettlementNotRefunder(msg.sender);'),
  mutant('the buyer refunds early', 'if (_now() < escrow.deadline) revert RightsSettlementDeadlineAhead(escrow.deadline);'),
  mutant('the buyer refunds late', '_now() < escrow.deadline', '_now() <= escrow.deadline'),
  mutant('only the settler refunds', 'if (msg.sender != buyer) revert', 'if (msg.sender != address(0)) revert'),
  mutant('the refund is the caller\'s', '_withdrawable[buyer][token] += amount;', '_withdrawable[msg.sender][token] += amount;'),
  mutant('withdrawn twice', 'delete _withdrawable[msg.sender][token];'),
  mutant('what is withdrawn is still owed', '_held[token] -= amount;'),
  mutant('not paid and not said', 'if (!paid) revert RightsSettlementPaymentRefused(recipient);', 'paid;'),
  mutant('to whom it may concern', 'recipient == address(0) || '),
  mutant('to the contract itself', ' || recipient == address(this)) revert RightsSettlementInvalidRecipient', ') revert RightsSettlementInvalidRecipient'),
  mutant('a fee on transfers goes unnoticed', 'if (IERC20(token).balanceOf(address(this)) != balance + amount) revert RightsSettlementInexactTransfer(token);', 'balance;'),
  mutant('money beside a token', 'if (msg.value != value) revert', 'if (msg.value < value) revert'),
  mutant('only tokens that return something', 'IERC20(token).safeTransferFrom(', 'IERC20(token).transferFrom('),
  mutant('a transfer that says no', 'IERC20(token).safeTransfer(', 'IERC20(token).transfer('),
  mutant('withdrawals may be nested', 'function withdraw(address token) external nonReentrant', 'function withdraw(address token) external'),
  mutant('refunds may be nested', 'function refund(bytes32 orderId) external nonReentrant', 'function refund(bytes32 orderId) external'),
  mutant('payments may be nested', 'external payable nonReentrant', 'external payable'),
  mutant('anybody revokes', 'function revokeRole(Role role) external onlyOwner', 'function revokeRole(Role role) external'),
  mutant('anybody proposes', 'function proposeRole(Role role, address account) external onlyOwner', 'function proposeRole(Role role, address account) external'),
  mutant('anybody accepts', 'if (account == address(0) || account != _proposed[role]) revert RightsSettlementNotProposed(role, account);'),
  mutant('one step', '_proposed[role] = account;', '_setHolder(role, account);'),
  mutant('a revoked role can still be accepted', 'delete _proposed[role];\n        _setHolder(role, address(0));', '_setHolder(role, address(0));'),
  mutant('one account has two roles', 'if (taken) revert RightsSettlementRolesNotSeparate(account);', 'taken;'),
  mutant('an owner becomes the settler', '_requireFree(newOwner);'),
  mutant('remainders go to the later', 'remainders[i] > remainders[largest]', 'remainders[i] >= remainders[largest]', SPLIT),
  mutant('remainders go to the first', '++amounts[largest];', '++amounts[0];', SPLIT),
  mutant('remainders are lost', 'for (; left != 0; --left) {', 'for (; left > 1; --left) {', SPLIT),
];
