// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {IRightsSettlement as S} from "../interfaces/IRightsSettlement.sol";
import {Actor} from "./Actor.sol";
import {SettlementModel} from "./SettlementModel.sol";
import {ACTORS, TOKENS} from "./SettlementOrders.sol";

/// @title A stateful fuzz of RightsSettlement that runs inside the EVM
/// @notice `run(seed, steps)` does that many random things, of all that anybody can do, by honest people, thieves and an operator gone mad; foretells each outcome from
/// {SettlementModel}, which knows the rules and not the code; and compares everything that can be read after each step. One eth_call is one run: its changes are thrown away.
contract SettlementFuzz is SettlementModel {
    uint256 private constant WEIGHTS = 100;

    /// @notice Reverts with SettlementFuzzFailed at the first thing that is not as it should be.
    /// @return done how many of the steps succeeded, by kind
    function run(uint256 seed, uint256 steps) external returns (uint256[KINDS] memory done) {
        Model memory m = _begin(seed, steps);
        for (m.step = 0; m.step < steps; ++m.step) {
            uint256 kind = _kind(_draw(m, WEIGHTS));
            if (_perform(m, kind)) ++done[kind];
            _compareAll(m);
        }
        _leave(m);
    }

    function _kind(uint256 n) private pure returns (uint256) {
        if (n < 32) return FUND;
        if (n < 37) return REPLAY;
        if (n < 53) return RELEASE;
        if (n < 65) return REFUND;
        if (n < 80) return WITHDRAW;
        if (n < 87) return WARP;
        if (n < 94) return ROLE;
        return n < 97 ? DONATE : MISBEHAVE;
    }

    /// @return whether it succeeded
    function _perform(Model memory m, uint256 kind) private returns (bool) {
        if (kind == FUND) return _fund(m);
        if (kind == WITHDRAW) return _withdrawAny(m);
        if (kind == WARP) return _draw(m, 3) == 0 ? _warpToDeadline(m) : _warp(m, _draw(m, _draw(m, 8) == 0 ? 40 days : 400));
        if (kind == ROLE) return _changeRole(m);
        if (kind == DONATE) return _donate(m);
        if (kind == MISBEHAVE) return _misbehave(m);
        if (m.count == 0) return false;
        Entry memory entry = _anyEntry(m);
        if (kind == REPLAY) return _fundWith(m, entry, FLAW_NONE);
        return kind == RELEASE ? _release(m, entry) : _refund(m, entry, _someone(m, m.holders[1], entry.order.buyer));
    }

    /// @dev One that has not ended, if there is any near; one in four whatever.
    function _anyEntry(Model memory m) private pure returns (Entry memory) {
        uint256 i = _draw(m, m.count);
        bool any = _draw(m, 4) == 0;
        for (uint256 tries = 0; !any && tries < m.count && m.entries[i].state != S.State.Funded; ++tries) i = (i + 1) % m.count;
        return m.entries[i];
    }

    /// @dev A new order: three of four as they should be, the others with one flaw.
    function _fund(Model memory m) private returns (bool) {
        Entry memory entry = m.entries[m.count];
        entry.token = _draw(m, TOKENS);
        entry.order = _randomOrder(m, entry.token);
        entry.state = S.State.None;
        uint256 flaw = _draw(m, 4) == 0 ? 1 + _draw(m, FLAWS - 1) : FLAW_NONE;
        _spoilTerms(m, entry.order, flaw);
        bool funded = _fundWith(m, entry, flaw);
        if (funded) ++m.count;
        return funded;
    }

    function _fundWith(Model memory m, Entry memory entry, uint256 flaw) private returns (bool) {
        S.Order memory order = entry.order;
        bytes memory signature = _sign(m, order, flaw);
        _spoilAfterSigning(m, order, flaw);
        address caller = flaw == FLAW_CALLER ? address(actors[(_indexOf(order.buyer) + 1) % ACTORS]) : order.buyer;
        uint256 value = order.token == address(0) ? order.amount : 0;
        if (flaw == FLAW_VALUE) value = value == 0 ? 1 : value - 1;
        if (value > caller.balance) value = 0; // as if they had sent nothing: those amounts are refused anyway

        bytes4 expected = _foretellFund(m, entry, flaw);
        (bool ok, bytes4 problem) = _act(caller, value, abi.encodeCall(S.fund, (order, signature)));
        _expect(m, "fund", expected, ok, problem);
        if (!ok) return false;
        entry.state = S.State.Funded;
        m.held[entry.token] += order.amount;
        m.taken[entry.token] += order.amount;
        return true;
    }

    function _release(Model memory m, Entry memory entry) private returns (bool) {
        address caller = _draw(m, 5) == 0 ? _actor(m) : m.holders[1];
        if (caller == address(0)) caller = address(actors[0]);
        S.Order memory order = entry.order;
        // A settler gone mad would like to pay himself.
        bool forged = _draw(m, 6) == 0;
        address first = order.payees[0];
        if (forged) order.payees[0] = first == address(actors[1]) ? address(actors[2]) : address(actors[1]);
        bytes4 expected = 0;
        if (caller != m.holders[1]) expected = S.RightsSettlementNotSettler.selector;
        else if (entry.state != S.State.Funded) expected = S.RightsSettlementNotFunded.selector;
        else if (forged) expected = S.RightsSettlementOtherOrder.selector;
        (bool ok, bytes4 problem) = _act(caller, 0, abi.encodeCall(S.release, (order)));
        order.payees[0] = first;
        _expect(m, "release", expected, ok, problem);
        if (ok) _creditPayees(m, entry);
        return ok;
    }

    function _refund(Model memory m, Entry memory entry, address caller) private returns (bool) {
        bytes4 expected = 0;
        if (entry.state != S.State.Funded) expected = S.RightsSettlementNotFunded.selector;
        else if (caller != m.holders[1] && caller != entry.order.buyer) expected = S.RightsSettlementNotRefunder.selector;
        else if (caller != m.holders[1] && m.clock < entry.order.deadline) expected = S.RightsSettlementDeadlineAhead.selector;
        (bool ok, bytes4 problem) = _act(caller, 0, abi.encodeCall(S.refund, (entry.order.orderId)));
        _expect(m, "refund", expected, ok, problem);
        if (!ok) return false;
        entry.state = S.State.Refunded;
        m.credit[entry.token][_indexOf(entry.order.buyer)] += entry.order.amount;
        return true;
    }

    /// @dev To the last second before an order's deadline, or the first after, where the buyer tries.
    function _warpToDeadline(Model memory m) private returns (bool) {
        if (m.count == 0) return false;
        Entry memory entry = _anyEntry(m);
        uint256 time = entry.order.deadline - _draw(m, 2);
        if (time < m.clock) return false;
        _warp(m, time - m.clock);
        _refund(m, entry, entry.order.buyer);
        return true;
    }

    function _withdrawAny(Model memory m) private returns (bool) {
        (uint256 who, uint256 token) = (_draw(m, ACTORS), _draw(m, TOKENS));
        // Two of three times somebody who has something, if there is anybody.
        for (uint256 i = 0; i < ACTORS * TOKENS && m.credit[token][who] == 0 && m.step % 3 != 0; ++i) {
            who = (who + 1) % ACTORS;
            if (i % ACTORS == ACTORS - 1) token = (token + 1) % TOKENS;
        }
        if (_draw(m, 2) == 0) return _withdraw(m, who, token, who, false);
        uint256 to = _draw(m, ACTORS + 2);
        return _withdraw(m, who, token, to, true);
    }

    /// @dev `to`: an actor, or beyond them the zero address and the contract itself.
    function _withdraw(Model memory m, uint256 who, uint256 token, uint256 to, bool named) private returns (bool) {
        address recipient = to < ACTORS ? address(actors[to]) : to == ACTORS ? address(0) : address(settlement);
        uint256 amount = m.credit[token][who];
        bytes4 expected = 0;
        if (to >= ACTORS) expected = S.RightsSettlementInvalidRecipient.selector;
        else if (amount == 0) expected = S.RightsSettlementNothingToWithdraw.selector;
        else if (token == NATIVE && actors[to].refusing()) expected = S.RightsSettlementPaymentRefused.selector;
        else if (token == FALSE && m.frozen) expected = SAFE_ERC20_FAILED;
        uint256 before = _balance(token, recipient);
        bytes memory data = named ? abi.encodeCall(S.withdrawTo, (tokens[token], recipient)) : abi.encodeCall(S.withdraw, (tokens[token]));
        (bool ok, bytes4 problem) = _act(address(actors[who]), 0, data);
        _expect(m, "withdraw", expected, ok, problem);
        if (!ok) return false;
        uint256 fee = token == FEE && m.charging ? amount / 100 + 1 : 0;
        if (_balance(token, recipient) != before + amount - fee) _fail(m, "paid", 0, 0);
        m.credit[token][who] = 0;
        m.held[token] -= amount;
        m.given[token] += amount;
        return true;
    }

    /// @dev The operator and the service are gone, the time is over: each gets what is his, by himself, and nothing is left.
    function _leave(Model memory m) private {
        if (m.holders[1] != address(0)) _ownerRevokes(m, 1);
        if (m.holders[0] != address(0)) _ownerRevokes(m, 0);
        _thaw(m);
        _warp(m, 91 days);
        for (uint256 i = 0; i < m.count; ++i) {
            if (m.entries[i].state == S.State.Funded && !_refund(m, m.entries[i], m.entries[i].order.buyer)) _fail(m, "stuck", 0, 0);
        }
        for (uint256 token = 0; token < TOKENS; ++token) {
            for (uint256 who = 0; who < ACTORS; ++who) {
                if (m.credit[token][who] == 0) continue;
                // Whoever cannot be paid is paid elsewhere.
                bool elsewhere = token == NATIVE && actors[who].refusing();
                if (!_withdraw(m, who, token, elsewhere ? 0 : who, elsewhere)) _fail(m, "stuck", 0, 0);
            }
            if (settlement.held(tokens[token]) != 0 || m.taken[token] != m.given[token]) _fail(m, "left", 0, 0);
        }
        _compareAll(m);
    }
}
