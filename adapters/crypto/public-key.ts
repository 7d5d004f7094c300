import { ed25519 } from '@noble/curves/ed25519'
import { p256, p384 } from '@noble/curves/nist'
import type { VerificationMethod } from '#engine/credentials/did-document.ts'
import { concat } from '#engine/shared/bytes.ts'
import { isJsonArray, type JsonObject } from '#engine/shared/json.ts'
import type { VerifyEd25519 } from './crypto-means.ts'
import { fromBase64Url, fromMultibase, toBase64Url, toMultibase } from './multibase.ts'

export interface PublicKey {
  readonly curve: 'Ed25519' | 'P-256' | 'P-384'
  /** 32 bytes, or a compressed or uncompressed point. */
  readonly bytes: Uint8Array
}

/** Multicodec headers of public keys (Controlled Identifiers 1.0, section 2.2.2.1). */
const HEADERS = [
  { curve: 'Ed25519', header: [0xed, 0x01], length: 32 },
  { curve: 'P-256', header: [0x80, 0x24], length: 33 },
  { curve: 'P-384', header: [0x81, 0x24], length: 49 },
] as const

/** Reads a Multikey (`z6Mk…`, `zDn…`, `z82…`); undefined for other kinds and wrong lengths. */
export function readMultikey(publicKeyMultibase: string): PublicKey | undefined {
  const bytes = fromMultibase(publicKeyMultibase)
  return bytes === undefined ? undefined : readMultikeyBytes(bytes)
}

/** The same of its bytes, header included. */
export function readMultikeyBytes(bytes: Uint8Array): PublicKey | undefined {
  const kind = HEADERS.find(
    ({ header, length }) => bytes[0] === header[0] && bytes[1] === header[1] && bytes.length === length + 2,
  )
  return kind === undefined ? undefined : { curve: kind.curve, bytes: bytes.slice(2) }
}

/** Writes a key as Multikey. A point must be compressed. */
export const toMultikey = (key: PublicKey): string => toMultibase(toMultikeyBytes(key))

/** The bytes of a Multikey, header included. */
export function toMultikeyBytes({ curve, bytes }: PublicKey): Uint8Array {
  const { header } = HEADERS.find((known) => known.curve === curve) ?? HEADERS[0]
  return concat(Uint8Array.from(header), bytes)
}

/** Reads the key of a verification method: Multikey, Ed25519VerificationKey2020, JsonWebKey(2020); undefined for others. */
export function readPublicKey(method: VerificationMethod): PublicKey | undefined {
  if (method.publicKeyMultibase !== undefined) return readMultikey(method.publicKeyMultibase)
  return method.publicKeyJwk === undefined ? undefined : readJwk(method.publicKeyJwk)
}

/** Members of the private half of a key, of whatever kind, and of a shared secret. */
const PRIVATE_MEMBERS = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k']

/** Whether a JWK is public and meant for signatures. A private one is everybody's by now, and vouches for nothing. */
export function isPublicForSigning(jwk: JsonObject): boolean {
  const { use, key_ops: operations } = jwk
  if (PRIVATE_MEMBERS.some((name) => jwk[name] !== undefined)) return false
  if (use !== undefined && use !== 'sig') return false
  return operations === undefined || (isJsonArray(operations) && operations.includes('verify'))
}

/** Reads a public JWK on one of the curves; undefined for others, and for one that holds its private half. */
export function readJwk(jwk: JsonObject): PublicKey | undefined {
  const { kty, crv, x, y } = jwk
  const first = typeof x === 'string' ? fromBase64Url(x) : undefined
  if (first === undefined || !isPublicForSigning(jwk)) return undefined
  if (kty === 'OKP' && crv === 'Ed25519' && first.length === 32) return { curve: 'Ed25519', bytes: first }
  const second = typeof y === 'string' ? fromBase64Url(y) : undefined
  if (kty !== 'EC' || second === undefined || (crv !== 'P-256' && crv !== 'P-384')) return undefined
  const half = crv === 'P-256' ? 32 : 48
  if (first.length !== half || second.length !== half) return undefined
  return { curve: crv, bytes: Uint8Array.from([4, ...first, ...second]) }
}

/** The key as JWK; undefined when the point is not on its curve. */
export function toJwk(key: PublicKey): JsonObject | undefined {
  if (key.curve === 'Ed25519') return { kty: 'OKP', crv: 'Ed25519', x: toBase64Url(key.bytes) }
  try {
    const point = (key.curve === 'P-256' ? p256 : p384).Point.fromHex(key.bytes).toBytes(false)
    const half = (point.length - 1) / 2
    const [x, y] = [point.slice(1, 1 + half), point.slice(1 + half)]
    return { kty: 'EC', crv: key.curve, x: toBase64Url(x), y: toBase64Url(y) }
  } catch {
    return undefined
  }
}

/** r ‖ s, with nothing around them: the library would take DER as well. */
const SIGNATURE_LENGTHS = { Ed25519: 64, 'P-256': 64, 'P-384': 96 } as const

/**
 * Whether the signature is that key's. False for a key off its curve or a signature of the wrong form.
 * ECDSA signatures with a high s count as well: the specifications of the suites do not ask for a low one.
 */
export async function isSignedBy(
  key: PublicKey,
  signature: Uint8Array,
  message: Uint8Array,
  verifyEd25519: VerifyEd25519 = verifyPortably,
): Promise<boolean> {
  if (signature.length !== SIGNATURE_LENGTHS[key.curve]) return false
  try {
    if (key.curve === 'Ed25519') return await verifyEd25519(signature, message, key.bytes)
    return (key.curve === 'P-256' ? p256 : p384).verify(signature, message, key.bytes, {
      prehash: true,
      lowS: false,
    })
  } catch {
    return false
  }
}

const verifyPortably: VerifyEd25519 = (signature, message, publicKey) =>
  ed25519.verify(signature, message, publicKey, { zip215: false })
