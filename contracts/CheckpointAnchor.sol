// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";
import {Ownable2Step} from "@openzeppelin/contracts/access/Ownable2Step.sol";
import {ICheckpointAnchor} from "./interfaces/ICheckpointAnchor.sol";
import {Rfc6962} from "./libraries/Rfc6962.sol";

/// @title The anchor of one append-only log
/// @notice See {ICheckpointAnchor}. No proxy and no upgrade: what this code accepts today it accepts for ever.
/// @dev Two roles. The owner (a cold key, two-step transfer) only says who anchors; the anchorer (a hot key) only appends. A stolen anchorer key
/// can append garbage, which cannot be undone: the owner stops it, and a new log with a new contract names this one as its predecessor.
contract CheckpointAnchor is ICheckpointAnchor, Ownable2Step {
    /// @inheritdoc ICheckpointAnchor
    bytes32 public immutable logKey;

    /// @inheritdoc ICheckpointAnchor
    address public immutable predecessor;

    /// @inheritdoc ICheckpointAnchor
    string public origin;

    /// @dev anchorer << 64 | size of the head's tree. One word, because an anchor reads both and writes one.
    uint256 private _anchorerAndTreeSize;

    bytes32 private _headRootHash;

    /// @dev Sizes only grow, so one size never has two roots.
    mapping(uint256 treeSize => mapping(bytes32 rootHash => uint256 blockTime)) private _anchoredAt;

    /// @param origin_ the log's origin line; a name that no other log has
    /// @param logKey_ the log's Ed25519 public key
    /// @param owner_ who says who anchors; a cold key, not the deployer's
    /// @param anchorer_ who anchors
    /// @param predecessor_ the contract whose log this one succeeds, or zero
    constructor(string memory origin_, bytes32 logKey_, address owner_, address anchorer_, address predecessor_) Ownable(owner_) {
        if (!_isOrigin(bytes(origin_))) revert CheckpointAnchorInvalidOrigin();
        if (logKey_ == 0) revert CheckpointAnchorInvalidLogKey();
        if (anchorer_ == address(0)) revert CheckpointAnchorInvalidAnchorer();
        if (anchorer_ == owner_) revert CheckpointAnchorOwnerIsAnchorer(owner_);
        // A call to an address without code succeeds and returns nothing: asked once here, not at each of an anchor's forty hashes.
        if (Rfc6962.hashNode(0, 0) != 0xae0798d0ecaed2b778eddebf18f071a561c53658c05e76cedecc27cafbdbc577) revert CheckpointAnchorNoSha256();
        origin = origin_;
        logKey = logKey_;
        predecessor = predecessor_;
        _anchorerAndTreeSize = uint256(uint160(anchorer_)) << 64;
        emit AnchorerChanged(address(0), anchorer_);
    }

    /// @inheritdoc ICheckpointAnchor
    function anchor(uint64 treeSize, bytes32 rootHash, bytes32[] calldata consistencyProof) external {
        uint256 word = _anchorerAndTreeSize;
        if (msg.sender != address(uint160(word >> 64))) revert CheckpointAnchorNotAnchorer(msg.sender);
        uint256 anchored = uint64(word);
        if (treeSize <= anchored) revert CheckpointAnchorNotLarger(uint64(anchored), treeSize);
        bool consistent = anchored == 0
            ? consistencyProof.length == 0 // every tree extends the empty one
            : Rfc6962.verifyConsistency(anchored, _headRootHash, treeSize, rootHash, consistencyProof);
        if (!consistent) revert CheckpointAnchorInconsistent(uint64(anchored), treeSize);

        _anchorerAndTreeSize = word ^ anchored ^ treeSize;
        _headRootHash = rootHash;
        _anchoredAt[treeSize][rootHash] = block.timestamp;
        emit CheckpointAnchored(treeSize, rootHash, uint64(anchored));
    }

    /// @inheritdoc ICheckpointAnchor
    function setAnchorer(address newAnchorer) external onlyOwner {
        if (newAnchorer == owner() || (newAnchorer == pendingOwner() && newAnchorer != address(0))) revert CheckpointAnchorOwnerIsAnchorer(newAnchorer);
        emit AnchorerChanged(anchorer(), newAnchorer);
        _anchorerAndTreeSize = (uint256(uint160(newAnchorer)) << 64) | uint64(_anchorerAndTreeSize);
    }

    /// @inheritdoc Ownable2Step
    function transferOwnership(address newOwner) public override onlyOwner {
        if (newOwner == anchorer() && newOwner != address(0)) revert CheckpointAnchorOwnerIsAnchorer(newOwner);
        super.transferOwnership(newOwner);
    }

    /// @notice Always reverts.
    function renounceOwnership() public view override onlyOwner {
        revert CheckpointAnchorOwnerRequired();
    }

    /// @inheritdoc ICheckpointAnchor
    function head() external view returns (uint64 treeSize, bytes32 rootHash, uint64 blockTime) {
        treeSize = uint64(_anchorerAndTreeSize);
        rootHash = _headRootHash;
        blockTime = anchoredAt(treeSize, rootHash);
    }

    /// @inheritdoc ICheckpointAnchor
    function verifyInclusion(bytes32 leafHash, uint64 leafIndex, uint64 treeSize, bytes32 rootHash, bytes32[] calldata proof) external view returns (bool) {
        return anchoredAt(treeSize, rootHash) != 0 && Rfc6962.verifyInclusion(leafHash, leafIndex, treeSize, rootHash, proof);
    }

    /// @inheritdoc ICheckpointAnchor
    function anchoredAt(uint64 treeSize, bytes32 rootHash) public view returns (uint64 blockTime) {
        return uint64(_anchoredAt[treeSize][rootHash]);
    }

    /// @inheritdoc ICheckpointAnchor
    function anchorer() public view returns (address) {
        return address(uint160(_anchorerAndTreeSize >> 64));
    }

    /// @dev The bytes that would break a note's lines. Spaces beyond ASCII are refused off-chain, where Unicode is known.
    function _isOrigin(bytes memory text) private pure returns (bool) {
        if (text.length == 0 || text.length > 255) return false;
        for (uint256 i = 0; i < text.length; ++i) {
            bytes1 char = text[i];
            if (char <= 0x20 || char == 0x7f || char == "+") return false;
        }
        return true;
    }
}
