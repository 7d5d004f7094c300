import { endorsableBytes } from '#engine/credentials/endorsable-bytes.ts'
import { WaarmerkError } from '#engine/errors/define-error.ts'
import { canonicalJson } from '#engine/shared/canonical-json.ts'
import type { Instant } from '#engine/shared/instant.ts'
import { isJsonArray, isJsonObject, type Json, type JsonObject } from '#engine/shared/json.ts'
import { listOf } from '#engine/shared/list-of.ts'
import { summariseIssuer, validFrom, validUntil } from '#engine/verification/credential-summary.ts'
import { judge, verdictOf } from '#engine/verification/judge.ts'
import { readNamedSchema } from '#engine/verification/named-schema.ts'
import type { FormatFact } from '#engine/verification/verification-facts.ts'
import type { Check, EndorsementReport } from '#engine/verification/verification-report.ts'
import type { KnownIssuer } from '#services/ports/verification-sources.ts'
import { allHold, checkProofs, type ReadCredential } from './check-proofs.ts'
import { checkStatus, type StatusNeeds } from './check-status.ts'
import { refuseLarge } from './document-limits.ts'
import { isEndorsement, issuerIdOf, readFormat } from './read-format.ts'
import { recordAsked } from './record-asked.ts'

/** More than this is an attack on our time, not praise. */
const MAX_ENDORSEMENTS = 16

/** Who is known, of a document of that date. */
export type KnowIssuer = (issuerId: string, issuedAt: Instant | undefined) => Promise<KnownIssuer | undefined>

export interface EndorsementNeeds extends StatusNeeds {
  readonly know: KnowIssuer
}

export interface CheckedEndorsements {
  readonly endorsements: readonly EndorsementReport[]
  /** How many came beyond those that were looked at. */
  readonly endorsementsLeftOut: number
}

/** Checks the endorsements inside a badge and those that came beside it, each as a credential of its own. */
export async function checkEndorsements(
  badge: JsonObject,
  beside: readonly (JsonObject | string)[],
  needs: EndorsementNeeds,
): Promise<CheckedEndorsements> {
  const inside = embeddedEndorsements(badge)
  const held = new Set(inside.map(canonicalEndorsement))
  const all = [
    ...inside.map((endorsement) => ({ endorsement, embedded: true })),
    // One that is in it is told of once.
    ...beside
      .filter((each) => !held.has(canonicalEndorsement(each)))
      .map((endorsement) => ({ endorsement, embedded: false })),
  ]
  const endorsements: EndorsementReport[] = []
  for (const { endorsement, embedded } of all.slice(0, MAX_ENDORSEMENTS)) {
    // Others wait as well: sixteen of a stranger's may be work.
    if (endorsements.length > 0) await needs.suite.nextTurn()
    endorsements.push(await checkOne(badge, endorsement, embedded, needs))
  }
  return { endorsements, endorsementsLeftOut: all.length - endorsements.length }
}

/** One proof is as good as a list of one. */
function canonicalEndorsement(endorsement: Json): string {
  if (!isJsonObject(endorsement)) return canonicalJson(endorsement)
  const { proof } = endorsement
  return canonicalJson(
    proof === undefined || isJsonArray(proof) ? endorsement : { ...endorsement, proof: [proof] },
  )
}

async function checkOne(
  badge: JsonObject,
  endorsement: Json,
  embedded: boolean,
  needs: EndorsementNeeds,
): Promise<EndorsementReport> {
  const { suite, know, limits, now } = needs
  const read = readEndorsement(endorsement, needs)
  if ('code' in read) return unreadable('not-a-credential', read.detail, embedded)
  const { document } = read
  // A token is one short text to whoever holds the badge to the limits, and takes nothing from it when it is too large.
  try {
    refuseLarge(document, limits)
  } catch (error) {
    if (!(error instanceof WaarmerkError)) throw error
    return unreadable('endorsement-too-large', error.message, embedded)
  }
  const format = endorsementFormat(document)
  const asked = recordAsked(needs)
  const proofs = format.kind === 'readable' ? await checkProofs(read, asked.needs) : []
  const issuerId = issuerIdOf(document)
  const known = issuerId === undefined ? undefined : await know(issuerId, validFrom(document))
  const endorser = summariseIssuer(document['issuer'], known)
  const judged = judge({
    checkedAt: now,
    format,
    namedSchema: readNamedSchema(document),
    schemaFaults: read.compact === undefined ? suite.schemaFaults(document) : undefined,
    proofs,
    status: allHold(proofs) ? await checkStatus(document, asked.needs) : { kind: 'skipped' },
    anchor: { kind: 'no-receipt' },
    achievement: { kind: 'not-looked-up' },
    endorsements: [],
    asked: asked.asked(),
    credential: {
      types: [],
      digest: '0x',
      test: false,
      ...(endorser === undefined ? {} : { issuer: endorser }),
      ...dates(document),
    },
  })
  const checks = [...judged.checks.filter(({ name }) => !OF_BADGES.has(name)), aim(document, badge, needs)]
  const subject = document['credentialSubject']
  const { id, endorsementComment } = isJsonObject(subject) ? subject : {}
  return {
    verdict: verdictOf(checks),
    checks,
    ...(endorser === undefined ? {} : { endorser }),
    ...(typeof id === 'string' ? { targetId: id } : {}),
    ...(typeof endorsementComment === 'string' ? { comment: endorsementComment } : {}),
    ...(dates(document).validFrom === undefined ? {} : { validFrom: dates(document).validFrom as never }),
    embedded,
  }
}

