import type { Alignment } from '#engine/credentials/achievement-document.ts'
import { type LocalisedText, textIn } from '#engine/shared/localised-text.ts'
import { DIGCOMP, ENTRECOMP, GREENCOMP, LIFECOMP } from './european-competences.ts'
import type { Framework } from './framework.ts'
import { EQF, NLQF } from './levels.ts'

/** What the product brings along, in the order of its lists. */
export const FRAMEWORKS: readonly Framework[] = [EQF, NLQF, DIGCOMP, LIFECOMP, ENTRECOMP, GREENCOMP]

export interface FoundTarget {
  readonly frameworkId: string
  readonly name: LocalisedText
  /** As a definition takes it; levels of qualification frameworks need their basis besides. */
  readonly alignment: Alignment
}

/**
 * Targets in which every word of the question stands: in the name in any language, as the code, or in the framework's name
 * or id. Case and accents do not count. Without a word, all.
 */
export function searchTargets(
  frameworks: readonly Framework[],
  question: string,
  language: string,
): readonly FoundTarget[] {
  const words = fold(question)
    .split(/\s+/)
    .filter((word) => word !== '')
  return frameworks.flatMap((framework) => {
    const head = fold(`${framework.id} ${framework.name}`)
    return framework.targets
      .filter(({ code, name }) => {
        const texts = `${head} ${fold(Object.values(name).join(' '))}`
        return words.every((word) => word === fold(code) || texts.includes(word))
      })
      .map(({ code, name, url }) => ({
        frameworkId: framework.id,
        name,
        alignment: {
          targetName: textIn(name, language, 'en'),
          targetUrl: url ?? framework.source,
          targetType: framework.targetType,
          targetFramework: framework.name,
          targetCode: code,
        },
      }))
  })
}

const fold = (text: string): string => text.normalize('NFD').replaceAll(/\p{M}/gu, '').toLowerCase()
