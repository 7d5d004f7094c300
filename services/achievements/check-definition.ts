import type { AchievementDefinition } from '#engine/achievements/achievement-definition.ts'
import { resultDefinitionFaults } from '#engine/achievements/result-value.ts'
import { errors } from '#engine/errors/catalogue.ts'
import { fromHex } from '#engine/shared/bytes.ts'
import { addTerm } from '#engine/shared/calendar-term.ts'
import { asInstant } from '#engine/shared/instant.ts'
import type { LocalisedText } from '#engine/shared/localised-text.ts'
import type { Stores } from '#services/ports/stores.ts'

/**
 * What no draft may have. Throws `language-missing`, `duration-invalid`, `image-unknown`,
 * `result-description-unfit`.
 */
export async function checkDefinition(stores: Stores, definition: AchievementDefinition): Promise<void> {
  const { language, otherLanguages = [], validFor, image } = definition
  for (const [field, text] of textsOf(definition))
    if (text !== undefined && text[language] === undefined) throw errors.languageMissing({ language, field })
  for (const other of otherLanguages)
    for (const field of ['name', 'description', 'criteria'] as const)
      if (definition[field][other] === undefined) throw errors.languageMissing({ language: other, field })
  if (validFor !== undefined && !isTerm(validFor)) throw errors.durationInvalid({ field: 'validFor' })
  for (const { id, due } of definition.criteriaItems ?? [])
    if (due?.startsWith('P') && !isTerm(due)) throw errors.durationInvalid({ field: `due of ${id}` })
  requireResultsFit(definition)
  const pictures = [image, ...(definition.imageLevels ?? []).map((each) => each.image)]
  for (const picture of new Set(pictures.filter((each) => each !== undefined))) {
    const sha256 = fromHex(`0x${picture}`)
    if (sha256 === undefined || (await stores.files.get(sha256)) === undefined)
      throw errors.imageUnknown({ image: picture })
  }
}

/** Throws `result-description-unfit`. Also before publishing: a draft may be older than what is looked at. */
export function requireResultsFit({ resultDescriptions = [] }: AchievementDefinition): void {
  for (const [at, described] of resultDescriptions.entries()) {
    const [fault] = resultDefinitionFaults(described)
    if (fault === undefined) continue
    const { member, reason } = fault
    throw errors.resultDescriptionUnfit({ pointer: `/resultDescriptions/${at}/${member}`, reason })
  }
}

/** Every text for people, with the name of its place. */
function textsOf(
  definition: AchievementDefinition,
): readonly (readonly [string, LocalisedText | undefined])[] {
  const { resultDescriptions = [], criteriaItems = [], learningOutcomes = [], imageLevels = [] } = definition
  return [
    ...PLAIN.map((field) => [field, definition[field]] as const),
    ...resultDescriptions.flatMap(({ name, levels = [] }) => [
      ['result description', name] as const,
      ...levels.flatMap((level) => [
        ['result level', level.name] as const,
        ['result level', level.description] as const,
      ]),
    ]),
    ...imageLevels.map(({ altText }) => ['altText of an image', altText] as const),
    ...learningOutcomes.map((text) => ['learning outcome', text] as const),
    ...criteriaItems.flatMap(({ text, measure, target }) =>
      [text, measure, target].map((each) => ['criterion', each] as const),
    ),
  ]
}
const PLAIN = [
  'name',
  'description',
  'criteria',
  'purpose',
  'audience',
  'place',
  'use',
  'assessment',
  'qualityAssurance',
] as const

/** Longer than nothing, and short enough that the year in which a badge ends has four digits. */
function isTerm(term: string): boolean {
  const end = addTerm(EPOCH, term)
  return end !== undefined && end > EPOCH && end <= (addTerm(EPOCH, 'P1000Y') ?? EPOCH)
}
const EPOCH = asInstant(0)
