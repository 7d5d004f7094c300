import type { AchievementDefinition } from '#web/api/wire.ts'
import { localised } from './localised.ts'
import { imageLevelsOf, type ResultDraft, resultDraftsOf, resultsOf } from './result-draft.ts'
import { type StoryDraft, storyDraftOf, storyOf, withoutStory } from './story-draft.ts'

/** An achievement as the form holds it: every field a text. */
export interface AchievementDraft {
  readonly language: string
  readonly nameEn: string
  readonly nameNl: string
  readonly descriptionEn: string
  readonly descriptionNl: string
  readonly criteriaEn: string
  readonly criteriaNl: string
  readonly criteriaUrl: string
  readonly humanCode: string
  readonly fieldOfStudy: string
  readonly specialization: string
  readonly achievementType: string
  readonly tags: string
  readonly validFor: string
  readonly image: string
  readonly alignments: AchievementDefinition['alignments']
  readonly results: ResultDraft[]
  readonly story: StoryDraft
}

export const EMPTY_DRAFT: AchievementDraft = {
  language: 'en',
  nameEn: '',
  nameNl: '',
  descriptionEn: '',
  descriptionNl: '',
  criteriaEn: '',
  criteriaNl: '',
  criteriaUrl: '',
  humanCode: '',
  fieldOfStudy: '',
  specialization: '',
  achievementType: 'Badge',
  tags: '',
  validFor: '',
  image: '',
  alignments: [],
  results: [],
  story: storyDraftOf(undefined),
}

export function draftOf(definition: AchievementDefinition): AchievementDraft {
  const { name, description, criteria } = definition
  return {
    language: definition.language,
    nameEn: name['en'] ?? '',
    nameNl: name['nl'] ?? '',
    descriptionEn: description['en'] ?? '',
    descriptionNl: description['nl'] ?? '',
    criteriaEn: criteria['en'] ?? '',
    criteriaNl: criteria['nl'] ?? '',
    criteriaUrl: definition.criteriaUrl ?? '',
    humanCode: definition.humanCode ?? '',
    fieldOfStudy: definition.fieldOfStudy ?? '',
    specialization: definition.specialization ?? '',
    achievementType: definition.achievementType,
    tags: definition.tags.join(', '),
    validFor: definition.validFor ?? '',
    image: definition.image ?? '',
    alignments: definition.alignments,
    results: resultDraftsOf(definition),
    story: storyDraftOf(definition),
  }
}

/** What the form says, over what was there before: what the form does not show (identifiers, more languages) stays. */
export function definitionOf(draft: AchievementDraft, before?: AchievementDefinition): AchievementDefinition {
  const {
    validFor: _validFor,
    criteriaUrl: _criteriaUrl,
    humanCode: _humanCode,
    fieldOfStudy: _fieldOfStudy,
    specialization: _specialization,
    image: _image,
    imageLevels: _levels,
    otherLanguages: _languages,
    resultDescriptions: _results,
    ...others
  } = before ?? {}
  const imageLevels = imageLevelsOf(draft.results, before)
  const resultDescriptions = resultsOf(draft.results, before)
  return {
    ...withoutStory(others),
    ...storyOf(draft.story, before),
    alignments: draft.alignments,
    ...(resultDescriptions === undefined ? {} : { resultDescriptions }),
    ...(imageLevels === undefined ? {} : { imageLevels }),
    language: draft.language,
    ...otherLanguagesOf(draft, before),
    name: localised(before?.name, draft.nameEn, draft.nameNl),
    description: localised(before?.description, draft.descriptionEn, draft.descriptionNl),
    criteria: localised(before?.criteria, draft.criteriaEn, draft.criteriaNl),
    achievementType: draft.achievementType,
    tags: draft.tags
      .split(',')
      .map((tag) => tag.trim())
      .filter((tag) => tag !== ''),
    ...textOf(draft, 'criteriaUrl'),
    ...textOf(draft, 'humanCode'),
    ...textOf(draft, 'fieldOfStudy'),
    ...textOf(draft, 'specialization'),
    ...(draft.validFor.trim() === '' ? {} : { validFor: draft.validFor.trim() }),
    ...(draft.image === '' ? {} : { image: draft.image }),
  }
}

const textOf = (
  draft: AchievementDraft,
  name: 'criteriaUrl' | 'humanCode' | 'fieldOfStudy' | 'specialization',
): Partial<Pick<AchievementDefinition, typeof name>> =>
  draft[name].trim() === '' ? {} : { [name]: draft[name].trim() }

/** The languages beside its own that badges tell it in: of the two of the form by choice, of others as it was. */
function otherLanguagesOf(
  { language, story }: AchievementDraft,
  before: AchievementDefinition | undefined,
): Pick<AchievementDefinition, 'otherLanguages'> {
  const others = (before?.otherLanguages ?? []).filter((each) => !['en', 'nl', language].includes(each))
  const chosen = story.tellsBothLanguages ? ['en', 'nl'].filter((each) => each !== language) : []
  const all = [...chosen, ...others]
  return all.length === 0 ? {} : { otherLanguages: all }
}
