import { createHmac, hkdfSync, randomBytes, timingSafeEqual } from 'node:crypto'
import { p256 } from '@noble/curves/nist'
import { calculateJwkThumbprintUri, decodeProtectedHeader, importJWK, type JWK, jwtVerify } from 'jose'
import { fromBase64Url, toBase64Url } from '#adapters/crypto/multibase.ts'
import { readMultikey } from '#adapters/crypto/public-key.ts'
import { MINUTE_MS, SECOND_MS } from '#engine/shared/duration.ts'
import { isJsonObject } from '#engine/shared/json.ts'
import { parseStrictJson } from '#engine/shared/strict-json.ts'
import type { Clock } from '#services/ports/clock.ts'
import type { WalletProofs } from '#services/ports/wallet-proofs.ts'

/** What a proof may be signed with. */
export const PROOF_ALGORITHMS = ['ES256', 'EdDSA', 'Ed25519']

const NONCE_MS = 5 * MINUTE_MS
const TIME_BYTES = 6
const CHANCE_BYTES = 16
const MOST_BYTES = 10_000

/**
 * Checks proofs of possession of wallets: a JWT under a key that stands in its header, as a `jwk`, a did:key or a did:jwk. Nothing is
 * fetched. A nonce is its time and chance under a MAC of the installation, so that none has to be kept.
 */
export function createWalletProofs(masterKey: Uint8Array, clock: Clock): WalletProofs {
  const key = new Uint8Array(hkdfSync('sha256', masterKey, new Uint8Array(0), 'waarmerk wallet nonces 1', 32))
  const macOf = (text: Uint8Array) => createHmac('sha256', key).update(text).digest()

  const isFresh = (nonce: string): boolean => {
    const bytes = Buffer.from(nonce, 'base64url')
    if (bytes.length !== TIME_BYTES + CHANCE_BYTES + 32) return false
    const [text, mac] = [bytes.subarray(0, TIME_BYTES + CHANCE_BYTES), bytes.subarray(TIME_BYTES + CHANCE_BYTES)]
    const age = clock.now() - text.readUIntBE(0, TIME_BYTES)
    return timingSafeEqual(mac, macOf(text)) && age >= 0 && age <= NONCE_MS
  }

  return {
    nonce: () => {
      const text = Buffer.concat([Buffer.alloc(TIME_BYTES), randomBytes(CHANCE_BYTES)])
      text.writeUIntBE(clock.now(), 0, TIME_BYTES)
      return Buffer.concat([text, macOf(text)]).toString('base64url')
    },

    check: async (jwt, audience) => {
      const invalid = (description: string) => ({ ok: false, error: 'invalid_proof', description }) as const
      if (jwt.length > MOST_BYTES) return invalid('The proof is too large.')
      try {
        const header = decodeProtectedHeader(jwt)
        const holder = holderIn(header)
        if (holder === undefined)
          return invalid('The header must name one key: jwk, or a did:key or did:jwk as kid.')
        const { payload } = await jwtVerify(jwt, await importJWK(holder.jwk, header.alg), {
          algorithms: PROOF_ALGORITHMS,
          typ: 'openid4vci-proof+jwt',
          audience,
          requiredClaims: ['iat', 'nonce'],
          maxTokenAge: NONCE_MS / SECOND_MS,
          clockTolerance: 60,
          currentDate: new Date(clock.now()),
        })
        const { nonce } = payload
        if (typeof nonce !== 'string' || !isFresh(nonce))
          return {
            ok: false,
            error: 'invalid_nonce',
            description: 'The nonce is unknown or over: ask for another.',
          }
        return { ok: true, holder: holder.did ?? (await calculateJwkThumbprintUri(holder.jwk)) }
      } catch (error) {
        return invalid(error instanceof Error ? error.message.slice(0, 200) : 'It cannot be checked.')
      }
    },
  }
}

interface Holder {
  readonly jwk: JWK
  readonly did?: string
}

/** The key that a header names: exactly one way, and never a secret one. */
function holderIn({ jwk, kid, x5c, ...rest }: ReturnType<typeof decodeProtectedHeader>): Holder | undefined {
  if (x5c !== undefined || 'trust_chain' in rest || (jwk === undefined) === (kid === undefined)) return undefined
  if (jwk !== undefined) return isPublic(jwk as JWK) ? { jwk: jwk as JWK } : undefined
  const [did = ''] = (kid ?? '').split('#')
  const found = did.startsWith('did:key:')
    ? jwkOfKey(did.slice('did:key:'.length))
    : did.startsWith('did:jwk:')
      ? jwkIn(did.slice('did:jwk:'.length))
      : undefined
  return found === undefined || !isPublic(found) ? undefined : { jwk: found, did }
}

const isPublic = (jwk: JWK): boolean =>
  jwk.d === undefined && ((jwk.kty === 'EC' && jwk.crv === 'P-256') || (jwk.kty === 'OKP' && jwk.crv === 'Ed25519'))

function jwkIn(text: string): JWK | undefined {
  const bytes = fromBase64Url(text)
  const parsed =
    bytes === undefined
      ? undefined
      : parseStrictJson(bytes, { maxBytes: 2000, maxDepth: 2, maxNodes: 50, maxKeys: 50 })
  return parsed?.ok && isJsonObject(parsed.value) ? (parsed.value as JWK) : undefined
}

function jwkOfKey(multikey: string): JWK | undefined {
  const key = readMultikey(multikey)
  if (key?.curve === 'Ed25519') return { kty: 'OKP', crv: 'Ed25519', x: toBase64Url(key.bytes) }
  if (key?.curve !== 'P-256') return undefined
  // Compressed in the DID, two coordinates in the JWK.
  const point = p256.Point.fromHex(key.bytes).toBytes(false)
  return {
    kty: 'EC',
    crv: 'P-256',
    x: toBase64Url(point.slice(1, 33)),
    y: toBase64Url(point.slice(33)),
  }
}
