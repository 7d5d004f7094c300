import { isJsonArray, isJsonObject, type Json, type JsonObject } from '#engine/shared/json.ts'
import { mandatoryPointersOf } from './mandatory-pointers.ts'
import { type PersonalParts, readPersonalParts } from './personal-parts.ts'

/** A part of a badge that its earner shows or leaves out. */
export interface DisclosurePart {
  /** `narrative`, `awarded-date`, `picture`, … , or `result-0`, `evidence-2`: the place in the list of the badge. */
  readonly id: string
  readonly kind: DisclosureKind
  /** JSON pointers to all of it. */
  readonly pointers: readonly string[]
  /** What a result or an evidence is called. */
  readonly name?: string
  /** What it says, in short. */
  readonly says?: string
}

export const DISCLOSURE_KINDS = [
  'awarded-date',
  'identifier',
  'narrative',
  'activity',
  'role',
  'term',
  'credits',
  'licence-number',
  'assessor',
  'picture',
  'result',
  'evidence',
] as const
export type DisclosureKind = (typeof DISCLOSURE_KINDS)[number]

export interface DisclosurePlan {
  /** JSON pointers to what every disclosure shows. */
  readonly mandatory: readonly string[]
  readonly parts: readonly DisclosurePart[]
}

/**
 * A badge as parts of it are shown: without what others have said of it. A badge with an endorsement inside has a digest of the
 * whole in it, against which a guess at what is left out could be tried; that of an achievement is published beside the badge.
 */
export function disclosableDocument(unsigned: JsonObject): JsonObject {
  const { issuer = null, credentialSubject = null } = unsigned
  const subject = isJsonObject(credentialSubject) ? credentialSubject : {}
  const { achievement = null } = subject
  return withoutEndorsements({
    ...unsigned,
    issuer: isJsonObject(issuer) ? withoutEndorsements(issuer) : issuer,
    credentialSubject: {
      ...subject,
      achievement: isJsonObject(achievement) ? withoutEndorsements(achievement) : achievement,
    },
  })
}

const withoutEndorsements = ({ endorsement: _, endorsementJwt: __, ...rest }: JsonObject): JsonObject => rest

/**
 * What of a badge of ours is always shown, and what its earner chooses from. Always: who issued it, from when until when, its
 * status, and all that everybody's badge of this achievement says. `pictureTells`: the picture shows the level that was reached,
 * and so it is the earner's to show.
 */
export function disclosurePlan(
  badge: JsonObject,
  { pictureTells }: { readonly pictureTells: boolean },
): DisclosurePlan {
  const { credentialSubject = null } = badge
  const subject = isJsonObject(credentialSubject) ? credentialSubject : {}
  const { achievement = null } = subject
  const ofAchievement = isJsonObject(achievement) ? Object.keys(achievement) : []
  const isChosen = (name: string) => pictureTells && name === 'image'
  return {
    mandatory: [
      ...mandatoryPointersOf(badge).filter((pointer) => !pointer.startsWith(`${ACHIEVEMENT}/`)),
      ...(badge['name'] === undefined ? [] : ['/name']),
      ...ofAchievement.filter((name) => !isChosen(name)).map((name) => `${ACHIEVEMENT}/${name}`),
    ],
    parts: [
      ...single(badge, '', 'awardedDate', 'awarded-date'),
      // Who has no id is told by it, always.
      ...(subject['id'] === undefined ? [] : single(subject, SUBJECT, 'identifier', 'identifier')),
      ...PARTICULARS.flatMap(([kind, names]) => particular(subject, kind, names)),
      ...ofAchievement
        .filter(isChosen)
        .map((name) => ({ id: 'picture', kind: 'picture' as const, pointers: [`${ACHIEVEMENT}/${name}`] })),
      ...each(subject['result'], `${SUBJECT}/result`, 'result').map((part) => ({
        ...part,
        ...saidOfResult(readPart(badge, part, 'result')),
      })),
      ...each(badge['evidence'], '/evidence', 'evidence').map((part) => ({
        ...part,
        ...saidOfEvidence(readPart(badge, part, 'evidence')),
      })),
    ],
  }
}

const SUBJECT = '/credentialSubject'
const ACHIEVEMENT = `${SUBJECT}/achievement`

/** What a badge says of its subject in one member, or in two that say nothing apart. */
const PARTICULARS: readonly (readonly [DisclosureKind, readonly string[]])[] = [
  ['narrative', ['narrative']],
  ['activity', ['activityStartDate', 'activityEndDate']],
  ['role', ['role']],
  ['term', ['term']],
  ['credits', ['creditsEarned']],
  ['licence-number', ['licenseNumber']],
  ['assessor', ['source']],
]

function particular(
  subject: JsonObject,
  kind: DisclosureKind,
  names: readonly string[],
): readonly DisclosurePart[] {
  const there = names.filter((name) => subject[name] !== undefined)
  if (there.length === 0) return []
  const says = names.length === 1 && kind !== 'narrative' ? subject[there[0] ?? ''] : undefined
  const text = typeof says === 'string' || typeof says === 'number' ? { says: String(says) } : {}
  return [{ id: kind, kind, pointers: there.map((name) => `${SUBJECT}/${name}`), ...text }]
}

const single = (
  of: JsonObject,
  path: string,
  name: string,
  kind: DisclosureKind,
): readonly DisclosurePart[] =>
  of[name] === undefined ? [] : [{ id: kind, kind, pointers: [`${path}/${name}`] }]

const each = (
  list: Json | undefined,
  path: string,
  kind: 'result' | 'evidence',
): readonly DisclosurePart[] =>
  isJsonArray(list ?? null)
    ? (list as readonly Json[]).map((_, at) => ({ id: `${kind}-${at}`, kind, pointers: [`${path}/${at}`] }))
    : []

/** One entry of a list, told as a page tells it. */
function readPart(
  badge: JsonObject,
  { pointers }: DisclosurePart,
  kind: 'result' | 'evidence',
): PersonalParts {
  const at = Number(pointers[0]?.split('/').at(-1))
  const subject = badge['credentialSubject'] as JsonObject
  const entry = ((kind === 'result' ? subject['result'] : badge['evidence']) as readonly Json[])[at] ?? null
  return readPersonalParts(
    kind === 'result'
      ? { credentialSubject: { ...subject, result: [entry] } }
      : { credentialSubject: subject, evidence: [entry] },
  )
}

function saidOfResult({ results: [result] }: PersonalParts) {
  const says = result?.level?.name ?? result?.value ?? result?.status
  return { ...(result === undefined ? {} : { name: result.name }), ...(says === undefined ? {} : { says }) }
}

function saidOfEvidence({ evidence: [evidence] }: PersonalParts) {
  const { name, url, narrative, description } = evidence ?? {}
  const says = narrative ?? description ?? url
  return { ...(name === undefined ? {} : { name }), ...(says === undefined ? {} : { says }) }
}
