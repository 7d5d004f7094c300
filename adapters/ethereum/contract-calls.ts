import { getAddress } from 'ethers'
import { anchoringErrors } from '#engine/anchoring/anchoring-errors.ts'
import { revocationMasks } from '#engine/anchoring/batch-record.ts'
import { deriveIssuerId } from '#engine/anchoring/issuer-id.ts'
import { fromHex, type Hex } from '#engine/shared/bytes.ts'
import type { Instant } from '#engine/shared/instant.ts'
import type { Chain, ChainAddress, ContractCall } from '#services/ports/chain.ts'
import { addressOf, signMessage } from './anchor-messages.ts'
import { badgeAnchor } from './badge-anchor.ts'
import { keccak256 } from './keccak.ts'

type Calls = Pick<
  Chain,
  | 'issuerId'
  | 'registerIssuerCall'
  | 'publishIssuingKeyCall'
  | 'grantKeyCall'
  | 'narrowKeyCall'
  | 'anchorCall'
  | 'revokeCall'
  | 'revokeBatchCall'
>

/** How long a signed message may be delivered. Time enough for a fee war, too short to be hoarded. */
export const MESSAGE_LIFETIME_S = 86_400
/** The largest time of the contract: without end. */
const FOREVER = 2 ** 40 - 1

/** Builds what the relayer sends: each call holds the signature of the issuer's key and needs no other permission. */
export function contractCalls(at: ChainAddress, now: () => Instant): Calls {
  const call = (method: string, values: readonly unknown[]): ContractCall => ({
    to: at.contract,
    data: badgeAnchor.encodeFunctionData(method, values) as Hex,
  })
  const deadline = () => Math.floor(now() / 1000) + MESSAGE_LIFETIME_S
  /** The `Signed` of the contract. */
  const signed = (
    key: Uint8Array,
    name: Parameters<typeof signMessage>[2],
    message: Record<string, unknown>,
  ) => {
    const dated = { ...message, deadline: deadline() }
    return [addressOf(key), dated.deadline, signMessage(key, at, name, dated)]
  }

  return {
    issuerId: ({ did, firstKey }) => fromHex(deriveIssuerId(did, firstKey, keccak256)) as Uint8Array,

    registerIssuerCall: async ({ id, did, anchoringKey }) => {
      const key = addressOf(anchoringKey)
      const derived = deriveIssuerId(did, key, keccak256)
      if (derived !== id.toLowerCase()) throw anchoringErrors.issuerIdMismatch({ expected: id, derived })
      return call('registerIssuer', [did, signed(anchoringKey, 'IssuerRegistration', { key, did })])
    },

    publishIssuingKeyCall: async ({ issuerId, verificationMethod, validFrom, validUntil, anchoringKey }) => {
      const from = seconds(validFrom)
      const until = validUntil === undefined ? FOREVER : seconds(validUntil)
      const message = { issuer: issuerId, verificationMethod, validFrom: from, validUntil: until }
      const by = signed(anchoringKey, 'IssuingKeyStatement', message)
      return call('publishIssuingKey', [issuerId, verificationMethod, from, until, by])
    },

    grantKeyCall: async ({ issuerId, roles, newKey, anchoringKey }) => {
      const message = {
        issuer: issuerId,
        key: addressOf(newKey),
        roles,
        validFrom: 0,
        validUntil: FOREVER,
      }
      const [by, key] = [signed(anchoringKey, 'KeyGrant', message), signed(newKey, 'KeyGrant', message)]
      return call('grantKey', [issuerId, roles, message.validFrom, message.validUntil, by, key])
    },

    narrowKeyCall: async ({ issuerId, key, roles, validFrom, validUntil, anchoringKey }) => {
      const window = { validFrom: seconds(validFrom), validUntil: seconds(validUntil) }
      const by = signed(anchoringKey, 'KeyNarrowing', { issuer: issuerId, key, roles, ...window })
      return call('narrowKey', [key, roles, window.validFrom, window.validUntil, by])
    },

    anchorCall: async ({ issuerId, root, size, kind, anchoringKey }) => {
      const message = {
        issuer: issuerId,
        signer: addressOf(anchoringKey),
        root,
        size,
        kind,
        deadline: deadline(),
      }
      const signature = signMessage(anchoringKey, at, 'Anchoring', message)
      return call('anchorBySig', [{ ...message, signature }])
    },

    revokeCall: async ({ issuerId, signer, root, leafIndexes, anchoringKey }) => {
      const of = getAddress(signer ?? addressOf(anchoringKey))
      const masks = revocationMasks(leafIndexes)
      const by = signed(anchoringKey, 'Revocation', { issuer: issuerId, signer: of, root, masks })
      return call('revokeBySig', [of, root, masks, by])
    },

    revokeBatchCall: async ({ issuerId, signer, root, anchoringKey }) => {
      const of = getAddress(signer ?? addressOf(anchoringKey))
      return call('revokeBatchBySig', [
        of,
        root,
        signed(anchoringKey, 'BatchRevocation', { issuer: issuerId, signer: of, root }),
      ])
    },
  }
}

const seconds = (instant: Instant): number => Math.min(FOREVER, Math.max(0, Math.floor(instant / 1000)))