const unreadable = (code: string, detail: string, embedded: boolean): EndorsementReport => ({
  verdict: 'invalid',
  checks: [{ name: 'format', outcome: 'failed', code, detail }],
  embedded,
})

/** Checks that only a badge has. */
const OF_BADGES: ReadonlySet<Check['name']> = new Set([
  'anchor',
  'achievement',
  'endorsements',
  'image',
  'recipient',
])

/** Whether it endorses this badge, its achievement version or its issuer, and over these very bytes. */
function aim(document: JsonObject, badge: JsonObject, { suite }: EndorsementNeeds): Check {
  const check = (outcome: Check['outcome'], code: string, detail: string): Check => ({
    name: 'endorsements',
    outcome,
    code,
    detail,
  })
  const subject = document['credentialSubject']
  const targetId = isJsonObject(subject) ? subject['id'] : undefined
  const target = endorsable(badge).find(({ id }) => id !== undefined && id === targetId)
  if (target === undefined)
    return check('failed', 'endorsement-of-something-else', 'It endorses something else than this badge.')
  const digests = relatedDigests(document, targetId)
  if (digests.length === 0) {
    return check(
      'passed',
      'endorsement-without-digest',
      'It endorses this badge by name, without a digest of what was shown.',
    )
  }
  const own = suite.sha256(endorsableBytes(target.node))
  return digests.every((digest) => digest === sri(own))
    ? check('passed', 'endorsement-digest-fits', 'It endorses these very bytes.')
    : check('failed', 'endorsement-wrong-digest', 'It endorses other bytes, as those of another version.')
}

interface Endorsable {
  readonly id: Json | undefined
  readonly node: JsonObject
}

function endorsable(badge: JsonObject): readonly Endorsable[] {
  const subject = badge['credentialSubject']
  const nodes = [badge, isJsonObject(subject) ? subject['achievement'] : undefined, badge['issuer']]
  return nodes
    .filter((node): node is JsonObject => isJsonObject(node))
    .map((node) => ({ id: node['id'], node }))
}

/** `endorsement` and `endorsementJwt` of the badge, its achievement and its issuer. */
function embeddedEndorsements(badge: JsonObject): readonly Json[] {
  return endorsable(badge).flatMap(({ node }) => [
    ...listOf(node['endorsement']),
    ...listOf(node['endorsementJwt']),
  ])
}

function readEndorsement(
  endorsement: Json,
  { suite }: EndorsementNeeds,
): ReadCredential | { readonly code: string; readonly detail: string } {
  if (isJsonObject(endorsement)) return { document: endorsement }
  if (typeof endorsement !== 'string') return { code: 'not-a-credential', detail: 'It is no credential.' }
  const reading = suite.readJwt(endorsement)
  return reading.ok ? { document: reading.credential, compact: endorsement } : reading
}

function endorsementFormat(document: JsonObject): FormatFact {
  const format = readFormat(document)
  if (format.kind === 'unreadable' || isEndorsement(document)) return format
  return { kind: 'unreadable', code: 'not-a-credential', detail: 'It is no endorsement.' }
}

function relatedDigests(document: JsonObject, id: Json | undefined): readonly Json[] {
  return listOf(document['relatedResource'])
    .filter((entry): entry is JsonObject => isJsonObject(entry) && entry['id'] === id)
    .map((entry) => entry['digestSRI'] ?? entry['digestMultibase'] ?? null)
}

const sri = (digest: Uint8Array): string => `sha256-${btoa(String.fromCharCode(...digest))}`

function dates(document: JsonObject) {
  const [from, until] = [validFrom(document), validUntil(document)]
  return {
    ...(from === undefined ? {} : { validFrom: from }),
    ...(until === undefined ? {} : { validUntil: until }),
  }
}
