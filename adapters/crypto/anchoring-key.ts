import { secp256k1 } from '@noble/curves/secp256k1'
import { type Hex, toHex, utf8 } from '#engine/shared/bytes.ts'
import { keccak256 } from './hashes.ts'

/** A secp256k1 key that anchors batches in an issuer's name. */
export interface AnchoringKey {
  /** Checksummed (EIP-55). */
  readonly address: Hex
  readonly secretKey: Uint8Array
}

/** Makes a fresh anchoring key from the platform's own randomness. */
export function generateAnchoringKey(): AnchoringKey {
  return anchoringKeyOf(secp256k1.utils.randomPrivateKey())
}

/** The anchoring key of a 32-byte secret; throws when it is no number of the curve. */
export function anchoringKeyOf(secretKey: Uint8Array): AnchoringKey {
  const publicKey = secp256k1.getPublicKey(secretKey, false)
  return { address: checksummed(keccak256(publicKey.slice(1)).slice(12)), secretKey }
}

/** EIP-55: a letter is upper case where the hash of the address has a high bit. */
function checksummed(address: Uint8Array): Hex {
  const plain = toHex(address).slice(2)
  const hash = toHex(keccak256(utf8(plain))).slice(2)
  let text = '0x'
  for (const [at, character] of [...plain].entries()) {
    text += Number.parseInt(hash[at] ?? '0', 16) >= 8 ? character.toUpperCase() : character
  }
  return text as Hex
}
