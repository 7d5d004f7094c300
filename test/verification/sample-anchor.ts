import { keccak256, sha256 } from '#adapters/crypto/hashes.ts'
import { type AnchoringKey, keyRoles } from '#engine/anchoring/anchor-verdict.ts'
import type { BatchRecord } from '#engine/anchoring/batch-record.ts'
import { deriveIssuerId } from '#engine/anchoring/issuer-id.ts'
import { LEAF_KINDS, leafHash } from '#engine/anchoring/leaf.ts'
import { buildTree } from '#engine/anchoring/merkle-tree.ts'
import { buildReceipt } from '#engine/anchoring/receipt.ts'
import { buildDidDocument } from '#engine/credentials/did-document.ts'
import { credentialDigest } from '#engine/credentials/prepared-credential.ts'
import type { Hex } from '#engine/shared/bytes.ts'
import { asInstant } from '#engine/shared/instant.ts'
import type { Json, JsonObject } from '#engine/shared/json.ts'
import type { VerifierNeeds } from '#services/verify/verify-credential.ts'
import { anchoringKey, CHAIN_ID, DID, didDocument, issuingKey, NOW, signedBadge } from './sample-issuer.ts'

/** For tests: what is wrong with the anchor of the sample badge; nothing when empty. */
export interface AnchorSetting {
  readonly chain?: 'unavailable' | 'unknown_batch'
  readonly revoked?: 'leaf' | 'batch'
  readonly size?: number
  readonly unauthorised?: boolean
  readonly unlisted?: boolean
  readonly unrevocable?: boolean
  readonly independent?: boolean
  /** How long before the check the newest block that is known was made; the reader cannot tell without it. */
  readonly blockAge?: number
  readonly proved?: true
  /** Members put in place of those of the good receipt. */
  readonly receipt?: Readonly<Record<string, Json>>
}

const INDEX = 3
const SIZE = 8

/** A signed badge as leaf 3 of a batch of 8, its receipt, and the sources that hold the batch. */
export async function anchoredBadge(setting: AnchorSetting) {
  const document = await signedBadge()
  const leaf = {
    kind: LEAF_KINDS.credential,
    salt: new Uint8Array(32).fill(7),
    digest: credentialDigest(document, sha256),
  }
  const leaves = Array.from({ length: SIZE }, (_, at) =>
    at === INDEX ? leafHash(leaf, keccak256) : keccak256(Uint8Array.of(at)),
  )
  const issuerId = deriveIssuerId(DID, anchoringKey.address, keccak256)
  const signer = anchoringKey.address.toLowerCase() as Hex
  const contract: Hex = `0x${'ab'.repeat(20)}`
  const good = buildReceipt(
    { chainId: CHAIN_ID, contract, issuerId, signer },
    buildTree(leaves, keccak256),
    INDEX,
    leaf,
  )
  return {
    document,
    receipt: { ...(good as unknown as JsonObject), ...setting.receipt },
    needs: needsOf(setting, issuerId),
  }
}

function needsOf(setting: AnchorSetting, issuerId: Hex): Partial<VerifierNeeds> {
  const anchoredAt = asInstant(NOW - 60_000)
  const record: BatchRecord = {
    size: setting.size ?? SIZE,
    anchoredAt,
    kind: 0,
    revoked: setting.revoked === 'batch',
    revocationWords: [setting.revoked === 'leaf' ? 1n << BigInt(INDEX) : 0n],
  }
  const key: AnchoringKey = {
    issuerId,
    validFrom: asInstant(anchoredAt - 1000),
    validUntil: asInstant(setting.unauthorised === true ? anchoredAt - 1 : NOW * 2),
    roles: keyRoles.anchor | (setting.unrevocable === true ? 0 : keyRoles.revoke),
  }
  const withoutAccount = buildDidDocument({
    did: DID,
    issuingKeys: [{ publicKeyMultibase: issuingKey.publicKeyMultibase, state: { kind: 'active' } }],
  })
  const { blockAge, proved } = setting
  const how = proved === undefined ? {} : { proved }
  const asOf = blockAge === undefined ? {} : { asOf: { block: 1234, time: asInstant(NOW - blockAge) } }
  return {
    anchors: {
      read: async () =>
        setting.chain ?? { record, key, independent: setting.independent === true, ...asOf, ...how },
    },
    resolver: { resolve: async () => (setting.unlisted === true ? withoutAccount : didDocument()) },
  }
}
