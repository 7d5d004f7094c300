// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @notice Names an issuer: the first 20 bytes of a hash over its first key and its DID, so that it is the same on
/// every chain and in every order of transactions.
type IssuerId is bytes20;

/// @notice Root of an RFC 9162 Merkle tree over the leaves of one batch.
type Root is bytes32;

/// @dev Role of a key: may grant and narrow keys, publish issuing keys and add metadata.
uint8 constant ROLE_ADMIN = 1;
/// @dev Role of a key: batches that it anchors speak for the issuer.
uint8 constant ROLE_ANCHOR = 2;
/// @dev Role of a key: may revoke leaves and batches of every key of the issuer.
uint8 constant ROLE_REVOKE = 4;

/// @title BadgeAnchor: says that some bytes existed no later than a block, and whether they were taken back since
/// @notice Issuers anchor batches of leaves by their Merkle root. Only root, size, kind, time and signer are on
/// chain; a leaf is known to whoever holds its receipt. The contract has no owner, no pause and no upgrade.
///
/// How to read it:
/// - A *key* (an account, an ERC-1271 contract or an EIP-7702 account) belongs to one issuer for ever, by its own
///   signature. What it may do (`ROLE_*`) and when (its window) only ever shrinks.
/// - A *batch* is keyed by (signer, root). Anchoring it needs no permission: authority is judged when it is read, by
///   the role and the window that the key has *then*. Ending the window of a stolen key at the moment of the theft
///   therefore cuts off all that the thief anchored, in one transaction.
/// - *Revocation* bits only grow. A key must hold `ROLE_REVOKE` now, for the issuer of the key that anchored.
/// - Every signed call is idempotent or narrows something, so that a message may be delivered twice: no nonces.
///
/// Leaf = keccak256(0x00 ‖ kind ‖ salt ‖ digest), node = keccak256(0x01 ‖ left ‖ right), the shape of RFC 9162
/// section 2.1.1: an odd node is carried up, never doubled.
///
/// EIP-712 domain: name "BadgeAnchor", version "1", chain id, this contract.
interface IBadgeAnchor {
    /// @notice What the contract can say about a leaf. Zero is the answer that promises nothing.
    enum Verdict {
        /// The signer has anchored no such root.
        UNKNOWN_BATCH,
        /// The signer's key does not belong to the issuer, or had no right to anchor at the time of the batch.
        UNAUTHORISED,
        /// The leaf does not stand at this index of this batch.
        NOT_IN_BATCH,
        /// The leaf, or its whole batch, has been revoked.
        REVOKED,
        /// None of the above.
        VALID
    }

    /// @notice What became of one entry of `anchorMany`.
    enum Outcome {
        ANCHORED,
        /// It was there already, with the same size and kind: as good as anchored.
        ALREADY_ANCHORED,
        /// The root is there with another size or kind.
        CONFLICT,
        EMPTY_BATCH,
        UNKNOWN_KIND,
        EXPIRED,
        NOT_AUTHORISED,
        BAD_SIGNATURE
    }

    /// @notice A key and what it may do. `validFrom <= t < validUntil`, in seconds since 1970.
    struct Key {
        IssuerId issuer;
        uint40 validFrom;
        uint40 validUntil;
        uint8 roles;
    }

    /// @notice The record of a batch. Leaves 0 to 183 are word 0 of its revocation bits, every 256 further ones a word.
    struct Batch {
        uint24 size;
        uint40 anchoredAt;
        uint8 kind;
        bool revoked;
    }

    /// @notice Who asks for something, and the EIP-712 signature that shows it. If `signer` sends the transaction
    /// itself, deadline and signature are not looked at.
    struct Signed {
        address signer;
        uint64 deadline;
        bytes signature;
    }

    /// @notice A batch to be anchored in the name of `signer`, with its signature.
    // In the order in which it is signed; it is never stored.
    // solhint-disable-next-line gas-struct-packing
    struct Anchoring {
        IssuerId issuer;
        address signer;
        Root root;
        uint24 size;
        uint8 kind;
        uint64 deadline;
        bytes signature;
    }

    /// @notice Revocation bits to set: bit i of word 0 is leaf i (i < 184), bit i of word w is leaf 184 + 256(w−1) + i.
    struct WordMask {
        uint24 word;
        uint256 bits;
    }

    /// @notice An issuer came to be, with its first key, which holds every role without end.
    event IssuerRegistered(IssuerId indexed issuer, address indexed key, string did);

