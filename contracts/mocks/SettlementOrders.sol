// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IRightsSettlement as S} from "../interfaces/IRightsSettlement.sol";
import {Actor} from "./Actor.sol";
import {SettlementUnderTest} from "./SettlementUnderTest.sol";

uint256 constant ACTORS = 8;
uint256 constant TOKENS = 6;
uint256 constant KEYS = 3;

/// @title Random orders, good ones and bad ones, and real signatures for them
abstract contract SettlementOrders {
    struct Entry { S.Order order; S.State state; uint256 token; }

    struct Model {
        uint256 seed;
        uint256 step;
        uint256 draws;
        uint256 clock;
        address owner;
        address pendingOwner;
        address[2] holders;
        address[2] proposed;
        bool charging;
        bool frozen;
        Entry[] entries;
        uint256 count;
        uint256[TOKENS] held;
        uint256[TOKENS] taken;
        uint256[TOKENS] given;
        uint256[TOKENS] donated;
        uint256[ACTORS][TOKENS] credit;
    }

    uint256 internal constant NATIVE = 0;
    uint256 internal constant FEE = 3;
    uint256 internal constant FALSE = 4;
    uint256 internal constant HOOK = 5;

    uint256 internal constant FLAW_NONE = 0;
    uint256 internal constant FLAW_CALLER = 1;
    uint256 internal constant FLAW_VALUE = 2;
    uint256 internal constant FLAW_PAST = 3;
    uint256 internal constant FLAW_FAR = 4;
    uint256 internal constant FLAW_ZERO_AMOUNT = 5;
    uint256 internal constant FLAW_GIANT_AMOUNT = 6;
    uint256 internal constant FIRST_SPLIT_FLAW = 7;
    uint256 internal constant FLAW_SUM = 7;
    uint256 internal constant FLAW_ZERO_SHARE = 8;
    uint256 internal constant FLAW_ZERO_PAYEE = 9;
    uint256 internal constant FLAW_OWN_PAYEE = 10;
    uint256 internal constant FLAW_MANY = 11;
    uint256 internal constant FLAW_LENGTHS = 12;
    uint256 internal constant FLAW_EMPTY = 13;
    uint256 internal constant LAST_SPLIT_FLAW = 13;
    uint256 internal constant FIRST_SIGNATURE_FLAW = 14;
    uint256 internal constant FLAW_HIGH_S = 14;
    uint256 internal constant FLAW_OTHER_KEY = 15;
    uint256 internal constant FLAW_OTHER_CHAIN = 16;
    uint256 internal constant FLAW_OTHER_CONTRACT = 17;
    uint256 internal constant FLAW_SHORT = 18;
    uint256 internal constant FLAW_LONG = 19;
    uint256 internal constant FLAW_V = 20;
    uint256 internal constant FIRST_TAMPERING = 21;
    uint256 internal constant FLAWS = 27;

    bytes4 internal constant SAFE_ERC20_FAILED = bytes4(keccak256("SafeERC20FailedOperation(address)"));

    /// @dev secp256k1: order of the group, x of the generator. With the nonce 1 a signature needs no curve arithmetic: r is the generator's x, whose y is even. It gives the key away.
    uint256 private constant N = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141;
    uint256 private constant GX = 0x79BE667EF9DCBBAC55A06295CE870B07029BFCDB2DCE28D959F2815B16F81798;

    SettlementUnderTest public settlement;
    Actor[ACTORS] public actors;
    address[TOKENS] public tokens;
    uint256[KEYS] internal keys;
    address[KEYS] internal signers;
    mapping(address => uint256) internal indexPlusOne;

    /// @dev 0 to `below` − 1.
    function _draw(Model memory m, uint256 below) internal pure returns (uint256) {
        return uint256(keccak256(abi.encode(m.seed, ++m.draws))) % below;
    }

    function _actor(Model memory m) internal view returns (address) {
        return address(actors[_draw(m, ACTORS)]);
    }

    /// @dev One of the two, if it is anybody, or whoever.
    function _someone(Model memory m, address a, address b) internal view returns (address) {
        uint256 n = _draw(m, 5);
        address chosen = n < 2 ? a : n < 4 ? b : _actor(m);
        return chosen == address(0) ? _actor(m) : chosen;
    }

    function _indexOf(address account) internal view returns (uint256) {
        return indexPlusOne[account] - 1;
    }

    function _balance(uint256 token, address account) internal view returns (uint256) {
        return token == NATIVE ? account.balance : IERC20(tokens[token]).balanceOf(account);
    }

    function _isKnownSigner(address account) internal view returns (bool) {
        return account == signers[0] || account == signers[1] || account == signers[2];
    }

    function _randomOrder(Model memory m, uint256 token) internal view returns (S.Order memory order) {
        order.orderId = keccak256(abi.encode(m.seed, m.step, m.draws));
        order.buyer = _actor(m);
        order.token = tokens[token];
        uint256 size = _draw(m, 8);
        order.amount = size < 3 ? 1 + _draw(m, 50) : size == 3 ? type(uint96).max - _draw(m, 2) : 1 + _draw(m, 1e20);
        // The boundary itself is drawn too: up to the farthest deadline, down to the next second.
        uint256 term = _draw(m, 16);
        order.deadline = uint64(m.clock + (term == 0 ? 90 days : term == 1 ? 1 : 1 + _draw(m, 1_000)));
        uint256 count = _draw(m, 16) == 0 ? 32 : 1 + _draw(m, 4);
        order.payees = new address[](count);
        order.shareBps = new uint16[](count);
        uint256 rest = 10_000;
        bool even = _draw(m, 3) == 0;
        for (uint256 i = 0; i < count; ++i) {
            order.payees[i] = _actor(m);
            uint256 share = i == count - 1 ? rest : even ? 10_000 / count : 1 + _draw(m, rest - (count - 1 - i));
            order.shareBps[i] = uint16(share);
            rest -= share;
        }
    }

    /// @dev What the order signer would never sign, and has signed.
    function _spoilTerms(Model memory m, S.Order memory order, uint256 flaw) internal view {
        uint256 last = order.payees.length - 1;
        if (flaw == FLAW_PAST) order.deadline = uint64(m.clock - _draw(m, 3));
        else if (flaw == FLAW_FAR) order.deadline = _draw(m, 2) == 0 ? uint64(m.clock + 90 days + 1) : type(uint64).max;
        else if (flaw == FLAW_ZERO_AMOUNT) order.amount = 0;
        else if (flaw == FLAW_GIANT_AMOUNT) order.amount = _draw(m, 2) == 0 ? uint256(type(uint96).max) + 1 : type(uint256).max;
        else if (flaw == FLAW_SUM) order.shareBps[last] = order.shareBps[last] == 1 ? 2 : order.shareBps[last] - 1;
        else if (flaw == FLAW_ZERO_SHARE) (order.payees, order.shareBps) = _append(order, address(actors[0]), 0, 1);
        else if (flaw == FLAW_ZERO_PAYEE) order.payees[last] = address(0);
        else if (flaw == FLAW_OWN_PAYEE) order.payees[0] = address(settlement);
        else if (flaw == FLAW_MANY) (order.payees, order.shareBps) = _many();
        else if (flaw == FLAW_LENGTHS) (order.payees, ) = _append(order, address(actors[0]), 0, 1);
        else if (flaw == FLAW_EMPTY) (order.payees, order.shareBps) = (new address[](0), new uint16[](0));
    }

    /// @dev What somebody else changes in a signed order.
    function _spoilAfterSigning(Model memory m, S.Order memory order, uint256 flaw) internal view {
        if (flaw == FIRST_TAMPERING) order.amount = order.amount == 1 ? 2 : order.amount - 1;
        else if (flaw == FIRST_TAMPERING + 1) order.payees[0] = order.payees[0] == order.buyer ? address(actors[_indexOf(order.buyer) == 0 ? 1 : 0]) : order.buyer;
        else if (flaw == FIRST_TAMPERING + 2) order.deadline = order.deadline - 1 <= m.clock ? order.deadline + 1 : order.deadline - 1;
        else if (flaw == FIRST_TAMPERING + 3) order.orderId = ~order.orderId;
        else if (flaw == FIRST_TAMPERING + 4) order.token = order.token == tokens[1] ? tokens[2] : tokens[1];
        else if (flaw == FIRST_TAMPERING + 5) order.buyer = address(actors[(_indexOf(order.buyer) + 1) % ACTORS]);
    }

    function _sign(Model memory m, S.Order memory order, uint256 flaw) internal view returns (bytes memory) {
        uint256 key = m.holders[0] == signers[1] ? 1 : m.holders[0] == signers[2] ? 2 : 0;
        if (flaw == FLAW_OTHER_KEY) key = (key + 1) % KEYS;
        uint256 s = addmod(uint256(_digest(order, flaw)), mulmod(GX, keys[key], N), N);
        uint8 v = 27; // the generator's y is even; a negated s belongs to the point with the odd one
        if ((s > N / 2) != (flaw == FLAW_HIGH_S)) (s, v) = (N - s, 28);
        if (flaw == FLAW_V) v -= 27;
        if (flaw == FLAW_SHORT) return abi.encodePacked(GX, s);
        bytes memory signature = abi.encodePacked(GX, s, v);
        return flaw == FLAW_LONG ? abi.encodePacked(signature, uint8(0)) : signature;
    }

    /// @dev EIP-712, written down once more.
    function _digest(S.Order memory order, uint256 flaw) private view returns (bytes32) {
        bytes32 domain = keccak256(abi.encode(
            keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"), keccak256("Zhengben RightsSettlement"), keccak256("1"),
            flaw == FLAW_OTHER_CHAIN ? block.chainid + 1 : block.chainid, flaw == FLAW_OTHER_CONTRACT ? address(this) : address(settlement)
        ));
        bytes32 terms = keccak256(abi.encode(
            keccak256("Order(bytes32 orderId,address buyer,address token,uint256 amount,address[] payees,uint16[] shareBps,uint64 deadline)"),
            order.orderId, order.buyer, order.token, order.amount, keccak256(abi.encodePacked(order.payees)), keccak256(abi.encodePacked(order.shareBps)), order.deadline
        ));
        return keccak256(abi.encodePacked(hex"1901", domain, terms));
    }

    function _append(S.Order memory order, address payee, uint16 share, uint256 more) private pure returns (address[] memory payees, uint16[] memory shareBps) {
        uint256 count = order.payees.length;
        payees = new address[](count + more);
        shareBps = new uint16[](count + more);
        for (uint256 i = 0; i < count; ++i) (payees[i], shareBps[i]) = (order.payees[i], order.shareBps[i]);
        for (uint256 i = count; i < count + more; ++i) (payees[i], shareBps[i]) = (payee, share);
    }

    function _many() private view returns (address[] memory payees, uint16[] memory shareBps) {
        payees = new address[](33);
        shareBps = new uint16[](33);
        for (uint256 i = 0; i < 33; ++i) (payees[i], shareBps[i]) = (address(actors[i % ACTORS]), i == 0 ? 10_000 - 32 : 1);
    }
}
