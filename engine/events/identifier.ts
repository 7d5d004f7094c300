import { utf8 } from '#engine/shared/bytes.ts'

/** How a source names a person. `value` is normalised, so that equal identifiers are equal strings. */
export interface Identifier {
  readonly type: IdentifierType
  readonly value: string
}

/**
 * `email`: lower-case address · `eppn`: eduPersonPrincipalName, lower-case · `did` · `account`: `HOME_PAGE#NAME`
 * of an xAPI account · `openid`: a URI · `sha1`: xAPI `mbox_sha1sum` · `id`: the source's own number of a person,
 * as `SOURCE#NUMBER`: two sources may use the same number for two people.
 */
export type IdentifierType = (typeof IDENTIFIER_TYPES)[number]
export const IDENTIFIER_TYPES = ['email', 'eppn', 'did', 'account', 'openid', 'sha1', 'id'] as const

/** `type:value`, the text by which identifiers are compared and stored. */
export const identifierText = ({ type, value }: Identifier): string => `${type}:${value}`

const MAX_LENGTH = 500
/** Of a person's number with its source, in bytes of UTF-8: it stands in an index, whose rows are bounded. */
const MAX_BYTES = 2000

/**
 * Reads how a person is named: `mailto:` or a bare address, `eppn:`, `did:`, `account:HOME_PAGE#NAME`, `openid:URI`
 * or an https address, `sha1:`, `id:`; any other text without white space is the source's own number of a person.
 * `source` scopes such a number; without one, `id:SOURCE#NUMBER` says both. Undefined where it names nobody.
 */
export function parseIdentifier(text: string, source?: string): Identifier | undefined {
  const trimmed = text.trim()
  if (trimmed === '' || trimmed.length > MAX_BYTES || /[\s\p{Cc}]/u.test(trimmed)) return undefined
  if (trimmed.startsWith('did:')) return normaliseIdentifier('did', trimmed)
  if (/^https?:\/\//i.test(trimmed)) return normaliseIdentifier('openid', trimmed)
  const [, scheme = '', rest = ''] = /^([a-z0-9]+):(.+)$/i.exec(trimmed) ?? []
  const type = scheme.toLowerCase() === 'mailto' ? 'email' : scheme.toLowerCase()
  if (isIdentifierType(type) && type !== 'id') return normaliseIdentifier(type, rest)
  if (EMAIL.test(trimmed) && scheme === '') return normaliseIdentifier('email', trimmed)
  const number = type === 'id' ? rest : trimmed
  if (source !== undefined && number.length > MAX_LENGTH) return undefined
  const value = source === undefined ? number : `${source}#${number}`
  const isWhole = source !== undefined || (type === 'id' && /^[^#]+#.+$/.test(number))
  return isWhole && utf8(value).length <= MAX_BYTES ? { type: 'id', value } : undefined
}

/** Brings a value of a known type into its one form. Undefined where it is no value of that type. */
export function normaliseIdentifier(type: IdentifierType, value: string): Identifier | undefined {
  if (value === '' || value.length > MAX_LENGTH || /[\s\p{Cc}]/u.test(value)) return undefined
  switch (type) {
    case 'email':
    case 'eppn':
      return EMAIL.test(value) ? { type, value: value.toLowerCase() } : undefined
    case 'did':
      return DID.test(value) ? { type, value } : undefined
    case 'sha1':
      return SHA1.test(value) ? { type, value: value.toLowerCase() } : undefined
    case 'openid':
      return /^[a-z][a-z0-9+.-]*:/i.test(value) ? { type, value } : undefined
    case 'account':
      return /^[^#]+#.+$/.test(value) ? { type, value } : undefined
    case 'id':
      return { type, value }
  }
}

const isIdentifierType = (type: string): type is IdentifierType =>
  (IDENTIFIER_TYPES as readonly string[]).includes(type)

const EMAIL = /^[^@:/]+@[^@:/]+\.[^@:/.]+$|^[^@:/]+@localhost$/
const DID = /^did:[a-z0-9]+:[A-Za-z0-9._:%-]+(?:[/?#]\S*)?$/
const SHA1 = /^[0-9a-f]{40}$/i