    /// @notice A key joined an issuer.
    event KeyGranted(
        IssuerId indexed issuer,
        address indexed key,
        uint8 roles,
        uint40 validFrom,
        uint40 validUntil,
        address grantedBy
    );

    /// @notice A key lost roles or time. The values are what is left.
    event KeyNarrowed(
        IssuerId indexed issuer,
        address indexed key,
        uint8 roles,
        uint40 validFrom,
        uint40 validUntil,
        address narrowedBy
    );

    /// @notice An issuer says which key signs its credentials, and when. A verification method's window is the
    /// intersection of all statements about it: a statement can end a key, none can prolong it.
    event IssuingKeyPublished(
        IssuerId indexed issuer,
        address indexed publishedBy,
        string verificationMethod,
        uint40 validFrom,
        uint40 validUntil
    );

    /// @notice An issuer added a text about itself (a further DID, a registry entry). Texts add up; none replaces one.
    event MetadataAdded(IssuerId indexed issuer, address indexed addedBy, string metadata);

    /// @notice A batch was anchored in this block. `record` is its storage word as first written:
    /// size × 2^184 + time × 2^208 + kind × 2^248 (one word of log data instead of two or three).
    event BatchAnchored(address indexed signer, Root indexed root, uint256 record);

    /// @notice Leaves of a batch were revoked. `bits` are those that were not set before.
    event LeavesRevoked(
        address indexed signer,
        Root indexed root,
        uint24 word,
        uint256 bits,
        address revokedBy
    );

    /// @notice A whole batch was revoked.
    event BatchRevoked(address indexed signer, Root indexed root, address revokedBy);

    /// @notice A batch without leaves proves nothing.
    error BadgeAnchorEmptyBatch(Root root);
    /// @notice Kinds of batches are 0 to 127.
    error BadgeAnchorUnknownKind(uint8 kind);
    /// @notice The root stands there with another size or kind.
    error BadgeAnchorConflict(address signer, Root root, uint24 size, uint8 kind);
    /// @notice The signer never anchored this root.
    error BadgeAnchorUnknownBatch(address signer, Root root);
    /// @notice The batch has no such leaf.
    error BadgeAnchorLeafOutOfRange(uint256 leafIndex, uint24 size);
    /// @notice The mask has bits for which the batch has no leaves.
    error BadgeAnchorMaskOutOfRange(uint24 word, uint256 bits, uint24 size);
    /// @notice The message was to be delivered by `deadline` (seconds since 1970).
    error BadgeAnchorExpired(uint64 deadline);
    /// @notice The signature is not the signer's over this message, on this chain, for this contract.
    error BadgeAnchorBadSignature(address signer);
    /// @notice The key does not hold the role for this issuer at this moment.
    error BadgeAnchorNotAuthorised(IssuerId issuer, address key, uint8 role);
    /// @notice A key belongs to one issuer for ever; this one belongs to `issuer`.
    error BadgeAnchorKeyTaken(address key, IssuerId issuer);
    /// @notice Roles are a non-empty set of the `ROLE_*` bits.
    error BadgeAnchorUnknownRoles(uint8 roles);
    /// @notice The window is empty.
    error BadgeAnchorEmptyWindow(uint40 validFrom, uint40 validUntil);
    /// @notice The key has less than this already: windows and roles only shrink.
    error BadgeAnchorNotNarrower(address key);
    /// @notice An empty text says nothing.
    error BadgeAnchorEmptyText();

    /// @notice Registers the issuer of a DID with its first key, which holds every role from now on without end.
    /// Registering it again changes nothing.
    /// EIP-712: `IssuerRegistration(address key,string did,uint64 deadline)`, signed by the key.
    /// Whether the DID is the key's to name shows in the DID document, which lists the key.
    function registerIssuer(string calldata did, Signed calldata key) external returns (IssuerId issuer);

    /// @notice Grants a further key to an issuer. Its window starts now at the earliest. Granting a key that the
    /// issuer has already changes nothing.
    /// EIP-712: `KeyGrant(bytes20 issuer,address key,uint8 roles,uint40 validFrom,uint40 validUntil,uint64 deadline)`,
    /// signed by an administrating key of the issuer and, as its consent, by the key; each over its own deadline.
    function grantKey(
        IssuerId issuer,
        uint8 roles,
        uint40 validFrom,
        uint40 validUntil,
        Signed calldata admin,
        Signed calldata key
    ) external;

