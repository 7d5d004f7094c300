import { needsBasis } from '#engine/credentials/alignment-basis.ts'
import { isVisible } from '#engine/shared/visible-text.ts'
import type { AchievementDefinition, BadgeType } from './achievement-definition.ts'
import { checkSmart, type SmartGap } from './smart-check.ts'

/** A member that an achievement must have before it is published. */
export interface MissingMember {
  /** JSON Pointer (RFC 6901) into the definition. */
  readonly pointer: string
  readonly reason: 'missing' | 'must-be-micro-credential' | 'basis-missing' | SmartGap
}

/**
 * Which members each type of badge must have. The table stands in docs/achievements.md too, and a test compares them.
 * A micro-credential says what the Council Recommendation of 16 June 2022 (2022/C 243/02, annex I) asks of one, as far as
 * it belongs to the achievement; its level has no place here, as it is asked "where applicable".
 */
export const REQUIRED_MEMBERS = {
  'micro-credential': [
    'purpose',
    'audience',
    'recognises',
    'recognisedThrough',
    'learningOutcomes',
    'place',
    'use',
    'criteriaItems',
    'workload',
    'participation',
    'assessment',
    'qualityAssurance',
  ],
  regular: ['purpose', 'audience', 'recognises', 'recognisedThrough', 'learningOutcomes', 'criteriaItems'],
  extracurricular: ['purpose', 'recognises'],
} as const satisfies Record<BadgeType, readonly (keyof AchievementDefinition)[]>

/** All that is missing, at once. Where no type was chosen, that is the basis of a level at most. */
export const missingMembers = (definition: AchievementDefinition): readonly MissingMember[] => [
  ...missingByType(definition),
  ...definition.alignments.flatMap(({ targetType, basis }, n): MissingMember[] =>
    basis === undefined && needsBasis(targetType)
      ? [{ pointer: `/alignments/${n}/basis`, reason: 'basis-missing' }]
      : [],
  ),
]

function missingByType(definition: AchievementDefinition): readonly MissingMember[] {
  const { badgeType, criteriaItems = [], language, achievementType } = definition
  if (badgeType === undefined) return []
  const missing: MissingMember[] = REQUIRED_MEMBERS[badgeType]
    .filter((name) => isEmpty(definition[name]))
    .map((name) => ({ pointer: `/${name}`, reason: 'missing' }))
  if (badgeType !== 'micro-credential') return missing
  const smart = checkSmart(criteriaItems, language).filter(({ gap }) => REQUIRED_GAPS.has(gap))
  return [
    ...missing,
    ...(achievementType === 'MicroCredential'
      ? []
      : [{ pointer: '/achievementType', reason: 'must-be-micro-credential' } as const]),
    ...smart.map(({ pointer, gap }) => ({ pointer, reason: gap })),
  ]
}

/** Only what is plainly absent is required: a judgement about words stays advice. */
const REQUIRED_GAPS: ReadonlySet<SmartGap> = new Set([
  'measure-missing',
  'target-missing',
  'evidence-missing',
])

/** Also a text of blanks: drafts may be older than the check that takes none. */
function isEmpty(value: unknown): boolean {
  if (value === undefined) return true
  if (typeof value === 'string') return !isVisible(value)
  if (Array.isArray(value)) return value.every(isEmpty)
  return typeof value === 'object' && value !== null && Object.values(value).every(isEmpty)
}
