import type { SignedEndorsement } from '#engine/endorsements/signed-endorsement.ts'
import { formatInstant, type Instant } from '#engine/shared/instant.ts'
import type { JsonObject } from '#engine/shared/json.ts'
import { type AchievementDescription, achievementDocument, markedName } from './achievement-document.ts'
import { BADGE_CONTEXTS, EDUCREDENTIAL_CONTEXT } from './contexts.ts'
import { type IssuerProfile, issuerProfileDocument } from './issuer-profile.ts'
import { type StatusPlace, statusEntry } from './status-list.ts'
import { particularMembers, type SubjectParticulars } from './subject-particulars.ts'

/** All that one edition of a badge says. */
export interface BadgeCredential extends SubjectParticulars {
  readonly issuer: IssuerProfile
  readonly achievement: AchievementDescription
  /** Bare UUID; all editions of a credential share it. */
  readonly uuid: string
  /** `urn:uuid:…`, fresh for each credential, or the holder's DID when the holder chose to bind it. */
  readonly subjectId: string
  /** The holder's name, only where the definition of the badge asks for it (micro-credentials). */
  readonly subjectName?: string
  /** Newer in each edition. */
  readonly validFrom: Instant
  /** The same in every edition. */
  readonly awardedDate: Instant
  readonly validUntil?: Instant
  /** Why this person: Markdown. */
  readonly narrative?: string
  readonly evidence?: readonly Evidence[]
  readonly results?: readonly Result[]
  readonly status: StatusPlace
  readonly endorsements?: EmbeddedEndorsements
  /** Sample and local issuers: marks the names with TEST. */
  readonly test: boolean
}

/** Signed endorsements that stand inside a badge, where what they endorse stands. */
export interface EmbeddedEndorsements {
  readonly issuer: readonly SignedEndorsement[]
  readonly achievement: readonly SignedEndorsement[]
}

export interface Evidence {
  readonly id?: string
  readonly name?: string
  readonly description?: string
  readonly narrative?: string
  readonly genre?: string
  /** For whom it is meant. */
  readonly audience?: string
}

export interface Result {
  /** The id of one of the achievement's result descriptions. */
  readonly resultDescription: string
  readonly value?: string
  readonly achievedLevel?: string
  readonly status?: string
}

/** The id of a credential as documents name it. */
export const credentialUrn = (uuid: string): string => `urn:uuid:${uuid}`

/**
 * Builds the unsigned OpenBadgeCredential (Open Badges 3.0 on VC Data Model 2.0).
 * Contexts stand in the order that the schema demands; the subject always has an id; the status is one object.
 */
export function buildBadgeCredential(badge: BadgeCredential): JsonObject {
  const { evidence = [], results = [], validUntil, narrative, subjectName } = badge
  return {
    '@context':
      badge.achievement.educredential === undefined
        ? [...BADGE_CONTEXTS]
        : [...BADGE_CONTEXTS, EDUCREDENTIAL_CONTEXT],
    id: credentialUrn(badge.uuid),
    type: ['VerifiableCredential', 'OpenBadgeCredential'],
    name: markedName(badge.achievement.name, badge.test),
    issuer: endorsed(issuerProfileDocument(badge.issuer), badge.endorsements?.issuer),
    validFrom: formatInstant(badge.validFrom),
    awardedDate: formatInstant(badge.awardedDate),
    ...(validUntil === undefined ? {} : { validUntil: formatInstant(validUntil) }),
    credentialSubject: {
      id: badge.subjectId,
      type: ['AchievementSubject'],
      ...(subjectName === undefined ? {} : { identifier: [namedHolder(subjectName)] }),
      ...particularMembers(badge),
      ...(narrative === undefined ? {} : { narrative }),
      achievement: endorsed(
        achievementDocument(badge.achievement, badge.test),
        badge.endorsements?.achievement,
      ),
      ...(results.length === 0 ? {} : { result: results.map((result) => ({ type: ['Result'], ...result })) }),
    },
    ...(evidence.length === 0
      ? {}
      : {
          evidence: evidence.map(({ id, ...rest }) => ({
            ...(id === undefined ? {} : { id }),
            type: ['Evidence'],
            ...rest,
          })),
        }),
    credentialStatus: statusEntry(badge.status),
  }
}

/** A node with what others have signed about it: documents and tokens have a place each. */
export function endorsed(node: JsonObject, signed: readonly SignedEndorsement[] = []): JsonObject {
  const endorsement = signed.filter((each) => typeof each === 'object')
  const endorsementJwt = signed.filter((each) => typeof each === 'string')
  return {
    ...node,
    ...(endorsement.length === 0 ? {} : { endorsement }),
    ...(endorsementJwt.length === 0 ? {} : { endorsementJwt }),
  }
}

/** An `IdentityObject` that names the holder in plain text. */
function namedHolder(name: string): JsonObject {
  return { type: 'IdentityObject', hashed: false, identityHash: name, identityType: 'name' }
}