    /// @notice Takes roles or time from a key, backwards in time too: what it anchored outside of the new window was
    /// never authorised. `roles` may be 0. Narrowing to what the key has changes nothing.
    /// EIP-712: `KeyNarrowing(bytes20 issuer,address key,uint8 roles,uint40 validFrom,uint40 validUntil,uint64 deadline)`.
    function narrowKey(
        address key,
        uint8 roles,
        uint40 validFrom,
        uint40 validUntil,
        Signed calldata admin
    ) external;

    /// @notice Publishes the window of a key that signs credentials, so that these can be checked when the issuer's
    /// site is gone. The intersection of all statements counts.
    /// EIP-712:
    /// `IssuingKeyStatement(bytes20 issuer,string verificationMethod,uint40 validFrom,uint40 validUntil,uint64 deadline)`.
    function publishIssuingKey(
        IssuerId issuer,
        string calldata verificationMethod,
        uint40 validFrom,
        uint40 validUntil,
        Signed calldata admin
    ) external;

    /// @notice Adds a text about the issuer. Never put anything about a person here: it cannot be taken back.
    /// EIP-712: `IssuerMetadata(bytes20 issuer,string metadata,uint64 deadline)`.
    function addMetadata(IssuerId issuer, string calldata metadata, Signed calldata admin) external;

    /// @notice Anchors a batch in the name of the sender. Anchoring it again, with equal size and kind, changes nothing.
    function anchor(Root root, uint24 size, uint8 kind) external;

    /// @notice Anchors a batch in the name of a key; anyone may deliver and pay. If it is there with equal size and
    /// kind, that is success, whatever the deadline.
    /// EIP-712: `Anchoring(bytes20 issuer,address signer,bytes32 root,uint24 size,uint8 kind,uint64 deadline)`.
    function anchorBySig(Anchoring calldata anchoring) external;

    /// @notice Anchors what can be anchored and skips the rest, so that nobody can spoil the call for the others by
    /// anchoring first, by a bad signature or by a late one. Simulate it before sending: an ERC-1271 signer may burn gas.
    function anchorMany(Anchoring[] calldata anchorings) external returns (Outcome[] memory outcomes);

    /// @notice Revokes one leaf. The sender must hold `ROLE_REVOKE` for the issuer of `signer`.
    function revoke(address signer, Root root, uint256 leafIndex) external;

    /// @notice Revokes many leaves of one batch: one storage write for each word.
    function revokeWords(address signer, Root root, WordMask[] calldata masks) external;

    /// @notice Revokes a whole batch with one storage write.
    function revokeBatch(address signer, Root root) external;

    /// @notice Revokes many leaves of one batch in the name of a key.
    /// EIP-712: `Revocation(bytes20 issuer,address signer,bytes32 root,WordMask[] masks,uint64 deadline)`
    /// `WordMask(uint24 word,uint256 bits)`.
    function revokeBySig(address signer, Root root, WordMask[] calldata masks, Signed calldata revoker) external;

    /// @notice Revokes a whole batch in the name of a key.
    /// EIP-712: `BatchRevocation(bytes20 issuer,address signer,bytes32 root,uint64 deadline)`.
    function revokeBatchBySig(address signer, Root root, Signed calldata revoker) external;

    /// @notice Judges a leaf with its inclusion proof (RFC 9162 section 2.1.3.2; length checked against the size).
    /// Asking an RPC endpoint this tells it which leaf one asks about; reading `batch`, `revocationWords` and `keyOf`
    /// and checking the proof locally does not.
    function verify(
        IssuerId issuer,
        address signer,
        Root root,
        bytes32 leaf,
        uint256 index,
        bytes32[] calldata proof
    ) external view returns (Verdict);

    /// @notice The record of a batch; size 0 if there is none.
    function batch(address signer, Root root) external view returns (Batch memory);

    /// @notice `count` words of revocation bits from word `first` on. Word 0 holds leaves 0 to 183.
    function revocationWords(
        address signer,
        Root root,
        uint24 first,
        uint24 count
    ) external view returns (uint256[] memory words);

    /// @notice What a key may do and for whom; all zero if it was never granted.
    function keyOf(address key) external view returns (Key memory);

    /// @notice bytes20(keccak256(abi.encode(keccak256("waarmerk-issuer/1"), firstKey, keccak256(bytes(did))))).
    function issuerIdOf(address firstKey, string calldata did) external pure returns (IssuerId);

    /// @notice The EIP-712 domain separator of this contract on this chain.
    function domainSeparator() external view returns (bytes32);
}
