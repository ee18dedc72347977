// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {Ownable2Step} from "@openzeppelin/contracts/access/Ownable2Step.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IRightsSettlement as S} from "../interfaces/IRightsSettlement.sol";
import {Actor} from "./Actor.sol";
import {ACTORS, KEYS, SettlementOrders, TOKENS} from "./SettlementOrders.sol";
import {SettlementUnderTest} from "./SettlementUnderTest.sol";
import {TestToken} from "./TestToken.sol";
import {FeeToken} from "./FeeToken.sol";
import {FalseToken} from "./FalseToken.sol";
import {HookToken} from "./HookToken.sol";

/// @title What RightsSettlement must be like, kept in memory beside it
abstract contract SettlementModel is SettlementOrders {
    error SettlementFuzzFailed(uint256 seed, uint256 step, string what, bytes4 expected, bytes4 actual);

    uint256 internal constant FUND = 0;
    uint256 internal constant REPLAY = 1;
    uint256 internal constant RELEASE = 2;
    uint256 internal constant REFUND = 3;
    uint256 internal constant WITHDRAW = 4;
    uint256 internal constant WARP = 5;
    uint256 internal constant ROLE = 6;
    uint256 internal constant DONATE = 7;
    uint256 internal constant MISBEHAVE = 8;
    uint256 internal constant KINDS = 9;

    bytes4 private constant UNAUTHORIZED = bytes4(keccak256("OwnableUnauthorizedAccount(address)"));

    /// @notice Told once, before the first run: actor 0 is the owner, 1 the settler, the first key the order signer's.
    function prepare(SettlementUnderTest settlement_, Actor[ACTORS] calldata actors_, address[TOKENS] calldata tokens_, uint256[KEYS] calldata keys_, address[KEYS] calldata signers_) external payable {
        (settlement, actors, tokens, keys, signers) = (settlement_, actors_, tokens_, keys_, signers_);
        for (uint256 i = 0; i < ACTORS; ++i) indexPlusOne[address(actors_[i])] = i + 1;
        for (uint256 t = 1; t < TOKENS; ++t) {
            for (uint256 i = 0; i < ACTORS; ++i) {
                TestToken(tokens_[t]).mint(address(actors_[i]), 2 ** 120);
                actors_[i].act(tokens_[t], 0, abi.encodeCall(IERC20.approve, (address(settlement_), type(uint256).max)));
            }
        }
    }

    function _begin(uint256 seed, uint256 steps) internal returns (Model memory m) {
        m.seed = seed;
        m.entries = new Entry[](steps);
        m.clock = 1_800_000_000;
        settlement.setClock(m.clock);
        m.owner = address(actors[0]);
        m.holders = [signers[0], address(actors[1])];
    }

    function _foretellFund(Model memory m, Entry memory entry, uint256 flaw) internal view returns (bytes4) {
        if (entry.state != S.State.None) return S.RightsSettlementOrderUsed.selector;
        if (flaw == FLAW_CALLER) return S.RightsSettlementNotBuyer.selector;
        if (flaw == FLAW_PAST) return S.RightsSettlementDeadlinePassed.selector;
        if (flaw == FLAW_FAR) return S.RightsSettlementDeadlineTooFar.selector;
        if (flaw == FLAW_ZERO_AMOUNT || flaw == FLAW_GIANT_AMOUNT) return S.RightsSettlementInvalidAmount.selector;
        if (flaw >= FIRST_SPLIT_FLAW && flaw <= LAST_SPLIT_FLAW) return S.RightsSettlementInvalidSplit.selector;
        if (flaw >= FIRST_SIGNATURE_FLAW || !_isKnownSigner(m.holders[0])) return S.RightsSettlementInvalidSignature.selector;
        if (flaw == FLAW_VALUE) return S.RightsSettlementWrongValue.selector;
        if (entry.token == FEE && m.charging) return S.RightsSettlementInexactTransfer.selector;
        return entry.token == FALSE && m.frozen ? SAFE_ERC20_FAILED : bytes4(0);
    }

    /// @dev Largest remainder by rank: another algorithm than the contract's.
    function _creditPayees(Model memory m, Entry memory entry) internal view {
        S.Order memory order = entry.order;
        uint256 left = order.amount;
        for (uint256 i = 0; i < order.payees.length; ++i) left -= order.amount * order.shareBps[i] / 10_000;
        for (uint256 i = 0; i < order.payees.length; ++i) {
            uint256 remainder = order.amount * order.shareBps[i] % 10_000;
            uint256 rank = 0;
            for (uint256 j = 0; j < order.payees.length; ++j) {
                uint256 other = order.amount * order.shareBps[j] % 10_000;
                if (other > remainder || (other == remainder && j < i)) ++rank;
            }
            m.credit[entry.token][_indexOf(order.payees[i])] += order.amount * order.shareBps[i] / 10_000 + (rank < left ? 1 : 0);
        }
        entry.state = S.State.Released;
    }

    /// @dev All that can be read is what the model says, and the model's own sums agree.
    function _compareAll(Model memory m) internal view {
        for (uint256 t = 0; t < TOKENS; ++t) {
            uint256 owed = 0;
            for (uint256 i = 0; i < ACTORS; ++i) {
                owed += m.credit[t][i];
                if (settlement.withdrawable(address(actors[i]), tokens[t]) != m.credit[t][i]) _fail(m, "withdrawable", 0, 0);
            }
            for (uint256 i = 0; i < m.count; ++i) if (m.entries[i].token == t && m.entries[i].state == S.State.Funded) owed += m.entries[i].order.amount;
            if (owed != m.held[t] || m.taken[t] != m.given[t] + m.held[t]) _fail(m, "sum", 0, 0);
            if (settlement.held(tokens[t]) != m.held[t]) _fail(m, "held", 0, 0);
            if (_balance(t, address(settlement)) != m.held[t] + m.donated[t]) _fail(m, "balance", 0, 0);
        }
        for (uint256 i = 0; i < m.count; ++i) {
            (S.State state, address buyer, , uint256 amount, , ) = settlement.orderOf(m.entries[i].order.orderId);
            if (state != m.entries[i].state || buyer != m.entries[i].order.buyer || amount != m.entries[i].order.amount) _fail(m, "order", 0, 0);
        }
        for (uint256 i = 0; i < ACTORS; ++i) if (actors[i].hits() != 0) _fail(m, "struck", 0, 0);
        bool roles = settlement.owner() == m.owner && settlement.pendingOwner() == m.pendingOwner
            && settlement.holderOf(S.Role.OrderSigner) == m.holders[0] && settlement.holderOf(S.Role.Settler) == m.holders[1]
            && settlement.proposedFor(S.Role.OrderSigner) == m.proposed[0] && settlement.proposedFor(S.Role.Settler) == m.proposed[1];
        if (!roles) _fail(m, "roles", 0, 0);
    }

    function _warp(Model memory m, uint256 time) internal returns (bool) {
        m.clock += time;
        settlement.setClock(m.clock);
        return true;
    }

    /// @dev Money that nobody has been asked for: forced, minted to the contract, or simply sent, which is refused.
    function _donate(Model memory m) internal returns (bool) {
        (uint256 token, uint256 amount) = (_draw(m, TOKENS), 1 + _draw(m, 1e18));
        if (_draw(m, 3) == 0) {
            (bool sent, ) = actors[_draw(m, ACTORS)].act(address(settlement), 1, "");
            if (sent) _fail(m, "sent", 0, 0);
        }
        if (token == NATIVE) _force(address(settlement), amount);
        else TestToken(tokens[token]).mint(address(settlement), amount);
        m.donated[token] += amount;
        return true;
    }

    /// @dev Creation code that destroys itself in favour of the account, which is not asked.
    function _force(address account, uint256 amount) private {
        bytes memory code = abi.encodePacked(hex"73", account, hex"ff");
        assembly ("memory-safe") {
            if iszero(create(amount, add(code, 32), mload(code))) { revert(0, 0) }
        }
    }

    /// @dev Tokens break their word, actors refuse money or wait for the moment when they are paid.
    function _misbehave(Model memory m) internal returns (bool) {
        uint256 what = _draw(m, 6);
        if (what == 0) FeeToken(tokens[FEE]).setCharging(m.charging = !m.charging);
        else if (what == 1) FalseToken(tokens[FALSE]).setFrozen(m.frozen = !m.frozen);
        else if (what == 2) {
            Actor actor = actors[1 + _draw(m, ACTORS - 1)]; // whom the others name when they cannot be paid never refuses
            actor.setRefusing(!actor.refusing());
        } else {
            Actor actor = actors[_draw(m, ACTORS)];
            actor.arm(address(settlement), _strike(m, address(actor)));
            HookToken(tokens[HOOK]).setAccomplice(actor);
        }
        return true;
    }

    function _thaw(Model memory m) internal {
        FeeToken(tokens[FEE]).setCharging(m.charging = false);
        FalseToken(tokens[FALSE]).setFrozen(m.frozen = false);
    }

    /// @dev What would do harm if it were possible while something else is under way: to be paid twice, to pay once for two orders.
    function _strike(Model memory m, address actor) private view returns (bytes memory) {
        uint256 what = _draw(m, 4);
        if (what == 0) return abi.encodeCall(S.withdraw, (tokens[_draw(m, TOKENS)]));
        if (what == 1 || m.count == 0) {
            S.Order memory order = _randomOrder(m, HOOK);
            order.buyer = actor;
            return abi.encodeCall(S.fund, (order, _sign(m, order, FLAW_NONE)));
        }
        Entry memory entry = m.entries[_draw(m, m.count)];
        return what == 2 ? abi.encodeCall(S.refund, (entry.order.orderId)) : abi.encodeCall(S.release, (entry.order));
    }

    function _changeRole(Model memory m) internal returns (bool) {
        uint256 what = _draw(m, 10);
        uint256 role = _draw(m, 2);
        address caller = _draw(m, 4) == 0 ? _actor(m) : m.owner;
        if (what == 0) return caller == m.owner ? _ownerRevokes(m, role) : _refused(m, caller, abi.encodeCall(S.revokeRole, (S.Role(role))));
        if (what < 5) {
            if (!_propose(m, caller, role, role == 0 && _draw(m, 6) != 0 ? signers[_draw(m, KEYS)] : _draw(m, 9) == 0 ? address(0) : _actor(m))) return false;
            return _draw(m, 4) == 0 || _accept(m, role, m.proposed[role]);
        }
        if (what == 5) return _accept(m, role, _draw(m, 2) == 0 ? m.proposed[role] : _actor(m));
        if (what == 6) {
            (bool renounced, ) = Actor(payable(m.owner)).act(address(settlement), 0, abi.encodeWithSignature("renounceOwnership()"));
            if (renounced) _fail(m, "renounced", 0, 0);
            return false;
        }
        if (what == 7) return _acceptOwnership(m, _draw(m, 2) == 0 ? _actor(m) : m.pendingOwner);
        return _transferOwnership(m, caller, _draw(m, 9) == 0 ? address(0) : _actor(m)) && _draw(m, 2) == 0 && _acceptOwnership(m, m.pendingOwner);
    }

    function _ownerRevokes(Model memory m, uint256 role) internal returns (bool ok) {
        bytes4 problem;
        (ok, problem) = _act(m.owner, 0, abi.encodeCall(S.revokeRole, (S.Role(role))));
        _expect(m, "revoke", 0, ok, problem);
        m.holders[role] = m.proposed[role] = address(0);
    }

    function _propose(Model memory m, address caller, uint256 role, address account) private returns (bool ok) {
        bytes4 problem;
        (ok, problem) = _act(caller, 0, abi.encodeCall(S.proposeRole, (S.Role(role), account)));
        bytes4 expected = caller != m.owner ? UNAUTHORIZED : _isTaken(m, account) ? S.RightsSettlementRolesNotSeparate.selector : bytes4(0);
        _expect(m, "propose", expected, ok, problem);
        if (ok) m.proposed[role] = account;
    }

    function _accept(Model memory m, uint256 role, address account) private returns (bool ok) {
        bytes4 problem;
        if (account == address(0)) return false;
        if (indexPlusOne[account] != 0) (ok, problem) = _act(account, 0, abi.encodeCall(S.acceptRole, (S.Role(role))));
        else {
            // A key without code sends no transactions in here.
            try settlement.acceptRoleAs(S.Role(role), account) { ok = true; } catch (bytes memory data) { problem = bytes4(data); }
        }
        _expect(m, "accept", account != m.proposed[role] ? S.RightsSettlementNotProposed.selector : bytes4(0), ok, problem);
        if (ok) (m.holders[role], m.proposed[role]) = (account, address(0));
    }

    function _transferOwnership(Model memory m, address caller, address account) private returns (bool ok) {
        bytes4 problem;
        (ok, problem) = _act(caller, 0, abi.encodeCall(Ownable2Step.transferOwnership, (account)));
        bytes4 expected = caller != m.owner ? UNAUTHORIZED : _isTaken(m, account) ? S.RightsSettlementRolesNotSeparate.selector : bytes4(0);
        _expect(m, "transfer", expected, ok, problem);
        if (ok) m.pendingOwner = account;
    }

    function _acceptOwnership(Model memory m, address account) private returns (bool ok) {
        bytes4 problem;
        if (account == address(0)) return false;
        (ok, problem) = _act(account, 0, abi.encodeCall(Ownable2Step.acceptOwnership, ()));
        _expect(m, "own", account != m.pendingOwner ? UNAUTHORIZED : bytes4(0), ok, problem);
        if (ok) (m.owner, m.pendingOwner) = (account, address(0));
    }

    function _refused(Model memory m, address caller, bytes memory data) private returns (bool ok) {
        bytes4 problem;
        (ok, problem) = _act(caller, 0, data);
        _expect(m, "refused", UNAUTHORIZED, ok, problem);
    }

    function _isTaken(Model memory m, address account) private pure returns (bool) {
        if (account == address(0)) return false;
        return account == m.owner || account == m.pendingOwner || account == m.holders[0] || account == m.holders[1] || account == m.proposed[0] || account == m.proposed[1];
    }

    function _act(address caller, uint256 value, bytes memory data) internal returns (bool ok, bytes4 problem) {
        bytes memory result;
        (ok, result) = Actor(payable(caller)).act(address(settlement), value, data);
        if (!ok) problem = bytes4(result);
    }

    function _expect(Model memory m, string memory what, bytes4 expected, bool ok, bytes4 problem) internal pure {
        if (ok != (expected == 0) || (!ok && problem != expected)) _fail(m, what, expected, problem);
    }

    function _fail(Model memory m, string memory what, bytes4 expected, bytes4 actual) internal pure {
        revert SettlementFuzzFailed(m.seed, m.step, what, expected, actual);
    }
}
