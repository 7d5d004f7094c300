import { TEST_MARK } from '#engine/credentials/achievement-document.ts'
import { domainOf, isLoopbackHost } from '#engine/credentials/did-web.ts'
import { readEducredential } from '#engine/credentials/educredential.ts'
import { hasParts, readPersonalParts } from '#engine/credentials/personal-parts.ts'
import { readInstitutionWords } from '#engine/credentials/read-institution.ts'
import type { Hex } from '#engine/shared/bytes.ts'
import { type Instant, parseInstant } from '#engine/shared/instant.ts'
import { isJsonObject, type Json, type JsonObject } from '#engine/shared/json.ts'
import { listOf } from '#engine/shared/list-of.ts'
import { present } from '#engine/shared/present.ts'
import { seenText } from '#engine/shared/seen-text.ts'
import type { TrustListReport } from './trust-list-report.ts'
import type { CredentialSummary, IssuerSummary, ListedAs } from './verification-report.ts'
import { readWordsInLanguages } from './words-in-languages.ts'

/** What a known issuer is known by; the part of the trust source's answer that a summary shows. */
export interface KnownAs {
  readonly by: 'registry' | 'list' | 'setting'
  readonly name?: string
  readonly test?: boolean
  readonly list?: TrustListReport
  readonly domain?: string
  readonly brin?: string
  readonly ror?: string
}

/** Reads what a page shows of a credential. Everything in it is what the document says, not what is true. */
export function summariseCredential(
  document: JsonObject,
  digest: Hex,
  known: KnownAs | undefined,
  recordedAs?: Hex,
): CredentialSummary {
  const issuer = summariseIssuer(document['issuer'], known, recordedAs)
  const subject = firstObject(document['credentialSubject'])
  const name = words(document['name'])
  const subjectName = nameOfHolder(subject)
  const parts = readPersonalParts(document)
  const inLanguages = readWordsInLanguages(document)
  return present({
    id: text(document['id']),
    types: texts(document['type']),
    name,
    issuer,
    achievement: summariseAchievement(firstObject(subject?.['achievement'])),
    inLanguages: inLanguages.length > 1 ? inLanguages : undefined,
    subjectId: text(subject?.['id']),
    subjectName,
    awardedDate: date(document['awardedDate']),
    validFrom: validFrom(document),
    validUntil: validUntil(document),
    parts: hasParts(parts) ? parts : undefined,
    test:
      known?.test === true ||
      name?.startsWith(TEST_MARK) === true ||
      (issuer?.domain !== undefined && isLoopbackHost(issuer.domain)),
    digest,
  })
}

/** The issuer of a credential: an object with an id, or just the id. */
export function summariseIssuer(
  issuer: Json | undefined,
  known: KnownAs | undefined,
  recordedAs?: Hex,
): IssuerSummary | undefined {
  const id = typeof issuer === 'string' ? issuer : text(firstObject(issuer)?.['id'])
  if (id === undefined) return undefined
  const profile = firstObject(issuer)
  return present({
    id,
    name: known?.name ?? words(profile?.['name']),
    url: text(profile?.['url']),
    institution: readInstitutionWords(issuer),
    domain: domainOf(id),
    recordedAs,
    known: known !== undefined,
    knownBy: known?.by,
    listed: listedAs(known),
  })
}

function listedAs(known: KnownAs | undefined): ListedAs | undefined {
  if (known?.list === undefined) return undefined
  const { name, domain, brin, ror, list } = known
  return present({ name, domain, brin, ror, list })
}

/** VC Data Model 2.0, or 1.1 under its older name. Where both stand there, it counts when both say so. */
export const validFrom = (document: JsonObject): Instant | undefined =>
  datesOf(document['validFrom'], document['issuanceDate']).at(-1)

export const validUntil = (document: JsonObject): Instant | undefined =>
  datesOf(document['validUntil'], document['expirationDate'])[0]

function summariseAchievement(achievement: JsonObject | undefined): CredentialSummary['achievement'] {
  if (achievement === undefined) return undefined
  const image = firstObject(achievement['image'])
  const imageId = text(image?.['id']) ?? text(achievement['image'])
  return present({
    id: text(achievement['id']),
    name: words(achievement['name']),
    version: text(achievement['version']),
    description: words(achievement['description']),
    criteria: words(firstObject(achievement['criteria'])?.['narrative']),
    criteriaAddress: text(firstObject(achievement['criteria'])?.['id']),
    type: text(achievement['achievementType']),
    educredential: readEducredential(achievement),
    image: imageId === undefined ? undefined : present({ id: imageId, caption: words(image?.['caption']) }),
  })
}

function nameOfHolder(subject: JsonObject | undefined): string | undefined {
  for (const entry of listOf(subject?.['identifier'])) {
    if (isJsonObject(entry) && entry['identityType'] === 'name' && entry['hashed'] === false) {
      return words(entry['identityHash'])
    }
  }
  return words(subject?.['name'])
}

/** A list of texts in several languages gives its first one: a page shows something rather than nothing. */
function text(value: Json | undefined): string | undefined {
  if (typeof value === 'string') return value
  const [entry] = listOf(value)
  if (typeof entry === 'string') return entry
  const first = isJsonObject(entry) ? entry['@value'] : undefined
  return typeof first === 'string' ? first : undefined
}

/** A text that people read: a name must not look like another one. */
function words(value: Json | undefined): string | undefined {
  const written = text(value)
  return written === undefined ? undefined : seenText(written)
}

const date = (value: Json | undefined): Instant | undefined =>
  typeof value === 'string' ? parseInstant(value) : undefined

/** The earliest first. */
const datesOf = (...values: readonly (Json | undefined)[]): readonly Instant[] =>
  values
    .map(date)
    .filter((at) => at !== undefined)
    .sort((a, b) => a - b)

const texts = (value: Json | undefined): readonly string[] =>
  listOf(value).filter((entry): entry is string => typeof entry === 'string')

function firstObject(value: Json | undefined): JsonObject | undefined {
  return listOf(value).find((entry): entry is JsonObject => isJsonObject(entry))
}
