import type { AchievementDefinition } from '#web/api/wire.ts'

/** An achievement as the form holds it: every field a text. */
export interface AchievementDraft {
  readonly language: string
  readonly nameEn: string
  readonly nameNl: string
  readonly descriptionEn: string
  readonly descriptionNl: string
  readonly criteriaEn: string
  readonly criteriaNl: string
  readonly achievementType: string
  readonly tags: string
  readonly validFor: string
  readonly image: string
}

export const EMPTY_DRAFT: AchievementDraft = {
  language: 'en',
  nameEn: '',
  nameNl: '',
  descriptionEn: '',
  descriptionNl: '',
  criteriaEn: '',
  criteriaNl: '',
  achievementType: 'Badge',
  tags: '',
  validFor: '',
  image: '',
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
    achievementType: definition.achievementType,
    tags: definition.tags.join(', '),
    validFor: definition.validFor ?? '',
    image: definition.image ?? '',
  }
}

/** What the form says, over what was there before: what the form does not show (alignments, more languages) stays. */
export function definitionOf(draft: AchievementDraft, before?: AchievementDefinition): AchievementDefinition {
  const { validFor: _validFor, image: _image, ...rest } = before ?? { alignments: [] }
  return {
    ...rest,
    alignments: before?.alignments ?? [],
    language: draft.language,
    name: localised(before?.name, draft.nameEn, draft.nameNl),
    description: localised(before?.description, draft.descriptionEn, draft.descriptionNl),
    criteria: localised(before?.criteria, draft.criteriaEn, draft.criteriaNl),
    achievementType: draft.achievementType,
    tags: draft.tags
      .split(',')
      .map((tag) => tag.trim())
      .filter((tag) => tag !== ''),
    ...(draft.validFor.trim() === '' ? {} : { validFor: draft.validFor.trim() }),
    ...(draft.image === '' ? {} : { image: draft.image }),
  }
}

function localised(
  before: { readonly [language: string]: string } | undefined,
  en: string,
  nl: string,
): { [language: string]: string } {
  const { en: _en, nl: _nl, ...others } = before ?? {}
  return {
    ...others,
    ...(en.trim() === '' ? {} : { en: en.trim() }),
    ...(nl.trim() === '' ? {} : { nl: nl.trim() }),
  }
}
