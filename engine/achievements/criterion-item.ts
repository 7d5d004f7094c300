import { type LocalisedText, textIn } from '#engine/shared/localised-text.ts'

/** One thing that is assessed by itself. */
export interface CriterionItem {
  /** A slug, unique in the achievement. */
  readonly id: string
  readonly text: LocalisedText
  /** What is counted or looked at, as "score of the test". */
  readonly measure?: LocalisedText
  /** How much of it is enough, as "at least 7 of 10". */
  readonly target?: LocalisedText
  readonly evidence?: EvidenceKind
  /** A day (2027-06-30), or a term from the start on (P10W). */
  readonly due?: string
  /** Whether somebody else can look at it again. */
  readonly reviewable?: boolean
}

export const EVIDENCE_KINDS = [
  'test',
  'observation',
  'product',
  'portfolio',
  'presentation',
  'reflection',
  'attendance',
  'reference',
  'other',
] as const
export type EvidenceKind = (typeof EVIDENCE_KINDS)[number]

/**
 * The criteria as a document tells them: the text, then the items as a numbered list in Markdown.
 * Without items it is the text alone, to the letter: documents from before there were items stay what they were.
 */
export function criteriaNarrative(
  criteria: LocalisedText,
  items: readonly CriterionItem[],
  language: string,
): string {
  const text = textIn(criteria, language, language)
  if (items.length === 0) return text
  const lines = items.map((item, n) => `${n + 1}. ${itemLine(item, language)}`)
  return `${text}\n\n${lines.join('\n')}`
}

function itemLine({ text, measure, target }: CriterionItem, language: string): string {
  const inLanguage = (each: LocalisedText) => onOneLine(textIn(each, language, language))
  const howMuch = [measure, target].flatMap((each) => (each === undefined ? [] : [inLanguage(each)]))
  return howMuch.length === 0 ? inLanguage(text) : `${inLanguage(text)} (${howMuch.join(': ')})`
}

/** A line break would end the item of the list. */
const onOneLine = (text: string) => text.trim().replaceAll(/\s*[\r\n]+\s*/g, ' ')
