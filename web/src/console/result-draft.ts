import type { AchievementDefinition } from '#web/api/wire.ts'
import { localised } from './localised.ts'

type Result = NonNullable<AchievementDefinition['resultDescriptions']>[number]
type Level = NonNullable<Result['levels']>[number]
type ImageLevel = NonNullable<AchievementDefinition['imageLevels']>[number]

/** A description of a result, as the form holds it: every field a text. */
export interface ResultDraft {
  /** Tells rows apart, whatever is typed into them. */
  readonly key: string
  readonly id: string
  readonly nameEn: string
  readonly nameNl: string
  readonly type: string
  readonly valueMin: string
  readonly valueMax: string
  readonly requiredValue: string
  /** One on each line, lowest first. */
  readonly allowedValues: string
  readonly alignments: AchievementDefinition['alignments']
  readonly requiredLevel: string
  readonly levels: LevelDraft[]
}

export interface LevelDraft {
  readonly key: string
  readonly id: string
  readonly nameEn: string
  readonly nameNl: string
  readonly level: string
  readonly points: string
  readonly descriptionEn: string
  readonly descriptionNl: string
  /** SHA-256 of the picture of a badge of this level, or empty. */
  readonly image: string
  readonly altEn: string
  readonly altNl: string
}

/** Only these have levels of a rubric. */
export const hasLevels = (type: string): boolean => type === 'RubricCriterionLevel' || type.startsWith('ext:')

export const emptyResult = (): ResultDraft =>
  resultDraftOf({ id: '', name: {}, type: 'RubricCriterionLevel' })
export const emptyLevel = (): LevelDraft => levelDraftOf({ id: '', name: {} })

export const resultDraftsOf = (definition: AchievementDefinition | undefined): ResultDraft[] =>
  (definition?.resultDescriptions ?? []).map((result) => resultDraftOf(result, definition?.imageLevels))

/** Whether it has levels with pictures: one result has them at most. */
export const isPictured = ({ type, levels }: ResultDraft): boolean =>
  hasLevels(type) && levels.some(({ image }) => image !== '')

/** What the form says, over what was there before: more languages, and what levels are aligned to, stay. */
export function resultsOf(
  drafts: readonly ResultDraft[],
  before: AchievementDefinition | undefined,
): Result[] | undefined {
  if (drafts.length === 0) return undefined
  return drafts.map((draft) => {
    const old = before?.resultDescriptions?.find(({ id }) => id === draft.id.trim())
    const levels = hasLevels(draft.type) ? draft.levels.map((level) => levelOf(level, old)) : []
    return {
      id: draft.id.trim(),
      name: localised(old?.name, draft.nameEn, draft.nameNl),
      type: draft.type,
      ...given('valueMin', draft.valueMin),
      ...given('valueMax', draft.valueMax),
      // A result with levels is one of them: what was typed before there were any says nothing.
      ...(levels.length === 0
        ? { ...given('requiredValue', draft.requiredValue), ...allowedOf(draft) }
        : { levels, ...given('requiredLevel', draft.requiredLevel) }),
      ...(draft.alignments.length === 0 ? {} : { alignments: draft.alignments }),
    }
  })
}

function allowedOf({ allowedValues }: ResultDraft): Pick<Result, 'allowedValues'> {
  const values = allowedValues
    .split('\n')
    .map((value) => value.trim())
    .filter((value) => value !== '')
  return values.length === 0 ? {} : { allowedValues: values }
}

/** The pictures of levels. Where nobody says what one shows, it is called as its level. */
export function imageLevelsOf(
  drafts: readonly ResultDraft[],
  before: AchievementDefinition | undefined,
): ImageLevel[] | undefined {
  const pictures = drafts
    .filter(isPictured)
    .flatMap(({ id, levels }) =>
      levels.filter(({ image }) => image !== '').map((level) => pictureOf(id.trim(), level, before)),
    )
  return pictures.length === 0 ? undefined : pictures
}

function pictureOf(
  result: string,
  { id, image, altEn, altNl, nameEn, nameNl }: LevelDraft,
  before: AchievementDefinition | undefined,
): ImageLevel {
  const level = id.trim()
  const old = before?.imageLevels?.find((each) => each.result === result && each.level === level)
  const altText = localised(old?.altText, altEn.trim() || nameEn, altNl.trim() || nameNl)
  return { result, level, image, altText }
}

function levelOf(draft: LevelDraft, result: Result | undefined): Level {
  const old = result?.levels?.find(({ id }) => id === draft.id.trim())
  const description = localised(old?.description, draft.descriptionEn, draft.descriptionNl)
  return {
    id: draft.id.trim(),
    name: localised(old?.name, draft.nameEn, draft.nameNl),
    ...given('level', draft.level),
    ...given('points', draft.points),
    ...(Object.keys(description).length === 0 ? {} : { description }),
    ...(old?.alignments === undefined ? {} : { alignments: old.alignments }),
  }
}

function resultDraftOf(result: Result, pictures: readonly ImageLevel[] = []): ResultDraft {
  return {
    key: crypto.randomUUID(),
    id: result.id,
    nameEn: result.name['en'] ?? '',
    nameNl: result.name['nl'] ?? '',
    type: result.type,
    valueMin: result.valueMin ?? '',
    valueMax: result.valueMax ?? '',
    requiredValue: result.requiredValue ?? '',
    allowedValues: (result.allowedValues ?? []).join('\n'),
    alignments: result.alignments ?? [],
    requiredLevel: result.requiredLevel ?? '',
    levels: (result.levels ?? []).map((level) =>
      levelDraftOf(
        level,
        pictures.find((each) => each.result === result.id && each.level === level.id),
      ),
    ),
  }
}

function levelDraftOf(level: Level, picture?: ImageLevel): LevelDraft {
  return {
    key: crypto.randomUUID(),
    id: level.id,
    nameEn: level.name['en'] ?? '',
    nameNl: level.name['nl'] ?? '',
    level: level.level ?? '',
    points: level.points ?? '',
    descriptionEn: level.description?.['en'] ?? '',
    descriptionNl: level.description?.['nl'] ?? '',
    image: picture?.image ?? '',
    altEn: picture?.altText['en'] ?? '',
    altNl: picture?.altText['nl'] ?? '',
  }
}

const given = <Name extends string>(name: Name, value: string): { readonly [key in Name]?: string } =>
  value.trim() === '' ? {} : ({ [name]: value.trim() } as { readonly [key in Name]: string })
