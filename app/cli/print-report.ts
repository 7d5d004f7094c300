import { formatInstant, type Instant } from '#engine/shared/instant.ts'
import {
  type AnyReport,
  isPresentationReport,
  type PresentationCheck,
  type PresentationReport,
} from '#engine/verification/presentation-report.ts'
import type { TrustListReport } from '#engine/verification/trust-list-report.ts'
import type {
  Check,
  EndorsementReport,
  Outcome,
  VerificationReport,
} from '#engine/verification/verification-report.ts'

import { cleanText } from './clean-text.ts'

const MARKS: Readonly<Record<Outcome, string>> = {
  passed: '+',
  failed: 'x',
  unknown: '?',
  not_applicable: '-',
}

/** The report for a terminal: the domain first, then what was checked, then what was not proved. */
export const printReport = (report: AnyReport): string =>
  isPresentationReport(report) ? printPresentation(report) : printCredential(report)

/** The presentation itself, then each credential in it as if it had come alone. */
function printPresentation({
  verdict,
  checks,
  holder,
  credentials,
  notProved,
  checkedAt,
}: PresentationReport): string {
  const lines = [
    `${verdict.toUpperCase()}  a presentation with ${credentials.length} ${credentials.length === 1 ? 'credential' : 'credentials'}`,
    '',
    ...row('shown by', holder ?? 'nobody whom a proof would show'),
    '',
    ...checks.map(line),
    ...(notProved.length === 0 ? [] : ['', 'Not proved of the presentation:']),
    ...notProved.map((statement) => `  ${cleanText(statement)}`),
    '',
    `Checked at ${formatInstant(checkedAt)}.`,
    ...credentials.flatMap((report, at) => [
      '',
      `--- Credential ${at + 1} of ${credentials.length} ---`,
      '',
      printCredential(report).trimEnd(),
    ]),
  ]
  return `${lines.join('\n')}\n`
}

function printCredential(report: VerificationReport): string {
  const { credential, anchor } = report
  const issuer = credential?.issuer
  const lines = [
    `${report.verdict.toUpperCase()}  ${cleanText(credential?.name ?? 'a document that cannot be read')}`,
    ...(credential?.test === true ? ['        TEST: a sample, or of an issuer on a machine of its own'] : []),
    '',
    ...row(isSigned(report) ? 'by' : 'claims by', headline(report)),
    ...row('named', issuer?.name),
    ...row('issuer', issuer?.domain === undefined ? undefined : issuer.id),
    ...row('BRIN', issuer?.listed?.brin),
    ...row('ROR', issuer?.listed?.ror),
    ...row('to', credential?.subjectName ?? credential?.subjectId),
    ...row('awarded', when(credential?.awardedDate)),
    ...row('valid until', when(credential?.validUntil)),
    ...row('anchored', when(anchor?.anchoredAt)),
    ...row('on chain as', anchor?.issuerId),
    ...row('digest', credential?.digest),
    ...row(
      'newer text',
      report.refreshed && `of ${report.refreshed.at}, in place of ${report.refreshed.from}`,
    ),
    ...row('brought', report.refreshed && `a text that would be ${report.refreshed.verdict}`),
    '',
    ...report.checks.map(line),
    ...report.endorsements.flatMap(endorsement),
    ...report.trustLists.flatMap(trustList),
    '',
    'Not proved:',
    ...report.notProved.map((statement) => `  ${cleanText(statement)}`),
    '',
    `Checked at ${formatInstant(report.checkedAt)}.`,
  ]
  return `${lines.join('\n')}\n`
}

/** The domain, and that it is only what a chain records of it where no DID document vouches for it any more. */
function headline({ credential }: VerificationReport): string | undefined {
  const issuer = credential?.issuer
  const name = issuer?.domain ?? issuer?.id
  return issuer?.recordedAs === undefined ? name : `${name}, as recorded on chain`
}

/** Until the proof holds, the issuer is only what the document says of itself. */
const isSigned = ({ checks }: VerificationReport): boolean =>
  checks.some(({ name, outcome }) => name === 'proof' && outcome === 'passed')

const line = ({ outcome, name, detail, code, reason }: Check | PresentationCheck): string =>
  `  ${MARKS[outcome]} ${name.padEnd(12)} ${cleanText(detail)} (${code})${told(reason)}`

/** What the issuer gives as the reason, in quotes: the words are theirs. */
const told = (reason: string | undefined): string =>
  reason === undefined || reason === '' ? '' : `\n${' '.repeat(17)}“${cleanText(reason)}”`

function endorsement({ verdict, endorser, comment, checks }: EndorsementReport): string[] {
  const who = endorser?.domain ?? endorser?.id ?? 'nobody'
  return [
    '',
    `  Endorsement by ${cleanText(who)}: ${verdict}${comment === undefined ? '' : `, “${cleanText(comment)}”`}`,
    ...checks
      .filter(({ outcome }) => outcome === 'failed' || outcome === 'unknown')
      .map((check) => `  ${line(check)}`),
  ]
}

/** Which list, of whom, as of when; one that counts for nothing says so. */
const trustList = ({ from, outcome, code, detail }: TrustListReport): string[] => [
  '',
  `  Trust list ${cleanText(from)}: ${outcome === 'passed' ? 'counts' : 'counts for nothing'}`,
  `    ${MARKS[outcome]} ${cleanText(detail)} (${code})`,
]

const row = (name: string, value: string | undefined): string[] =>
  value === undefined ? [] : [`  ${name.padEnd(12)} ${cleanText(value)}`]

const when = (at: Instant | undefined): string | undefined =>
  at === undefined ? undefined : formatInstant(at)
