import { type Instant, parseInstant } from '#engine/shared/instant.ts'
import { isJsonArray, isJsonObject, type Json, type JsonObject } from '#engine/shared/json.ts'

export const TRUST_LIST_FORMAT = 'waarmerk-trust-list/1'

/** A list may be larger than any badge. */
export const TRUST_LIST_LIMITS = { maxBytes: 10_000_000, maxDepth: 8, maxNodes: 400_000, maxKeys: 200_000 }

/** More issuers than a country has schools. */
const MAX_ISSUERS = 20_000
const MAX_NAMES = 32

/**
 * Issuers for which somebody vouches, signed by them: docs/trust-lists.md, docs/schemas/trust-list.schema.json.
 * It says who is who, and nothing of any badge.
 */
export interface TrustList {
  readonly id: string
  readonly name: string
  /** Grows with each publication. */
  readonly version: number
  readonly publisher: { readonly id: string; readonly name?: string }
  readonly validFrom: Instant
  readonly validUntil: Instant
  readonly issuers: readonly ListedIssuer[]
}

export interface ListedIssuer {
  readonly name: string
  /** DIDs, and https addresses that are issuers themselves. */
  readonly ids: readonly string[]
  /** Numbers on chain (`0x…`, 20 bytes), each of which commits to a DID and its first key. */
  readonly onChain: readonly string[]
  /** In lower case and ASCII, without a port. */
  readonly domain?: string
  /** Every issuer that has the good name of `domain` is meant, and not those of `ids` alone. */
  readonly wholeDomain: boolean
  /** Folders of `domain`, as `/badges`: every issuer whose id lies in one is meant. */
  readonly paths: readonly string[]
  readonly brin?: string
  readonly ror?: string
  /** Badges from before, or from then on, are not vouched for. By the date that the badge itself bears. */
  readonly since?: Instant
  readonly until?: Instant
}

export type TrustListReading =
  | { readonly ok: true; readonly list: TrustList }
  /** JSON pointer to the first member that is missing, wrong or unknown. */
  | { readonly ok: false; readonly member: string }

/** Reads a list strictly, without its proof: a member that nobody knows may be a restriction that somebody meant. */
export function parseTrustList(value: Json | undefined): TrustListReading {
  if (!isJsonObject(value) || value['format'] !== TRUST_LIST_FORMAT) return { ok: false, member: '/format' }
  const fault = faultIn(value, LIST_MEMBERS, '')
  if (fault !== undefined) return { ok: false, member: fault }
  const publisher = value['publisher'] as JsonObject
  const wrong = faultIn(publisher, PUBLISHER_MEMBERS, '/publisher')
  if (wrong !== undefined) return { ok: false, member: wrong }
  const [validFrom, validUntil] = [momentOf(value['validFrom']), momentOf(value['validUntil'])]
  if (validUntil <= validFrom) return { ok: false, member: '/validUntil' }
  const issuers: ListedIssuer[] = []
  for (const [at, entry] of (value['issuers'] as readonly JsonObject[]).entries()) {
    const place = `/issuers/${at}`
    if (!isJsonObject(entry)) return { ok: false, member: place }
    const bad = faultIn(entry, ISSUER_MEMBERS, place)
    if (bad !== undefined) return { ok: false, member: bad }
    const issuer = readIssuer(entry)
    if ((issuer.wholeDomain || issuer.paths.length > 0) && issuer.domain === undefined)
      return { ok: false, member: `${place}/domain` }
    // An entry that fits nobody was meant to fit somebody.
    if (issuer.ids.length + issuer.onChain.length + issuer.paths.length === 0 && !issuer.wholeDomain)
      return { ok: false, member: `${place}/ids` }
    issuers.push(issuer)
  }
  const { id, name, version } = value
  return {
    ok: true,
    list: {
      id: id as string,
      name: name as string,
      version: version as number,
      publisher: publisher as unknown as TrustList['publisher'],
      validFrom,
      validUntil,
      issuers,
    },
  }
}

