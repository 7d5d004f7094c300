import type { AchievementDefinition } from '#web/api/wire.ts'
import { numberOf } from './form-rules.ts'
import { localised } from './localised.ts'

type Criterion = NonNullable<AchievementDefinition['criteriaItems']>[number]

export const STORY_TEXTS = ['purpose', 'audience', 'place', 'use', 'assessment', 'qualityAssurance'] as const
type StoryText = (typeof STORY_TEXTS)[number]

interface Words {
  readonly en: string
  readonly nl: string
}

/** What a badge says of itself, as the form holds it. */
export interface StoryDraft {
  readonly badgeType: string
  readonly recognises: string[]
  readonly recognisedThrough: string
  readonly participation: string
  readonly amount: string
  readonly unit: string
  readonly texts: Readonly<Record<StoryText, Words>>
  /** One on each line. */
  readonly learningOutcomes: Words
  readonly items: CriterionDraft[]
  readonly educredential: EducredentialDraft
  readonly embedEndorsements: boolean
  readonly selectiveDisclosure: boolean
  /** Badges tell it in Dutch and in English. */
  readonly tellsBothLanguages: boolean
}

/** Each one text; empty where the badge does not say it. */
interface EducredentialDraft {
  readonly isUsed: boolean
  readonly participationType: string
  readonly assessmentType: string
  readonly supervisionType: string
  readonly identityChecked: string
  readonly educationProgramIdentifier: string
}

export interface CriterionDraft {
  readonly id: string
  readonly text: Words
  readonly measure: Words
  readonly target: Words
  readonly evidence: string
  readonly due: string
  readonly reviewable: boolean
}

export const emptyCriterion = (): CriterionDraft => ({
  // A slug that stays with it, wherever in the list it comes to stand.
  id: `c-${crypto.randomUUID().slice(0, 8)}`,
  text: wordsOf(undefined),
  measure: wordsOf(undefined),
  target: wordsOf(undefined),
  evidence: '',
  due: '',
  reviewable: false,
})

export const storyDraftOf = (definition: AchievementDefinition | undefined): StoryDraft => ({
  badgeType: definition?.badgeType ?? '',
  recognises: [...(definition?.recognises ?? [])],
  recognisedThrough: definition?.recognisedThrough ?? '',
  participation: definition?.participation ?? '',
  amount: definition?.workload === undefined ? '' : String(definition.workload.amount),
  unit: definition?.workload?.unit ?? 'ects',
  texts: Object.fromEntries(
    STORY_TEXTS.map((name) => [name, wordsOf(definition?.[name])]),
  ) as StoryDraft['texts'],
  learningOutcomes: {
    en: linesOf(definition, 'en'),
    nl: linesOf(definition, 'nl'),
  },
  items: (definition?.criteriaItems ?? []).map((item) => ({
    id: item.id,
    text: wordsOf(item.text),
    measure: wordsOf(item.measure),
    target: wordsOf(item.target),
    evidence: item.evidence ?? '',
    due: item.due ?? '',
    reviewable: item.reviewable ?? false,
  })),
  educredential: educredentialDraftOf(definition?.educredential),
  embedEndorsements: definition?.embedEndorsements ?? false,
  selectiveDisclosure: definition?.selectiveDisclosure ?? false,
  tellsBothLanguages: (definition?.otherLanguages ?? []).some((each) => each === 'en' || each === 'nl'),
})

const educredentialDraftOf = (profile: AchievementDefinition['educredential']): EducredentialDraft => ({
  isUsed: profile !== undefined,
  participationType: profile?.participationType ?? '',
  assessmentType: profile?.assessmentType ?? '',
  supervisionType: profile?.supervisionType ?? '',
  identityChecked: profile?.identityChecked === undefined ? '' : profile.identityChecked ? 'yes' : 'no',
  educationProgramIdentifier: `${profile?.educationProgramIdentifier ?? ''}`,
})

