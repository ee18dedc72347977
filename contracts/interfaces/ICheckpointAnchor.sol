// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

/// @title The anchor of one append-only log
/// @notice Keeps the checkpoints of an RFC 6962 log. Each is accepted only with a proof that it extends the one before, so whoever writes here,
/// the operator included, can neither rewrite nor fork what is anchored.
interface ICheckpointAnchor {
    /// @notice A checkpoint was anchored; it extends the one of `previousTreeSize` leaves (0: it is the first).
    event CheckpointAnchored(uint64 indexed treeSize, bytes32 indexed rootHash, uint64 previousTreeSize);

    /// @notice The owner has handed the right to anchor from one address to another. The zero address: nobody anchors.
    event AnchorerChanged(address indexed previousAnchorer, address indexed anchorer);

    /// @notice Only the anchorer anchors.
    error CheckpointAnchorNotAnchorer(address caller);

    /// @notice The tree must be larger than the anchored one.
    error CheckpointAnchorNotLarger(uint64 anchoredTreeSize, uint64 treeSize);

    /// @notice The proof does not show that the new tree extends the anchored one.
    error CheckpointAnchorInconsistent(uint64 anchoredTreeSize, uint64 treeSize);

    /// @notice An origin is 1 to 255 bytes of UTF-8 without control characters, spaces and plus signs (C2SP signed-note key name).
    error CheckpointAnchorInvalidOrigin();

    /// @notice A log key is an Ed25519 public key, never zero.
    error CheckpointAnchorInvalidLogKey();

    /// @notice The first anchorer must not be the zero address.
    error CheckpointAnchorInvalidAnchorer();

    /// @notice The owner (cold key) and the anchorer (hot key) must be two addresses.
    error CheckpointAnchorOwnerIsAnchorer(address account);

    /// @notice Ownership cannot be renounced: without an owner a stolen anchorer key could never be stopped.
    error CheckpointAnchorOwnerRequired();

    /// @notice This chain has no SHA-256 precompile at address 2.
    error CheckpointAnchorNoSha256();

    /// @notice Anchors a checkpoint. Anchorer only.
    /// @param treeSize number of leaves; greater than that of the anchored checkpoint
    /// @param rootHash RFC 6962 root of the tree
    /// @param consistencyProof RFC 6962 §2.1.2 PROOF from the anchored size to `treeSize`; empty for the first checkpoint
    function anchor(uint64 treeSize, bytes32 rootHash, bytes32[] calldata consistencyProof) external;

    /// @notice Hands the right to anchor to another address; the zero address stops anchoring. Owner only.
    function setAnchorer(address newAnchorer) external;

    /// @notice The newest anchored checkpoint; all zero before the first.
    /// @return treeSize number of leaves
    /// @return rootHash root of the tree
    /// @return blockTime Unix time in seconds of the block that anchored it
    function head() external view returns (uint64 treeSize, bytes32 rootHash, uint64 blockTime);

    /// @notice When a checkpoint was anchored.
    /// @return blockTime Unix time in seconds of its block; 0: this tree was never anchored
    function anchoredAt(uint64 treeSize, bytes32 rootHash) external view returns (uint64 blockTime);

    /// @notice Whether a leaf stands in an anchored tree. False, never an error, for whatever does not verify.
    /// @param leafHash SHA-256(0x00 ‖ leaf)
    /// @param leafIndex position of the leaf, from 0
    /// @param treeSize number of leaves of an anchored tree
    /// @param rootHash root of that tree
    /// @param proof RFC 6962 §2.1.1 PATH from the leaf upwards
    function verifyInclusion(bytes32 leafHash, uint64 leafIndex, uint64 treeSize, bytes32 rootHash, bytes32[] calldata proof) external view returns (bool);

    /// @notice The log's name: the origin line of its checkpoints.
    function origin() external view returns (string memory);

    /// @notice The Ed25519 public key that signed the log's checkpoints when this contract was deployed. Rotations are statements in the log.
    function logKey() external view returns (bytes32);

    /// @notice The contract, on this chain, whose log this one succeeds; zero for a first log or a predecessor elsewhere.
    /// @dev A pointer for people. What binds is this log's first statement, `log.succeeds`, which names the predecessor's last good head.
    function predecessor() external view returns (address);

    /// @notice Who may anchor.
    function anchorer() external view returns (address);
}