function readIssuer(entry: JsonObject): ListedIssuer {
  const { name, ids, onChain, domain, wholeDomain, paths, brin, ror, since, until } = entry
  return {
    name: name as string,
    ids: (ids ?? []) as readonly string[],
    onChain: ((onChain ?? []) as readonly string[]).map((number) => number.toLowerCase()),
    wholeDomain: wholeDomain === true,
    paths: (paths ?? []) as readonly string[],
    ...(domain === undefined ? {} : { domain: domain as string }),
    ...(brin === undefined ? {} : { brin: brin as string }),
    ...(ror === undefined ? {} : { ror: ror as string }),
    ...(since === undefined ? {} : { since: momentOf(since) }),
    ...(until === undefined ? {} : { until: momentOf(until) }),
  }
}

const momentOf = (value: Json | undefined): Instant => parseInstant(value as string) as Instant

interface Member {
  readonly isRight: (value: Json) => boolean
  readonly isOptional?: true
}

function faultIn(
  object: JsonObject,
  members: Readonly<Record<string, Member>>,
  place: string,
): string | undefined {
  const surplus = Object.keys(object).find((name) => !Object.hasOwn(members, name))
  if (surplus !== undefined) return `${place}/${surplus}`
  for (const [name, { isRight, isOptional }] of Object.entries(members)) {
    const value = object[name]
    if (value === undefined ? isOptional !== true : !isRight(value)) return `${place}/${name}`
  }
  return undefined
}

const isText = (value: Json): boolean =>
  typeof value === 'string' && value.length > 0 && value.length <= 500 && value.trim() === value
const isMoment = (value: Json): boolean => typeof value === 'string' && parseInstant(value) !== undefined
const isIssuerId = (value: Json): boolean =>
  typeof value === 'string' && value.length <= 2000 && /^(?:did:[a-z0-9]+:|https?:\/\/)[^\s#]+$/.test(value)
const listOf =
  (isRight: (value: Json) => boolean, most: number) =>
  (value: Json): boolean =>
    isJsonArray(value) && value.length <= most && value.every(isRight)
const matching =
  (pattern: RegExp) =>
  (value: Json): boolean =>
    typeof value === 'string' && pattern.test(value)

/** A whole domain name in ASCII: letters, digits and hyphens between dots. */
const DOMAIN = /^(?=.{1,253}$)[a-z0-9](?:[a-z0-9-]{0,62})(?:\.[a-z0-9][a-z0-9-]{0,62})*$/

/** A folder of a domain without a slash at its end, in letters that need no escape. */
const FOLDER = /^(?=.{2,500}$)(?:\/(?!\.{1,2}(?:\/|$))[A-Za-z0-9._~-]+){1,16}$/

const LIST_MEMBERS: Readonly<Record<string, Member>> = {
  format: { isRight: (value) => value === TRUST_LIST_FORMAT },
  id: { isRight: matching(/^(?:https:\/\/|urn:)[^\s]{1,2000}$/) },
  name: { isRight: isText },
  version: { isRight: (value) => Number.isSafeInteger(value) && (value as number) >= 1 },
  publisher: { isRight: isJsonObject },
  validFrom: { isRight: isMoment },
  validUntil: { isRight: isMoment },
  issuers: { isRight: (value) => isJsonArray(value) && value.length <= MAX_ISSUERS },
  proof: { isRight: () => true, isOptional: true },
}

const PUBLISHER_MEMBERS: Readonly<Record<string, Member>> = {
  id: { isRight: isIssuerId },
  name: { isRight: isText, isOptional: true },
}

const ISSUER_MEMBERS: Readonly<Record<string, Member>> = {
  name: { isRight: isText },
  ids: { isRight: listOf(isIssuerId, MAX_NAMES), isOptional: true },
  onChain: { isRight: listOf(matching(/^0x[0-9a-fA-F]{40}$/), MAX_NAMES), isOptional: true },
  domain: { isRight: matching(DOMAIN), isOptional: true },
  wholeDomain: { isRight: (value) => typeof value === 'boolean', isOptional: true },
  paths: { isRight: listOf(matching(FOLDER), MAX_NAMES), isOptional: true },
  brin: { isRight: matching(/^[0-9]{2}[A-Z]{2}(?:[0-9]{2})?$/), isOptional: true },
  ror: { isRight: matching(/^https:\/\/ror\.org\/0[a-hj-km-np-tv-z0-9]{6}[0-9]{2}$/), isOptional: true },
  since: { isRight: isMoment, isOptional: true },
  until: { isRight: isMoment, isOptional: true },
}
