import { utf8 } from '#engine/shared/bytes.ts'
import type { Hash } from '#engine/shared/hash.ts'
import type { Random } from '#services/ports/random.ts'

/** A secret that travels in a link or a cookie: 256 bits of chance, of which only the hash is kept. */
export interface SecretToken {
  readonly token: string
  readonly hash: Uint8Array
}

export function newToken(random: Random, sha256: Hash): SecretToken {
  const token = base64url(random.bytes(32))
  return { token, hash: hashToken(token, sha256) }
}

/** No salt and no stretching: the token has more entropy than anybody can search. */
export const hashToken = (token: string, sha256: Hash): Uint8Array => sha256(utf8(token))

export const base64url = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64url')
