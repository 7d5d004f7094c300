/** The scopes of the Open Badges API 3.0, by what they let an application do. */
export const OB_SCOPES = {
  readCredentials: 'https://purl.imsglobal.org/spec/ob/v3p0/scope/credential.readonly',
  upsertCredentials: 'https://purl.imsglobal.org/spec/ob/v3p0/scope/credential.upsert',
  readProfile: 'https://purl.imsglobal.org/spec/ob/v3p0/scope/profile.readonly',
  updateProfile: 'https://purl.imsglobal.org/spec/ob/v3p0/scope/profile.update',
} as const

export type ObScope = (typeof OB_SCOPES)[keyof typeof OB_SCOPES]

/** With it an application gets a refresh token, and reaches what it was let into until that is withdrawn. */
export const OFFLINE_ACCESS = 'offline_access'

export type GrantedScope = ObScope | typeof OFFLINE_ACCESS

const KNOWN: ReadonlySet<string> = new Set([...Object.values(OB_SCOPES), OFFLINE_ACCESS])

/** Those of a list that are known here. */
export const knownScopes = (scopes: Iterable<string>): readonly GrantedScope[] =>
  [...new Set(scopes)].filter((scope): scope is GrantedScope => KNOWN.has(scope))
