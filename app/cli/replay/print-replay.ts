import type { ReplayGap } from '#engine/decisions/replay-decision.ts'
import type { ReplayCheck, ReplayReport } from '#engine/decisions/replay-report.ts'
import { formatInstant, type Instant } from '#engine/shared/instant.ts'
import type { Outcome } from '#engine/verification/verification-report.ts'
import { cleanText } from '../clean-text.ts'
import { firstFew } from '../first-few.ts'

const MARKS: Readonly<Record<Outcome, string>> = {
  passed: '+',
  failed: 'x',
  unknown: '?',
  not_applicable: '-',
}

const HEADLINES: Readonly<Record<ReplayReport['verdict'], string>> = {
  same: 'SAME       the rule version gives the same decision on these events',
  different: 'DIFFERENT  the rule version decides otherwise on these events',
  broken: 'BROKEN     what was given does not hold together, so a replay says nothing',
  undecided: 'UNDECIDED  something could not be checked',
}

/** The report for a terminal: what came out, what was decided, what was checked, what was not proved. */
export function printReplay(report: ReplayReport): string {
  const { decision, replay } = report
  const lines = [
    HEADLINES[report.verdict],
    '',
    ...row('issuer', report.issuer),
    ...(decision === undefined
      ? []
      : [
          ...row('achievement', report.slug ?? decision.achievement),
          ...row('rule version', decision.ruleVersion),
          ...row('person', decision.subject),
          ...row(
            'decided',
            `${decision.outcome}, ${decision.occurrence}, at ${formatInstant(decision.decidedAt)}`,
          ),
          ...row('met at', formatInstant(decision.metAt)),
        ]),
    ...row('anchored', when(report.decisionAnchor?.anchoredAt)),
    ...row('rule anchored', when(report.ruleAnchor?.anchoredAt)),
    '',
    ...report.checks.map(line),
    ...(replay?.kind === 'different'
      ? [
          '',
          ...replay.differences.map(
            ({ part, decided, replayed }) =>
              `  ${part}: decided ${cleanText(decided || 'nothing')}, replayed ${cleanText(replayed || 'nothing')}`,
          ),
        ]
      : []),
    ...(replay?.kind === 'unknown' ? gaps(replay.reasons) : []),
    '',
    'Not proved:',
    ...report.notProved.map((statement) => `  ${statement}`),
    '',
    `Checked at ${formatInstant(report.checkedAt)}.`,
  ]
  return `${lines.join('\n')}\n`
}

const line = ({ outcome, name, detail, code }: ReplayCheck): string =>
  `  ${MARKS[outcome]} ${name.padEnd(16)} ${cleanText(detail)} (${code})`

/** The report for a program: of a long list of missing events the first, and how many there are `more`. */
export function replayAsJson(report: ReplayReport): string {
  const { replay } = report
  const told = replay?.kind === 'unknown' ? { ...report, replay: firstReasons(replay) } : report
  return `${JSON.stringify(told, undefined, 2)}\n`
}

function firstReasons({
  kind,
  reasons,
}: {
  readonly kind: 'unknown'
  readonly reasons: readonly ReplayGap[]
}) {
  const { shown, more } = firstFew(reasons)
  return { kind, reasons: shown, more }
}

function gaps(reasons: readonly ReplayGap[]): string[] {
  const { shown, more } = firstFew(reasons)
  return [...shown.flatMap(gap), ...(more === 0 ? [] : [`      and ${more} more`])]
}

function gap(reason: ReplayGap): string[] {
  if (reason.code === 'person-unclear') return []
  const { source, sourceId, digest } = reason.event
  const what = reason.code === 'event-missing' ? 'not given' : 'given with other content'
  return [`      ${what}: ${cleanText(sourceId)} of ${cleanText(source)}, ${digest}`]
}

const row = (name: string, value: string | undefined): string[] =>
  value === undefined ? [] : [`  ${name.padEnd(14)} ${cleanText(value)}`]

const when = (at: Instant | undefined): string | undefined =>
  at === undefined ? undefined : formatInstant(at)
