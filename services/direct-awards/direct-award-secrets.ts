import { errors } from '#engine/errors/catalogue.ts'
import type { Identifier } from '#engine/events/identifier.ts'
import { claimCodeOf, readClaimCode } from '#engine/facts/claim-code-text.ts'
import { utf8 } from '#engine/shared/bytes.ts'
import type { DirectAwardId } from '#engine/shared/ids.ts'
import { hashToken, newToken } from '#services/access/secret-token.ts'
import type { DirectAward, DirectAwardSecrets } from '#services/ports/direct-award-store.ts'
import type { Hashes } from '#services/ports/hashes.ts'
import type { SecretContext } from '#services/ports/secret-box.ts'
import type { DirectAwardNeeds } from './direct-award-needs.ts'

/** 80 bits: four groups to type. The codes that rules know have five, so that a page can tell them apart. */
const CODE_LENGTH = 16

/**
 * Makes the ways to take a direct award home. The link proves that the address is read, so it is mailed and never shown
 * to the awarder; where nothing is mailed there is none. The code asks for somebody who signed in.
 */
export function newSecrets(
  { random, hashes, secretBox }: Pick<DirectAwardNeeds, 'random' | 'hashes' | 'secretBox'>,
  id: DirectAwardId,
  { type }: Identifier,
): { readonly secrets: DirectAwardSecrets; readonly code: string } {
  const code = claimCodeOf(random.bytes(CODE_LENGTH), CODE_LENGTH)
  const sealed = (text: string, what: 'token' | 'code') => secretBox.seal(utf8(text), contextOf(id, what))
  const link = type === 'email' ? newToken(random, hashes.sha256) : undefined
  return {
    code,
    secrets: {
      code: { hash: hashOfCode(code, hashes), sealed: sealed(code, 'code') },
      ...(link === undefined ? {} : { token: { hash: link.hash, sealed: sealed(link.token, 'token') } }),
    },
  }
}

/** The texts again, for a mail or a picture. */
export function openSecrets(
  { secretBox }: Pick<DirectAwardNeeds, 'secretBox'>,
  { id, secrets }: DirectAward,
): { readonly code: string; readonly token?: string } | undefined {
  if (secrets === undefined) return undefined
  const opened = (sealed: Uint8Array, what: 'token' | 'code') =>
    new TextDecoder().decode(secretBox.open(sealed, contextOf(id, what)))
  const code = opened(secrets.code.sealed, 'code')
  return secrets.token === undefined ? { code } : { code, token: opened(secrets.token.sealed, 'token') }
}

/** The hash of a code as somebody typed it. Throws `code-unknown` for what cannot be one. */
export function hashOfCode(text: string, { sha256 }: Hashes): Uint8Array {
  const code = readClaimCode(text, CODE_LENGTH)
  if (code === undefined) throw errors.codeUnknown({})
  return hashToken(code, sha256)
}

/** Where a code is typed. It stands in the fragment: it reaches no server log and no referrer. */
export const codeUrl = (origin: string, code: string): string => `${origin}/redeem#${code}`

const contextOf = (id: DirectAwardId, what: 'token' | 'code'): SecretContext => ({
  keyId: `direct-award-${what}`,
  rowId: id,
})
