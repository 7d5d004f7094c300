import { type LocalisedText, textIn } from '#engine/shared/localised-text.ts'
import type { CriterionItem } from './criterion-item.ts'

export type SmartLetter = 'specific' | 'measurable' | 'acceptable' | 'realistic' | 'time-bound'

export type SmartGap =
  /** Fewer than three words say too little. */
  | 'text-too-short'
  /** "Understand" and "know" cannot be seen; what somebody does can. */
  | 'verb-vague'
  | 'measure-missing'
  | 'target-missing'
  | 'evidence-missing'
  | 'not-reviewable'
  /** "Always" and "100 %" are reached by nobody. */
  | 'target-absolute'
  | 'due-missing'

export interface SmartFinding {
  /** The id of the criterion. */
  readonly item: string
  /** JSON Pointer into the definition. */
  readonly pointer: string
  readonly letter: SmartLetter
  readonly gap: SmartGap
}

/**
 * What criteria lack of being specific, measurable, acceptable (earner and assessor know what is shown, and somebody
 * else can look again), realistic and time-bound. It reads words, so it is advice: it finds what is not there and words
 * that often mislead, and cannot tell whether a criterion is a good one.
 */
export function checkSmart(items: readonly CriterionItem[], language: string): readonly SmartFinding[] {
  return items.flatMap((item, n) => {
    const gap = (letter: SmartLetter, kind: SmartGap, member: string): SmartFinding => ({
      item: item.id,
      pointer: `/criteriaItems/${n}/${member}`,
      letter,
      gap: kind,
    })
    const text = wordsOf(item.text, language)
    const target = item.target === undefined ? undefined : textIn(item.target, language, language)
    return [
      ...(text.length < FEWEST_WORDS ? [gap('specific', 'text-too-short', 'text')] : []),
      ...(text.some((word) => VAGUE.has(word)) ? [gap('specific', 'verb-vague', 'text')] : []),
      ...(item.measure === undefined ? [gap('measurable', 'measure-missing', 'measure')] : []),
      ...(target === undefined ? [gap('measurable', 'target-missing', 'target')] : []),
      ...(item.evidence === undefined ? [gap('acceptable', 'evidence-missing', 'evidence')] : []),
      ...(item.reviewable === true ? [] : [gap('acceptable', 'not-reviewable', 'reviewable')]),
      ...(target !== undefined && ABSOLUTE.test(target)
        ? [gap('realistic', 'target-absolute', 'target')]
        : []),
      ...(item.due === undefined ? [gap('time-bound', 'due-missing', 'due')] : []),
    ]
  })
}

const FEWEST_WORDS = 3
const wordsOf = (text: LocalisedText, language: string): readonly string[] =>
  textIn(text, language, language)
    .toLowerCase()
    .match(/\p{L}+/gu) ?? []

/** Verbs of the mind, in the languages that the product speaks. In another language nothing is found. */
const VAGUE: ReadonlySet<string> = new Set([
  ...['understand', 'understands', 'know', 'knows', 'appreciate', 'appreciates', 'learn', 'learns'],
  ...['begrijpt', 'begrijpen', 'weet', 'weten', 'kent', 'kennen', 'snapt', 'snappen', 'beseft', 'beseffen'],
])
const ABSOLUTE =
  /(?<![\d.,])100\s?%|(?<!\p{L})(?:always|never|perfect|perfectly|flawless|altijd|nooit|perfecte?|foutloos|foutloze)(?!\p{L})/iu
