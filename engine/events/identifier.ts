/** How a source names a person. `value` is normalised, so that equal identifiers are equal strings. */
export interface Identifier {
  readonly type: IdentifierType
  readonly value: string
}

/**
 * `email`: lower-case address · `eppn`: eduPersonPrincipalName, lower-case · `did` · `account`: `HOME_PAGE#NAME`
 * of an xAPI account · `openid`: a URI · `sha1`: xAPI `mbox_sha1sum` · `id`: the source's own number of a person.
 */
export type IdentifierType = (typeof IDENTIFIER_TYPES)[number]
export const IDENTIFIER_TYPES = ['email', 'eppn', 'did', 'account', 'openid', 'sha1', 'id'] as const

/** `type:value`, the text by which identifiers are compared and stored. */
export const identifierText = ({ type, value }: Identifier): string => `${type}:${value}`
