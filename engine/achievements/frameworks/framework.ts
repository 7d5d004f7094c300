import type { LocalisedText } from '#engine/shared/localised-text.ts'

/** A list of levels or competences that somebody else keeps. Its names and codes are facts; source and licence are named. */
export interface Framework {
  readonly id: string
  readonly name: string
  /** Of an alignment to one of its targets. */
  readonly targetType: string
  readonly publisher: string
  /** Where it is published. It is also what an alignment leads to, where a target has no address of its own. */
  readonly source: string
  readonly licence: string
  readonly targets: readonly FrameworkTarget[]
}

export interface FrameworkTarget {
  readonly code: string
  readonly name: LocalisedText
  /** Its own, where it surely has one. */
  readonly url?: string
}

/** Competences with English names, as `code name` lines. */
export const competences = (lines: string): readonly FrameworkTarget[] =>
  lines
    .trim()
    .split('\n')
    .map((line) => {
      const [code = '', ...words] = line.trim().split(' ')
      return { code, name: { en: words.join(' ') } }
    })