/** The members that the form fills in; what it leaves empty is not there. */
export function storyOf(
  draft: StoryDraft,
  before: AchievementDefinition | undefined,
): Partial<AchievementDefinition> {
  const outcomes = outcomesOf(draft, before)
  const items = draft.items.map((item) => criterionOf(item, before))
  const amount = numberOf(draft.amount)
  const filled = Object.entries({
    badgeType: draft.badgeType,
    recognises: draft.recognises,
    recognisedThrough: draft.recognisedThrough,
    participation: draft.participation,
    ...Object.fromEntries(STORY_TEXTS.map((name) => [name, over(before?.[name], draft.texts[name])])),
    learningOutcomes: outcomes,
    criteriaItems: items,
    workload: draft.amount.trim() === '' ? undefined : { unit: draft.unit, amount },
  }).filter(([, value]) => !isEmpty(value))
  return {
    ...Object.fromEntries(filled),
    // An empty profile is one: the badge then has its type and its workload.
    ...(draft.embedEndorsements ? { embedEndorsements: true } : {}),
    ...(draft.selectiveDisclosure ? { selectiveDisclosure: true } : {}),
    ...(draft.educredential.isUsed ? { educredential: educredentialOf(draft.educredential) } : {}),
  } as Partial<AchievementDefinition>
}

const educredentialOf = ({
  isUsed: _,
  identityChecked,
  educationProgramIdentifier: programme,
  ...words
}: EducredentialDraft) => ({
  ...Object.fromEntries(Object.entries(words).filter(([, value]) => value !== '')),
  ...(identityChecked === '' ? {} : { identityChecked: identityChecked === 'yes' }),
  ...(programme.trim() === '' ? {} : { educationProgramIdentifier: numberOf(programme) }),
})

/** What was there before, without the members that the form fills in. */
export const withoutStory = <T extends object>(definition: T): T =>
  Object.fromEntries(Object.entries(definition).filter(([name]) => !FILLED_IN.has(name))) as T

const FILLED_IN: ReadonlySet<string> = new Set([
  ...STORY_TEXTS,
  ...['badgeType', 'recognises', 'recognisedThrough', 'participation', 'learningOutcomes'],
  ...['criteriaItems', 'workload', 'educredential', 'embedEndorsements', 'selectiveDisclosure'],
])

function criterionOf(draft: CriterionDraft, before: AchievementDefinition | undefined): Criterion {
  const old = before?.criteriaItems?.find(({ id }) => id === draft.id)
  return Object.fromEntries(
    Object.entries({
      id: draft.id,
      text: localised(old?.text, draft.text.en, draft.text.nl),
      measure: over(old?.measure, draft.measure),
      target: over(old?.target, draft.target),
      evidence: draft.evidence,
      due: draft.due.trim(),
      reviewable: draft.reviewable ? true : undefined,
    }).filter(([name, value]) => name === 'text' || !isEmpty(value)),
  ) as Criterion
}

/** The lines of both languages side by side. */
function outcomesOf({ learningOutcomes: { en, nl } }: StoryDraft, before: AchievementDefinition | undefined) {
  const [english, dutch] = [en.split('\n'), nl.split('\n')]
  return Array.from({ length: Math.max(english.length, dutch.length) }, (_, n) =>
    localised(before?.learningOutcomes?.[n], english[n] ?? '', dutch[n] ?? ''),
  ).filter((outcome) => Object.keys(outcome).length > 0)
}

const wordsOf = (text: { readonly [language: string]: string } | undefined): Words => ({
  en: text?.['en'] ?? '',
  nl: text?.['nl'] ?? '',
})
const linesOf = (definition: AchievementDefinition | undefined, language: string) =>
  (definition?.learningOutcomes ?? []).map((text) => text[language] ?? '').join('\n')
const over = (before: { readonly [language: string]: string } | undefined, { en, nl }: Words) =>
  localised(before, en, nl)
const isEmpty = (value: unknown): boolean =>
  value === undefined ||
  value === '' ||
  (typeof value === 'object' && value !== null && Object.keys(value).length === 0)
