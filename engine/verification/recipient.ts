import type { Hash } from '#engine/shared/hash.ts'
import { isJsonObject, type JsonObject } from '#engine/shared/json.ts'
import { listOf } from '#engine/shared/list-of.ts'
import { type HolderMatch, matchAssertion, matchHolder, matchIdentity } from './holder-match.ts'

/** Whom a reader says that a badge is of. Compared and forgotten: it stands in no report, no log and no row. */
export interface Recipient {
  /** As Open Badges 3.0 has it: `emailAddress`, `name`, `studentId` as `ext:studentId`, …; or `did`. */
  readonly identityType: string
  readonly value: string
}

const MAX_VALUE = 2_000

/**
 * Reads `a@example.org`, a DID, or `TYPE=VALUE` with a type of Open Badges 3.0 (`ext:eppn=a@example.org`). Undefined where it
 * names nobody.
 */
export function readRecipient(text: string): Recipient | undefined {
  const value = text.trim()
  if (value === '' || value.length > MAX_VALUE || /\p{Cc}/u.test(value)) return undefined
  const [, identityType, named] = /^((?:ext:)?[A-Za-z][A-Za-z0-9._-]{0,63})=(.+)$/u.exec(value) ?? []
  if (identityType !== undefined && named !== undefined) return { identityType, value: named.trim() }
  if (value.startsWith('did:')) return { identityType: 'did', value }
  const address = value.replace(/^mailto:/i, '')
  return /^[^\s@]+@[^\s@]+$/.test(address) ? { identityType: 'emailAddress', value: address } : undefined
}

/**
 * Whether a document names a recipient: in plain text, or as `sha256$HEX` of identity and salt. An address is compared in
 * lower case and as it was written, as some hash what a person once typed.
 */
export function matchRecipient(document: JsonObject, recipient: Recipient, sha256: Hash): HolderMatch {
  const { identityType, value } = recipient
  if (identityType === 'did') return matchHolder(document, [{ type: 'did', value }], sha256)
  if (identityType === 'emailAddress') {
    const written = [...new Set([value.toLowerCase(), value])]
    return matchHolder(
      document,
      written.map((address) => ({ type: 'email', value: address })),
      sha256,
    )
  }
  const answers = listOf(document['credentialSubject']).flatMap((subject) =>
    isJsonObject(subject)
      ? listOf(subject['identifier']).map((each) =>
          isJsonObject(each) && each['identityType'] === identityType
            ? matchIdentity(each, [value], sha256)
            : 'unknown',
        )
      : [],
  )
  if (answers.includes('yes')) return 'yes'
  return answers.includes('no') ? 'no' : 'unknown'
}

/** The same for an assertion of Open Badges 2.0, which names its recipient by an e-mail address or not in a way that counts. */
export function matchAssertionRecipient(
  document: JsonObject,
  { identityType, value }: Recipient,
  sha256: Hash,
): HolderMatch {
  if (identityType !== 'emailAddress') return 'unknown'
  const written = [...new Set([value.toLowerCase(), value])]
  return matchAssertion(
    document,
    written.map((address) => ({ type: 'email', value: address })),
    sha256,
  )
}
