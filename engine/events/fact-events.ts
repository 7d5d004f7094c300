import type { Instant } from '#engine/shared/instant.ts'
import { formatInstant } from '#engine/shared/instant.ts'
import type { Json, JsonObject } from '#engine/shared/json.ts'
import type { Identifier } from './identifier.ts'
import type { LearningEvent } from './learning-event.ts'

/**
 * A fact is an event: whatever a rule may ask about a person besides what a learning system has told stands in the same
 * log, of the same subject, under this source (docs/adr/0022). The event's time is since when the fact holds.
 */
export const FACTS_SOURCE = 'urn:waarmerk:facts'

/** No source of anybody else may say an event of such a type. */
const RESERVED_PREFIX = 'waarmerk.'

export const FACT_TYPES = {
  /** Joined or left a cohort: activity = its slug, data = { member }. */
  cohort: 'waarmerk.cohort',
  /** An attribute has a value from now on: activity = its name, data = { value }, null where it has none any more. */
  attribute: 'waarmerk.attribute',
  /** Reached a level: activity = IRI or code of the item, data = { framework, level }. */
  competency: 'waarmerk.competency',
  /** Redeemed a claim code: activity = its slug. */
  code: 'waarmerk.code',
  /** Was nominated by a peer: activity = slug of the achievement, data = { nominator }. */
  nomination: 'waarmerk.nomination',
  /** Holds a badge of somebody else: activity = id of its achievement, data = { issuer, credential, validFrom, validUntil }. */
  badge: 'waarmerk.badge',
  /** Completed an AttestedAward on chain: activity = its rule's id there. */
  attested: 'waarmerk.attested',
} as const
export type FactType = (typeof FACT_TYPES)[keyof typeof FACT_TYPES]

/** What every fact has: its id in the log, since when it holds, and by what the person was named. */
export interface FactFrame {
  readonly sourceId: string
  readonly time: Instant
  readonly actor: Identifier
}

export const cohortFact = (
  frame: FactFrame,
  { cohort, member }: { readonly cohort: string; readonly member: boolean },
): LearningEvent => fact(frame, FACT_TYPES.cohort, cohort, { member })

export const attributeFact = (
  frame: FactFrame,
  { name, value }: { readonly name: string; readonly value: Json },
): LearningEvent => fact(frame, FACT_TYPES.attribute, name, { value })

export const competencyFact = (
  frame: FactFrame,
  { framework, item, level }: { readonly framework: string; readonly item: string; readonly level: number },
): LearningEvent => fact(frame, FACT_TYPES.competency, item, { framework, level })

export const codeFact = (frame: FactFrame, { code }: { readonly code: string }): LearningEvent =>
  fact(frame, FACT_TYPES.code, code, {})

/** `nominator`: opaque, the same for the same nominator, and never personal data. */
export const nominationFact = (
  frame: FactFrame,
  { achievement, nominator }: { readonly achievement: string; readonly nominator: string },
): LearningEvent => fact(frame, FACT_TYPES.nomination, achievement, { nominator })

export interface ForeignBadgeFact {
  /** Id of the achievement, as the badge names it. Whoever signs can write any: a rule asks for the issuer too. */
  readonly achievement: string
  /** DID or URL of the issuer whose signature holds. */
  readonly issuer: string
  /** Id of the credential, or else its digest. */
  readonly credential: string
  readonly validFrom: Instant
  readonly validUntil?: Instant
}

export const badgeFact = (
  frame: FactFrame,
  { achievement, issuer, credential, validFrom, validUntil }: ForeignBadgeFact,
): LearningEvent =>
  fact(frame, FACT_TYPES.badge, achievement, {
    issuer,
    credential,
    validFrom: formatInstant(validFrom),
    ...(validUntil === undefined ? {} : { validUntil: formatInstant(validUntil) }),
  })

export const attestedFact = (frame: FactFrame, { rule }: { readonly rule: string }): LearningEvent =>
  fact(frame, FACT_TYPES.attested, rule, {})

/** Takes a fact back, as if it had never been said. Its id follows from the other's: taking back twice is once. */
export const takenBackFact = (
  { sourceId, actor }: Pick<LearningEvent, 'sourceId' | 'actor'>,
  time: Instant,
): LearningEvent => ({
  source: FACTS_SOURCE,
  sourceId: `${VOID_PREFIX}${sourceId}`,
  type: 'voided',
  time,
  actor,
  voids: sourceId,
  data: {},
})

/** What the id of an event that takes a fact back begins with; the rest is the id of the fact. */
export const VOID_PREFIX = 'void:'

/** Whether only the fact API may say such an event: nobody else may speak in its name, or take back what it has said. */
export const isReservedEvent = ({ source, type }: Pick<LearningEvent, 'source' | 'type'>): boolean =>
  source === FACTS_SOURCE || type.startsWith(RESERVED_PREFIX)

function fact(
  { sourceId, time, actor }: FactFrame,
  type: FactType,
  activity: string,
  data: JsonObject,
): LearningEvent {
  return { source: FACTS_SOURCE, sourceId, type, time, actor, activity, data }
}
