// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

/// @title RFC 6962 Merkle proofs over SHA-256
/// @notice Verifies inclusion proofs (RFC 9162 §2.1.3.2) and consistency proofs (RFC 9162 §2.1.4.2).
/// @dev Every argument may be an attacker's choice. A proof is accepted only with exactly the elements that its tree needs: one statement, one proof.
///
/// Both functions walk the right edge of a tree by the bits of `node`, the index of its last leaf, and of the index of the other tree's last leaf
/// (or, for an inclusion proof, of the leaf and of the tree's last leaf). Up to the highest bit in which the two differ, each level has one element
/// of the proof: a 1 in `node` means that it is to the left, a 0 that it is to the right. Above, the two are on the same edge, where only a 1 has an
/// element: a complete subtree to the left. This is the RFC's loop without its shifts over the levels that have no element. The sizes
/// decide the number of steps, at most 64, however long the proof.
library Rfc6962 {
    /// @notice Whether `proof` leads from `leafHash` at `leafIndex` to the root of a tree of `treeSize` leaves.
    /// @param leafHash SHA-256(0x00 ‖ leaf)
    /// @param leafIndex position of the leaf, from 0
    /// @param treeSize number of leaves of the tree
    /// @param rootHash root of the tree
    /// @param proof the siblings from the leaf upwards (PATH of RFC 6962 §2.1.1)
    function verifyInclusion(bytes32 leafHash, uint64 leafIndex, uint64 treeSize, bytes32 rootHash, bytes32[] calldata proof)
        internal
        view
        returns (bool)
    {
        if (leafIndex >= treeSize) return false;
        uint256 node = leafIndex;
        uint256 last = uint256(treeSize) - 1;
        bytes32 hash = leafHash;
        uint256 used = 0;
        for (; node != last; ++used) {
            if (used == proof.length) return false;
            hash = node & 1 == 0 ? hashNode(hash, proof[used]) : hashNode(proof[used], hash);
            node >>= 1;
            last >>= 1;
        }
        for (; node != 0; ++used) {
            if (used == proof.length) return false;
            hash = hashNode(proof[used], hash);
            node &= node - 1; // its lowest 1 is done
        }
        return used == proof.length && hash == rootHash;
    }

    /// @notice Whether `proof` shows that the tree (`newSize`, `newRoot`) begins with the leaves of the tree (`oldSize`, `oldRoot`).
    /// @dev False unless 0 < `oldSize` < `newSize`: those cases have no proof, and the caller decides what they mean. Sizes are below 2^64; they are
    /// words, so that no dirty bit reaches the assembly.
    /// @param proof PROOF(oldSize, D[newSize]) of RFC 6962 §2.1.2; without the old root when `oldSize` is a power of two
    function verifyConsistency(uint256 oldSize, bytes32 oldRoot, uint256 newSize, bytes32 newRoot, bytes32[] calldata proof)
        internal
        view
        returns (bool consistent)
    {
        if (oldSize == 0 || oldSize >= newSize) return false;
        // In assembly, because every anchor pays for it: at a million leaves up to 22 elements and 41 hashes. An element read behind the end of
        // the proof is some other word of the calldata or 0; the count at the end refuses what was made of it.
        assembly ("memory-safe") {
            let node := sub(oldSize, 1)
            let differ := xor(node, sub(newSize, 1))
            // The proof starts with the largest complete subtree at the old tree's right edge. `level` is its width, a power of two.
            let level := and(oldSize, not(node))
            let element := proof.offset
            let ran := 1 // 0 after a failed call of the precompile

            // Behind the free memory pointer, for the old tree and for the new one: 0x01 ‖ left ‖ right. The right half holds the hash so far, the
            // digest goes there, and each step writes only what changes.
            let oldNode := mload(0x40)
            let newNode := add(oldNode, 0x60)
            mstore8(oldNode, 0x01)
            mstore8(newNode, 0x01)
            {
                // When that subtree is the whole old tree, the proof leaves its root out.
                let start := oldRoot
                if xor(oldSize, level) {
                    start := calldataload(element)
                    element := add(element, 0x20)
                }
                let oldLeft := add(oldNode, 0x01)
                let oldRight := add(oldNode, 0x21)
                let newLeft := add(newNode, 0x01)
                let newRight := add(newNode, 0x21)
                mstore(oldRight, start)
                mstore(newRight, start)

                for {} iszero(gt(level, differ)) {
                    element := add(element, 0x20)
                    level := shl(1, level)
                } {
                    if iszero(and(node, level)) {
                        // To the right: only the new tree has it.
                        mstore(newLeft, mload(newRight))
                        mstore(newRight, calldataload(element))
                        ran := and(ran, staticcall(gas(), 0x02, newNode, 0x41, newRight, 0x20))
                        continue
                    }
                    // To the left: both trees have it.
                    mstore(oldLeft, calldataload(element))
                    mstore(newLeft, calldataload(element))
                    ran := and(and(ran, staticcall(gas(), 0x02, oldNode, 0x41, oldRight, 0x20)), staticcall(gas(), 0x02, newNode, 0x41, newRight, 0x20))
                }
                for { node := and(node, sub(0, level)) } node {
                    element := add(element, 0x20)
                    node := and(node, sub(node, 1))
                } {
                    mstore(oldLeft, calldataload(element))
                    mstore(newLeft, calldataload(element))
                    ran := and(and(ran, staticcall(gas(), 0x02, oldNode, 0x41, oldRight, 0x20)), staticcall(gas(), 0x02, newNode, 0x41, newRight, 0x20))
                }
            }
            // A call fails only when its gas runs out, and leaves the old bytes where the digest should be.
            if iszero(ran) { revert(0x00, 0x00) }
            consistent := and(
                eq(element, add(proof.offset, shl(5, proof.length))), // neither shorter nor longer than needed
                and(eq(mload(add(oldNode, 0x21)), oldRoot), eq(mload(add(newNode, 0x21)), newRoot))
            )
        }
    }

    /// @notice SHA-256(0x01 ‖ left ‖ right)
    /// @dev Assembly, because `sha256(abi.encodePacked(…))` allocates memory and copies at every call.
    function hashNode(bytes32 left, bytes32 right) internal view returns (bytes32 hash) {
        assembly ("memory-safe") {
            // 65 bytes behind the free memory pointer; the digest goes to the scratch space.
            let buffer := mload(0x40)
            mstore8(buffer, 0x01)
            mstore(add(buffer, 0x01), left)
            mstore(add(buffer, 0x21), right)
            if iszero(staticcall(gas(), 0x02, buffer, 0x41, 0x00, 0x20)) { revert(0x00, 0x00) }
            hash := mload(0x00)
        }
    }
}
