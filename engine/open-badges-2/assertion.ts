import { type Instant, parseInstant } from '#engine/shared/instant.ts'
import { isJsonObject, type Json, type JsonObject } from '#engine/shared/json.ts'
import { listOf } from '#engine/shared/list-of.ts'

/** The context of Open Badges 2.0. */
export const OB_2_CONTEXT = 'https://w3id.org/openbadges/v2'

/** What an assertion of Open Badges 2.0 says, as far as it is looked at here. */
export interface Assertion {
  /** Its address when it is hosted, and mostly `urn:uuid:…` when it is signed. */
  readonly id: string
  /** The badge class: its address, or all of it. */
  readonly badge: string | JsonObject
  readonly verification: Verification
  readonly issuedOn: Instant
  readonly expires?: Instant
  readonly revoked: boolean
  readonly revocationReason?: string
}

export type Verification =
  /** The assertion counts as what stands at its own address. */
  | { readonly kind: 'hosted' }
  /** It is a JWS under the key at `creator`. */
  | { readonly kind: 'signed'; readonly creator?: string }

export interface BadgeIssuer {
  readonly id: string
  /** Keys by address, or whole. */
  readonly keys: readonly (string | JsonObject)[]
  readonly startsWith: readonly string[]
  /** Host names. */
  readonly allowedOrigins: readonly string[]
  readonly revocationList?: string
}

/** Whether a document is one of Open Badges 2.0, by its context and type. */
export const isAssertion = (document: JsonObject): boolean =>
  listOf(document['@context']).includes(OB_2_CONTEXT) && listOf(document['type']).includes('Assertion')

/** What stands for an assertion of which no more is known than its address, as in older baked pictures. */
export const assertionAt = (address: string): JsonObject => ({
  '@context': OB_2_CONTEXT,
  type: 'Assertion',
  id: address,
  verification: { type: 'HostedBadge' },
})

/** Undefined for what lacks a member that 2.0 asks for, or has one that cannot be read. */
export function readAssertion(document: JsonObject): Assertion | undefined {
  const { id, badge, issuedOn, expires, revoked, revocationReason } = document
  const verification = readVerification(document['verification'])
  const issued = readMoment(issuedOn)
  const end = expires === undefined ? undefined : readMoment(expires)
  if (!isAssertion(document) || typeof id !== 'string' || verification === undefined) return undefined
  if ((typeof badge !== 'string' && !isJsonObject(badge ?? null)) || badge === undefined) return undefined
  if (issued === undefined || (expires !== undefined && end === undefined)) return undefined
  return {
    id,
    badge: badge as string | JsonObject,
    verification,
    issuedOn: issued,
    ...(end === undefined ? {} : { expires: end }),
    revoked: revoked === true,
    ...(typeof revocationReason === 'string' ? { revocationReason } : {}),
  }
}

/** How it is verified; hosted for who does not say that it is signed. */
export function readVerification(value: Json | undefined): Verification | undefined {
  if (!isJsonObject(value ?? null)) return undefined
  const { type, creator } = value as JsonObject
  const types = listOf(type)
  if (types.includes('SignedBadge') || types.includes('signed'))
    return { kind: 'signed', ...(typeof creator === 'string' ? { creator } : {}) }
  return types.includes('HostedBadge') || types.includes('hosted') ? { kind: 'hosted' } : undefined
}

export function readBadgeIssuer(document: JsonObject): BadgeIssuer | undefined {
  const { id, publicKey, revocationList } = document
  if (typeof id !== 'string') return undefined
  const scope = isJsonObject(document['verification'] ?? null) ? (document['verification'] as JsonObject) : {}
  return {
    id,
    keys: listOf(publicKey).filter(
      (key): key is string | JsonObject => typeof key === 'string' || isJsonObject(key),
    ),
    startsWith: texts(scope['startsWith']),
    allowedOrigins: texts(scope['allowedOrigins']),
    ...(typeof revocationList === 'string' ? { revocationList } : {}),
  }
}

/** Whether an issuer says for which addresses it vouches. */
export const namesScope = ({ startsWith, allowedOrigins }: BadgeIssuer): boolean =>
  startsWith.length + allowedOrigins.length > 0

/**
 * Whether the issuer vouches for what stands at an address (Open Badges 2.0, Hosted Verification): it begins as the issuer
 * says, or is on a host that the issuer names, or on the issuer's own host where it says nothing.
 */
export function isInScope(address: string, issuer: BadgeIssuer): boolean {
  const { id, startsWith, allowedOrigins } = issuer
  const url = URL.parse(address)
  if (url === null || url.username !== '' || url.password !== '') return false
  const hosts = namesScope(issuer) ? allowedOrigins : [URL.parse(id)?.host ?? '']
  // Not the text alone: `https://a.example` also begins `https://a.example.evil.example`.
  const begins = startsWith.some((start) => {
    const from = URL.parse(start)
    return from !== null && from.origin === url.origin && url.href.startsWith(from.href)
  })
  return (
    begins || hosts.some((host) => host !== '' && (URL.parse(host)?.host ?? host.toLowerCase()) === url.host)
  )
}

/** Whether a list of revocations names an assertion, by its id or `uid`. */
export function revocationIn(revocations: JsonObject, id: string): { readonly reason?: string } | undefined {
  for (const entry of listOf(revocations['revokedAssertions'])) {
    if (entry === id) return {}
    if (!isJsonObject(entry) || (entry['id'] !== id && entry['uid'] !== id)) continue
    const { revocationReason: reason } = entry
    return typeof reason === 'string' ? { reason } : {}
  }
  return undefined
}

/** A day alone is its beginning in UTC: others write one where 2.0 asks for a moment. */
function readMoment(value: Json | undefined): Instant | undefined {
  if (typeof value !== 'string') return undefined
  return parseInstant(value) ?? parseInstant(`${value}Z`) ?? parseInstant(`${value}T00:00:00Z`)
}

const texts = (value: Json | undefined): readonly string[] =>
  listOf(value).filter((each): each is string => typeof each === 'string' && each !== '')
