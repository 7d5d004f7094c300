// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {AccountSignature} from "./AccountSignature.sol";
import {IBadgeAnchor, IssuerId, ROLE_ADMIN, ROLE_ANCHOR, ROLE_REVOKE, Root} from "./IBadgeAnchor.sol";
import {BatchWord} from "./BatchWord.sol";
import {InclusionProof} from "./InclusionProof.sol";

/// @title BadgeAnchor
/// @notice The mechanism; the manual is `IBadgeAnchor`.
contract BadgeAnchor is IBadgeAnchor, EIP712 {
    uint8 private constant ALL_ROLES = 7;
    uint8 private constant MAX_KIND = 127;

    bytes32 private constant ISSUER_TAG = keccak256("waarmerk-issuer/1");
    bytes32 private constant REGISTRATION_TYPE =
        keccak256("IssuerRegistration(address key,string did,uint64 deadline)");
    bytes32 private constant GRANT_TYPE =
        keccak256(
            "KeyGrant(bytes20 issuer,address key,uint8 roles,uint40 validFrom,uint40 validUntil,uint64 deadline)"
        );
    bytes32 private constant NARROWING_TYPE =
        keccak256(
            "KeyNarrowing(bytes20 issuer,address key,uint8 roles,uint40 validFrom,uint40 validUntil,uint64 deadline)"
        );
    bytes32 private constant STATEMENT_TYPE =
        keccak256(
            "IssuingKeyStatement(bytes20 issuer,string verificationMethod,uint40 validFrom,uint40 validUntil,uint64 deadline)"
        );
    bytes32 private constant METADATA_TYPE =
        keccak256("IssuerMetadata(bytes20 issuer,string metadata,uint64 deadline)");
    bytes32 private constant ANCHORING_TYPE =
        keccak256(
            "Anchoring(bytes20 issuer,address signer,bytes32 root,uint24 size,uint8 kind,uint64 deadline)"
        );
    bytes32 private constant MASK_TYPE = keccak256("WordMask(uint24 word,uint256 bits)");
    bytes32 private constant REVOCATION_TYPE =
        keccak256(
            "Revocation(bytes20 issuer,address signer,bytes32 root,WordMask[] masks,uint64 deadline)WordMask(uint24 word,uint256 bits)"
        );
    bytes32 private constant BATCH_REVOCATION_TYPE =
        keccak256("BatchRevocation(bytes20 issuer,address signer,bytes32 root,uint64 deadline)");

    /// One slot a batch, laid out by `BatchWord`. A struct, so that its place is reckoned once.
    struct Record {
        uint256 word;
    }

    /// One slot a key: 160 + 40 + 40 + 8 bits.
    mapping(address key => Key) private _keys;
    mapping(address signer => mapping(Root root => Record)) private _batches;
    /// Revocation bits past the inline ones: word 1 holds leaves 184 to 439, and so on.
    mapping(address signer => mapping(Root root => mapping(uint256 word => Record))) private _words;

    constructor() EIP712("BadgeAnchor", "1") {}

    // ------------------------------------------------------------------ issuers and keys

    /// @inheritdoc IBadgeAnchor
    function registerIssuer(string calldata did, Signed calldata key) external returns (IssuerId issuer) {
        if (bytes(did).length == 0) revert BadgeAnchorEmptyText();
        issuer = issuerIdOf(key.signer, did);
        if (_belongs(key.signer, issuer)) return issuer;
        _requireSigned(
            key,
            keccak256(abi.encode(REGISTRATION_TYPE, key.signer, keccak256(bytes(did)), key.deadline))
        );

        _keys[key.signer] = Key(issuer, uint40(block.timestamp), type(uint40).max, ALL_ROLES);

        emit IssuerRegistered(issuer, key.signer, did);
    }

    /// @inheritdoc IBadgeAnchor
    function grantKey(
        IssuerId issuer,
        uint8 roles,
        uint40 validFrom,
        uint40 validUntil,
        Signed calldata admin,
        Signed calldata key
    ) external {
        if (roles == 0 || roles > ALL_ROLES) revert BadgeAnchorUnknownRoles(roles);
        if (_belongs(key.signer, issuer)) return;
        _requireRole(issuer, admin.signer, ROLE_ADMIN);
        _requireSigned(
            admin,
            _keyHash(GRANT_TYPE, issuer, key.signer, roles, validFrom, validUntil, admin.deadline)
        );
        _requireSigned(
            key,
            _keyHash(GRANT_TYPE, issuer, key.signer, roles, validFrom, validUntil, key.deadline)
        );
        // A key never gains authority over its past.
        uint40 from = validFrom < block.timestamp ? uint40(block.timestamp) : validFrom;
        if (from >= validUntil) revert BadgeAnchorEmptyWindow(from, validUntil);

        _keys[key.signer] = Key(issuer, from, validUntil, roles);

        emit KeyGranted(issuer, key.signer, roles, from, validUntil, admin.signer);
    }

    /// @inheritdoc IBadgeAnchor
    function narrowKey(
        address key,
        uint8 roles,
        uint40 validFrom,
        uint40 validUntil,
        Signed calldata admin
    ) external {
        Key memory held = _keys[key];
        _requireRole(held.issuer, admin.signer, ROLE_ADMIN);
        _requireSigned(
            admin,
            _keyHash(NARROWING_TYPE, held.issuer, key, roles, validFrom, validUntil, admin.deadline)
        );
        if (
            roles & ~held.roles != 0 || validFrom < held.validFrom || validUntil > held.validUntil
        ) revert BadgeAnchorNotNarrower(key);
        if (roles == held.roles && validFrom == held.validFrom && validUntil == held.validUntil) return;

        _keys[key] = Key(held.issuer, validFrom, validUntil, roles);

        emit KeyNarrowed(held.issuer, key, roles, validFrom, validUntil, admin.signer);
    }

    /// @inheritdoc IBadgeAnchor
    function publishIssuingKey(
        IssuerId issuer,
        string calldata verificationMethod,
        uint40 validFrom,
        uint40 validUntil,
        Signed calldata admin
    ) external {
        if (bytes(verificationMethod).length == 0) revert BadgeAnchorEmptyText();
        _requireRole(issuer, admin.signer, ROLE_ADMIN);
        _requireSigned(
            admin,
            keccak256(
                abi.encode(
                    STATEMENT_TYPE,
                    issuer,
                    keccak256(bytes(verificationMethod)),
                    validFrom,
                    validUntil,
                    admin.deadline
                )
            )
        );

        emit IssuingKeyPublished(issuer, admin.signer, verificationMethod, validFrom, validUntil);
    }

    /// @inheritdoc IBadgeAnchor
    function addMetadata(IssuerId issuer, string calldata metadata, Signed calldata admin) external {
        if (bytes(metadata).length == 0) revert BadgeAnchorEmptyText();
        _requireRole(issuer, admin.signer, ROLE_ADMIN);
        _requireSigned(
            admin,
            keccak256(abi.encode(METADATA_TYPE, issuer, keccak256(bytes(metadata)), admin.deadline))
        );

        emit MetadataAdded(issuer, admin.signer, metadata);
    }

    // ------------------------------------------------------------------ anchoring

    /// @inheritdoc IBadgeAnchor
    function anchor(Root root, uint24 size, uint8 kind) external {
        Record storage record = _batches[msg.sender][root];
        uint256 word = record.word;
        if (word == 0) {
            if (size == 0) revert BadgeAnchorEmptyBatch(root);
            if (kind > MAX_KIND) revert BadgeAnchorUnknownKind(kind);
            _write(record, msg.sender, root, size, kind);
        } else if (!BatchWord.isOf(word, size, kind)) {
            revert BadgeAnchorConflict(msg.sender, root, BatchWord.size(word), BatchWord.kind(word));
        }
    }

    /// @inheritdoc IBadgeAnchor
    function anchorBySig(Anchoring calldata a) external {
        Outcome outcome = _anchorSigned(a);
        if (outcome <= Outcome.ALREADY_ANCHORED) return;
        if (outcome == Outcome.EXPIRED) revert BadgeAnchorExpired(a.deadline);
        if (outcome == Outcome.NOT_AUTHORISED) revert BadgeAnchorNotAuthorised(a.issuer, a.signer, ROLE_ANCHOR);
        if (outcome == Outcome.BAD_SIGNATURE) revert BadgeAnchorBadSignature(a.signer);
        if (outcome == Outcome.EMPTY_BATCH) revert BadgeAnchorEmptyBatch(a.root);
        if (outcome == Outcome.UNKNOWN_KIND) revert BadgeAnchorUnknownKind(a.kind);
        uint256 held = _batches[a.signer][a.root].word;
        revert BadgeAnchorConflict(a.signer, a.root, BatchWord.size(held), BatchWord.kind(held));
    }

    /// @inheritdoc IBadgeAnchor
    function anchorMany(Anchoring[] calldata anchorings) external returns (Outcome[] memory outcomes) {
        outcomes = new Outcome[](anchorings.length);
        for (uint256 i = 0; i < anchorings.length; ++i) outcomes[i] = _anchorSigned(anchorings[i]);
    }

    // ------------------------------------------------------------------ revoking

    /// @inheritdoc IBadgeAnchor
    function revoke(address signer, Root root, uint256 leafIndex) external {
        _requireRole(_keys[signer].issuer, msg.sender, ROLE_REVOKE);
        Record storage record = _requireBatch(signer, root);
        uint24 size = BatchWord.size(record.word);
        if (leafIndex >= size) revert BadgeAnchorLeafOutOfRange(leafIndex, size);
        (uint24 word, uint256 bits) = BatchWord.position(leafIndex);
        _setBits(signer, root, record, word, bits, msg.sender);
    }

    /// @inheritdoc IBadgeAnchor
    function revokeWords(address signer, Root root, WordMask[] calldata masks) external {
        _requireRole(_keys[signer].issuer, msg.sender, ROLE_REVOKE);
        _revokeMasks(signer, root, masks, msg.sender);
    }

    /// @inheritdoc IBadgeAnchor
    function revokeBatch(address signer, Root root) external {
        _requireRole(_keys[signer].issuer, msg.sender, ROLE_REVOKE);
        _revokeWhole(signer, root, msg.sender);
    }

    /// @inheritdoc IBadgeAnchor
    function revokeBySig(
        address signer,
        Root root,
        WordMask[] calldata masks,
        Signed calldata revoker
    ) external {
        IssuerId issuer = _keys[signer].issuer;
        _requireRole(issuer, revoker.signer, ROLE_REVOKE);
        bytes32[] memory hashes = new bytes32[](masks.length);
        for (uint256 i = 0; i < masks.length; ++i) {
            hashes[i] = keccak256(abi.encode(MASK_TYPE, masks[i].word, masks[i].bits));
        }
        bytes32 masksHash = keccak256(abi.encodePacked(hashes));
        _requireSigned(
            revoker,
            keccak256(abi.encode(REVOCATION_TYPE, issuer, signer, root, masksHash, revoker.deadline))
        );
        _revokeMasks(signer, root, masks, revoker.signer);
    }

    /// @inheritdoc IBadgeAnchor
    function revokeBatchBySig(address signer, Root root, Signed calldata revoker) external {
        IssuerId issuer = _keys[signer].issuer;
        _requireRole(issuer, revoker.signer, ROLE_REVOKE);
        _requireSigned(
            revoker,
            keccak256(abi.encode(BATCH_REVOCATION_TYPE, issuer, signer, root, revoker.deadline))
        );
        _revokeWhole(signer, root, revoker.signer);
    }

    // ------------------------------------------------------------------ reading

    /// @inheritdoc IBadgeAnchor
    function verify(
        IssuerId issuer,
        address signer,
        Root root,
        bytes32 leaf,
        uint256 index,
        bytes32[] calldata proof
    ) external view returns (Verdict) {
        uint256 record = _batches[signer][root].word;
        if (record == 0) return Verdict.UNKNOWN_BATCH;
        if (!_holdsRole(issuer, signer, ROLE_ANCHOR, BatchWord.anchoredAt(record))) return Verdict.UNAUTHORISED;
        if (!InclusionProof.verify(Root.unwrap(root), BatchWord.size(record), leaf, index, proof)) {
            return Verdict.NOT_IN_BATCH;
        }
        if (BatchWord.isRevoked(record)) return Verdict.REVOKED;
        (uint24 word, uint256 bits) = BatchWord.position(index);
        uint256 revoked = word == 0 ? record : _words[signer][root][word].word;
        return revoked & bits == 0 ? Verdict.VALID : Verdict.REVOKED;
    }

    /// @inheritdoc IBadgeAnchor
    function batch(address signer, Root root) external view returns (Batch memory) {
        uint256 record = _batches[signer][root].word;
        return
            Batch(
                BatchWord.size(record),
                BatchWord.anchoredAt(record),
                BatchWord.kind(record),
                BatchWord.isRevoked(record)
            );
    }

    /// @inheritdoc IBadgeAnchor
    function revocationWords(
        address signer,
        Root root,
        uint24 first,
        uint24 count
    ) external view returns (uint256[] memory words) {
        words = new uint256[](count);
        for (uint256 i = 0; i < count; ++i) {
            uint256 word = first + i;
            words[i] = word == 0 ? BatchWord.inlineBits(_batches[signer][root].word) : _words[signer][root][word].word;
        }
    }

    /// @inheritdoc IBadgeAnchor
    function keyOf(address key) external view returns (Key memory) {
        return _keys[key];
    }

    /// @inheritdoc IBadgeAnchor
    function issuerIdOf(address firstKey, string calldata did) public pure returns (IssuerId) {
        return IssuerId.wrap(bytes20(keccak256(abi.encode(ISSUER_TAG, firstKey, keccak256(bytes(did))))));
    }

    /// @inheritdoc IBadgeAnchor
    function domainSeparator() external view returns (bytes32) {
        return _domainSeparatorV4();
    }

    // ------------------------------------------------------------------ inside

    /// Anchors in the name of a key, or says why not. What is there already is settled before anything else, so that
    /// delivering a message again is harmless even after its deadline.
    function _anchorSigned(Anchoring calldata a) private returns (Outcome) {
        (address signer, Root root, uint24 size, uint8 kind) = (a.signer, a.root, a.size, a.kind);
        Record storage record = _batches[signer][root];
        uint256 word = record.word;
        if (word != 0) return BatchWord.isOf(word, size, kind) ? Outcome.ALREADY_ANCHORED : Outcome.CONFLICT;
        if (size == 0) return Outcome.EMPTY_BATCH;
        if (kind > MAX_KIND) return Outcome.UNKNOWN_KIND;
        if (!_holdsRole(a.issuer, signer, ROLE_ANCHOR, block.timestamp)) return Outcome.NOT_AUTHORISED;
        if (signer != msg.sender) {
            if (block.timestamp > a.deadline) return Outcome.EXPIRED;
            bytes32 structHash = keccak256(
                abi.encode(ANCHORING_TYPE, a.issuer, signer, root, size, kind, a.deadline)
            );
            if (!_isSigned(signer, structHash, a.signature)) return Outcome.BAD_SIGNATURE;
        }
        _write(record, signer, root, size, kind);
        return Outcome.ANCHORED;
    }

    function _write(Record storage record, address signer, Root root, uint24 size, uint8 kind) private {
        uint256 word = BatchWord.pack(size, block.timestamp, kind);
        record.word = word;

        emit BatchAnchored(signer, root, word);
    }

    function _revokeMasks(address signer, Root root, WordMask[] calldata masks, address by) private {
        Record storage record = _requireBatch(signer, root);
        uint24 size = BatchWord.size(record.word);
        for (uint256 i = 0; i < masks.length; ++i) {
            (uint24 word, uint256 bits) = (masks[i].word, masks[i].bits);
            if (bits & ~BatchWord.leavesIn(word, size) != 0) revert BadgeAnchorMaskOutOfRange(word, bits, size);
            _setBits(signer, root, record, word, bits, by);
        }
    }

    function _setBits(
        address signer,
        Root root,
        Record storage record,
        uint24 word,
        uint256 bits,
        address by
    ) private {
        Record storage held = word == 0 ? record : _words[signer][root][word];
        uint256 added = bits & ~held.word;
        if (added == 0) return;

        held.word |= added;

        emit LeavesRevoked(signer, root, word, added, by);
    }

    function _revokeWhole(address signer, Root root, address by) private {
        Record storage record = _requireBatch(signer, root);
        if (BatchWord.isRevoked(record.word)) return;

        record.word = BatchWord.markRevoked(record.word);

        emit BatchRevoked(signer, root, by);
    }

    function _requireBatch(address signer, Root root) private view returns (Record storage record) {
        record = _batches[signer][root];
        if (record.word == 0) revert BadgeAnchorUnknownBatch(signer, root);
    }

    /// Whether the key is the issuer's already. Refuses a key that is another's.
    function _belongs(address key, IssuerId issuer) private view returns (bool) {
        Key memory held = _keys[key];
        if (held.validFrom == 0) return false;
        if (IssuerId.unwrap(held.issuer) != IssuerId.unwrap(issuer)) revert BadgeAnchorKeyTaken(key, held.issuer);
        return true;
    }

    function _holdsRole(IssuerId issuer, address key, uint8 role, uint256 time) private view returns (bool) {
        Key memory held = _keys[key];
        return
            IssuerId.unwrap(held.issuer) == IssuerId.unwrap(issuer) &&
            held.roles & role != 0 &&
            held.validFrom <= time &&
            time < held.validUntil;
    }

    function _requireRole(IssuerId issuer, address key, uint8 role) private view {
        if (!_holdsRole(issuer, key, role, block.timestamp)) revert BadgeAnchorNotAuthorised(issuer, key, role);
    }

    function _requireSigned(Signed calldata by, bytes32 structHash) private view {
        if (by.signer == msg.sender) return;
        if (block.timestamp > by.deadline) revert BadgeAnchorExpired(by.deadline);
        if (!_isSigned(by.signer, structHash, by.signature)) revert BadgeAnchorBadSignature(by.signer);
    }

    function _isSigned(address signer, bytes32 structHash, bytes calldata signature) private view returns (bool) {
        return AccountSignature.isOf(signer, _hashTypedDataV4(structHash), signature);
    }

    function _keyHash(
        bytes32 typeHash,
        IssuerId issuer,
        address key,
        uint8 roles,
        uint40 validFrom,
        uint40 validUntil,
        uint64 deadline
    ) private pure returns (bytes32) {
        return keccak256(abi.encode(typeHash, issuer, key, roles, validFrom, validUntil, deadline));
    }
}
