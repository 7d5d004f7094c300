import { KNOWN_UNDECIDED } from './own-policies.ts'
import type { Agreement, CorpusResult } from './run-corpus.ts'

const WORDS: Readonly<Record<Agreement, string>> = {
  agrees: 'agrees',
  'agrees-undecided': 'agrees, undecided',
  policy: 'policy',
  'own-policy': 'policy of ours',
  disagrees: 'DISAGREES',
  'false-valid': 'FALSE VALID',
}

/** The table, a document a line. */
export function tableOf(results: readonly CorpusResult[]): readonly string[] {
  const rows = [
    ['document', 'expected', 'verdict', 'code', ''],
    ...results.map(({ entry, judgement, agreement }) => [
      entry.file,
      entry.expected,
      judgement.verdict,
      judgement.code,
      WORDS[agreement],
    ]),
  ]
  const widths = [0, 1, 2, 3].map((at) => Math.max(...rows.map((row) => row[at]?.length ?? 0)))
  return rows.map((row) =>
    row
      .map((cell, at) => cell.padEnd(widths[at] ?? 0))
      .join('  ')
      .trimEnd(),
  )
}

/** What came of it: numbers, and each document on which the two do not say the same. */
export function summaryOf(results: readonly CorpusResult[]): readonly string[] {
  const count = (agreement: Agreement) => results.filter((each) => each.agreement === agreement).length
  const told = (agreement: Agreement) =>
    results
      .filter((each) => each.agreement === agreement)
      .flatMap(({ entry, judgement }) => [
        `${WORDS[agreement].padEnd(18)}${entry.file}`,
        `${' '.repeat(18)}expected ${entry.expected}: ${entry.why}`,
        `${' '.repeat(18)}${judgement.verdict}, ${judgement.code}: ${judgement.detail}`,
        ...[entry.policy, entry.ownPolicy].flatMap((why) =>
          why === undefined ? [] : [`${' '.repeat(18)}policy: ${why}`],
        ),
      ])
  return [
    ...told('agrees-undecided'),
    ...told('policy'),
    ...told('own-policy'),
    ...told('disagrees'),
    ...told('false-valid'),
    '',
    `${results.length} documents: ${count('agrees')} agree, ${count('agrees-undecided')} more were to be refused and could not be checked,`,
    `${count('policy')} differ by a policy that the corpus names, ${count('own-policy')} by one of ours, ${count('disagrees')} disagree, ${count('false-valid')} false-valid.`,
    'Whether an issuer is known is left out: nobody in the corpus is known here, so the product itself says "undecided" of the valid ones.',
  ]
}

export const isGood = (results: readonly CorpusResult[]): boolean =>
  results.length > 0 &&
  results.every(
    ({ entry, agreement }) =>
      agreement !== 'disagrees' &&
      agreement !== 'false-valid' &&
      (agreement !== 'agrees-undecided' || KNOWN_UNDECIDED.has(entry.file)),
  )
