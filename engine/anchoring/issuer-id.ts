import { concat, fromHex, type Hex, toHex, utf8 } from '#engine/shared/bytes.ts'
import type { Hash } from '#engine/shared/hash.ts'
import { anchoringErrors } from './anchoring-errors.ts'

/**
 * The id of an issuer on chain: the first 20 bytes of
 * keccak256(keccak256("waarmerk-issuer/1") ‖ first key, padded to 32 bytes ‖ keccak256(DID)).
 * It follows from DID and key alone, so no order of transactions can hand it to somebody else, and everybody can check
 * that an id is the DID's. Refuses what is not an address (`leaf-malformed`).
 */
export function deriveIssuerId(did: string, firstKey: Hex, keccak256: Hash): Hex {
  const key = fromHex(firstKey)
  if (key?.length !== 20) throw anchoringErrors.malformedLeaf({ reason: 'the first key is not an address' })
  const tag = keccak256(utf8('waarmerk-issuer/1'))
  return toHex(keccak256(concat(tag, new Uint8Array(12), key, keccak256(utf8(did)))).slice(0, 20))
}
