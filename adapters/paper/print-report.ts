import { identifiersInLine } from '#engine/credentials/read-institution.ts'
import { fill, textAt } from '#engine/shared/bilingual.ts'
import type { Instant } from '#engine/shared/instant.ts'
import type { CheckSource } from '#engine/verification/check-sources.ts'
import { checkTexts } from '#engine/verification/check-texts.ts'
import { notProvedKind } from '#engine/verification/not-proved-kind.ts'
import {
  isPresentationReport,
  type PresentationCheck,
  type PresentationReport,
} from '#engine/verification/presentation-report.ts'
import { reportTexts } from '#engine/verification/report-texts.ts'
import { shortName } from '#engine/verification/short-name.ts'
import { decidingChecks, verdictSentence } from '#engine/verification/verdict-sentence.ts'
import type {
  Check,
  EndorsementReport,
  VerificationReport,
} from '#engine/verification/verification-report.ts'
import { verifyTexts } from '#engine/verification/verify-texts.ts'
import { wordsFor } from '#engine/verification/words-in-languages.ts'
import type { PrintReport, ReportPaperOptions } from '#services/ports/report-paper.ts'
import { openPaper, PAPER, type Paper, SOFT_INK } from './paper.ts'

const QR = 96
const VERDICT_COLOURS = { valid: '#14663a', invalid: '#a3132b', undecided: '#7a4b00' } as const
/** In words beside it too: colour alone tells some readers nothing. */
const OUTCOME_COLOURS = {
  passed: '#14663a',
  failed: '#a3132b',
  unknown: '#7a4b00',
  not_applicable: SOFT_INK,
} as const

/** Longer texts of strangers are cut: a report is no place for a book. */
const LONGEST = 600

/** The verdict under the domain, every check with what was asked, and what was not proved; of a presentation, for each credential in it. */
export const printReport: PrintReport = async (report, options) => {
  const words = wordsOf(options)
  const isPresentation = isPresentationReport(report)
  const name = isPresentation ? words.say('verify', 'presentation', 'name') : nameOf(report, words)
  const paper = await openPaper({
    title: words.report('titleOf', { name }),
    language: options.language,
    author: 'Waarmerk',
    madeAt: report.checkedAt,
  })

  const isTest = (isPresentation ? report.credentials : [report]).some(({ credential }) => credential?.test)
  paper.write('P', words.report('title'), { size: 10, colour: SOFT_INK, below: 2 })
  if (isTest)
    paper.write('P', words.report('test'), { size: 11, bold: true, colour: VERDICT_COLOURS.invalid })
  paper.write('H1', words.say('verify', 'verdicts', report.verdict), {
    colour: VERDICT_COLOURS[report.verdict],
    below: 4,
  })
  if (isPresentation) writePresentation(paper, report, words)
  else writeCredential(paper, report, name, words)

  if (options.page !== undefined) writePage(paper, options.page, words)
  const missing = paper.missing().length
  if (missing > 0)
    paper.write('P', words.report('missing', { letters: String(missing) }), { size: 9, colour: SOFT_INK })
  const digest = isPresentation ? undefined : report.credential?.digest
  return paper.finish(
    digest === undefined ? words.report('footerUnread') : words.report('footer', { digest }),
  )
}

/** In the language of the reader, where the badge says it in that. */
const nameOf = ({ credential }: VerificationReport, words: Words): string =>
  cut(
    wordsFor(credential?.inLanguages, words.language)?.name ??
      ownNameOf(credential) ??
      words.say('verify', 'unreadable'),
  )

/** What was signed as the name of the badge itself. */
const ownNameOf = (credential: VerificationReport['credential']): string | undefined =>
  credential?.achievement?.name ?? credential?.name

/** Below its verdict. */
function writeCredential(paper: Paper, report: VerificationReport, name: string, words: Words): void {
  paper.write('P', verdictText(report, words), { below: 12 })
  writeRefreshed(paper, report, words)
  writeSubject(paper, report, name, words)

  paper.moveTo(paper.y + 8)
  paper.write('H2', words.say('verify', 'checks'))
  for (const check of report.checks) writeCheck(paper, check, report, words)

  if (report.endorsements.length > 0) {
    paper.keepTogether(80)
    paper.write('H2', words.say('verify', 'endorsements', 'title'))
    for (const endorsement of report.endorsements) writeEndorsement(paper, endorsement, report, words)
  }
  if (report.trustLists.length > 0) writeTrustLists(paper, report, words)
  writeNotProved(
    paper,
    report.notProved.map((statement) => words.notProved(statement, report)),
    words,
  )
}

/** The presentation itself, then each credential in it as if it had come alone. */
function writePresentation(paper: Paper, report: PresentationReport, words: Words): void {
  const { credentials, holder, notProved } = report
  const own = (key: string) => words.say('verify', 'presentation', key)
  const text = fill(own(report.verdict), {
    time: words.moment(report.checkedAt),
    checks: decidingChecks(report)
      .map(({ name }) => words.say('verify', 'presentation', 'names', name))
      .join(', '),
  })
  paper.write('P', text, { below: 12 })
  paper.fact(own('by'), holder === undefined ? own('nobody') : cut(holder))
  paper.fact(words.report('checkedAt'), words.moment(report.checkedAt))
  paper.moveTo(paper.y + 8)
  paper.write('H2', own('checks'))
  for (const check of report.checks)
    writeResult(
      paper,
      check,
      words.say('verify', 'presentation', 'names', check.name),
      [words.ownSentence(check, holder)],
      words,
    )
  if (notProved.length > 0)
    writeNotProved(
      paper,
      notProved.map((statement) => words.notProved(statement, {})),
      words,
    )

  for (const [at, inside] of credentials.entries()) {
    const name = nameOf(inside, words)
    paper.keepTogether(160)
    paper.moveTo(paper.y + 14)
    const place = { number: String(at + 1), count: String(credentials.length), name }
    paper.write('H2', fill(own('inside'), place), { below: 2 })
    paper.write('P', words.say('verify', 'verdicts', inside.verdict), {
      bold: true,
      colour: VERDICT_COLOURS[inside.verdict],
      below: 4,
    })
    writeCredential(paper, inside, name, words)
  }
}

/** That there is a newer text, before anything is said of it. */
function writeRefreshed(paper: Paper, { refreshed, verdict }: VerificationReport, words: Words): void {
  if (refreshed === undefined) return
  const own = (key: string) => words.say('verify', 'refreshed', key)
  const of = (each: VerificationReport['verdict']) => words.say('verify', 'verdicts', each)
  paper.keepTogether(90)
  paper.write('H2', own('title'))
  paper.write('P', own('text'), { size: 10 })
  paper.fact(own('link'), cut(refreshed.at))
  paper.fact(own('newer'), of(verdict))
  paper.fact(own('brought'), of(refreshed.verdict))
  paper.fact(own('digest'), refreshed.from)
  paper.moveTo(paper.y + 8)
}

function writeNotProved(paper: Paper, statements: readonly string[], words: Words): void {
  paper.keepTogether(120)
  paper.moveTo(paper.y + 6)
  paper.write('H2', words.say('verify', 'notProved', 'title'))
  paper.list(statements)
}

interface Words {
  readonly language: ReportPaperOptions['language']
  readonly say: (tree: 'verify' | 'checks', ...path: readonly string[]) => string
  readonly report: (key: string, values?: Readonly<Record<string, string>>) => string
  readonly sentence: (check: Check, report: VerificationReport, domain?: string) => string
  readonly source: (source: CheckSource) => string
  /** Of a check on a presentation itself. */
  readonly ownSentence: (check: PresentationCheck, holder: string | undefined) => string
  readonly notProved: (statement: string, report: Pick<VerificationReport, 'anchor'>) => string
  readonly moment: (at: Instant | undefined) => string
}

function wordsOf({ language }: ReportPaperOptions): Words {
  const trees = { verify: verifyTexts[language], checks: checkTexts[language] }
  const own = reportTexts[language]
  // In UTC, so that the same report is the same paper wherever it is printed.
  const format = new Intl.DateTimeFormat(language === 'nl' ? 'nl-NL' : 'en-GB', {
    dateStyle: 'long',
    timeStyle: 'medium',
    timeZone: 'UTC',
  })
  const moment = (at: Instant | undefined) => (at === undefined ? '' : `${format.format(at)} UTC`)
  const say: Words['say'] = (tree, ...path) => textAt(trees[tree], ...path) ?? path.at(-1) ?? ''
  const tell: Words['report'] = (key, values = {}) => fill(textAt(own, ...key.split('/')) ?? key, values)
  return {
    language,
    say,
    report: tell,
    moment,
    sentence: (check, { credential, anchor, checkedAt }, domain) => {
      const text = textAt(trees.checks, check.code)
      // A code that has no words here, as one that is newer, is told in English.
      if (text === undefined) return check.detail
      return fill(text, {
        domain: cut(domain ?? shortName(credential?.issuer ?? {})),
        time: moment(check.at ?? checkedAt),
        validFrom: moment(credential?.validFrom),
        validUntil: moment(credential?.validUntil),
        anchoredAt: moment(anchor?.anchoredAt),
      })
    },
    ownSentence: ({ code, detail }, holder) => {
      const text = textAt(trees.verify, 'presentation', 'codes', code) ?? textAt(trees.checks, code)
      return text === undefined ? detail : fill(text, { holder: cut(holder ?? '') })
    },
    source: ({ kind, name, at, block }) => {
      const what = [
        tell(`sources/${kind}`, { name: cut(name) }),
        ...(block === undefined ? [] : [tell('block', { block: String(block) })]),
      ].join(', ')
      return at === undefined ? what : tell('sourceAt', { source: what, time: moment(at) })
    },
    notProved: (statement, { anchor }) => {
      const kind = notProvedKind(statement)
      return kind === undefined
        ? statement
        : fill(say('verify', 'notProved', kind), { asOf: moment(anchor?.asOf) })
    },
  }
}

function verdictText(report: VerificationReport, words: Words): string {
  const issuer = report.credential?.issuer
  return fill(words.say('verify', 'verdictTexts', verdictSentence(report)), {
    domain: cut(shortName(issuer ?? {})),
    time: words.moment(report.checkedAt),
    checks: decidingChecks(report)
      .map(({ name }) => words.say('verify', 'names', name))
      .join(', '),
  })
}

/** What the document says of itself, the domain first. */
function writeSubject(paper: Paper, report: VerificationReport, name: string, words: Words): void {
  const { credential, anchor, checkedAt } = report
  const issuer = credential?.issuer
  const isSigned = report.checks.some((each) => each.name === 'proof' && each.outcome === 'passed')
  const isHosted = report.checks.some(({ code }) => code === 'hosted-by-issuer')
  const domain = issuer?.domain ?? issuer?.id
  const own = ownNameOf(credential)
  const ownName = own === undefined ? undefined : cut(own)
  const facts: readonly (readonly [string, string | undefined])[] = [
    [words.say('verify', 'name'), credential === undefined ? undefined : name],
    [words.report('inOwnLanguage'), ownName === name ? undefined : ownName],
    [
      words.report(isHosted ? 'hostedBy' : isSigned ? 'signedFor' : 'claims'),
      domain !== undefined && issuer?.recordedAs !== undefined
        ? words.report('recordedOnly', { domain })
        : domain,
    ],
    [words.say('verify', 'issuerName'), issuer?.name],
    [words.say('verify', 'official'), issuer?.institution?.official],
    [words.say('verify', 'identifiers'), identifiersInLine(issuer?.institution ?? {})],
    [words.say('verify', 'address'), issuer?.institution?.address],
    [words.say('verify', 'postOfficeBox'), issuer?.institution?.postOfficeBox],
    [words.say('verify', 'partOf'), issuer?.institution?.parent],
    [words.report('brin'), issuer?.listed?.brin],
    [words.report('ror'), issuer?.listed?.ror],
    [words.say('verify', 'holder'), credential?.subjectName],
    [words.say('verify', 'awarded'), words.moment(credential?.awardedDate)],
    [words.say('verify', 'validFrom'), words.moment(credential?.validFrom)],
    [words.say('verify', 'validUntil'), words.moment(credential?.validUntil)],
    [words.say('verify', 'anchor', 'anchoredAt'), words.moment(anchor?.anchoredAt)],
    [words.report('number'), anchor?.issuerId],
    [words.say('verify', 'digest'), credential?.digest],
    [words.report('checkedAt'), words.moment(checkedAt)],
  ]
  for (const [label, value] of facts) if (value !== undefined && value !== '') paper.fact(label, cut(value))
}

function writeCheck(
  paper: Paper,
  check: Check,
  report: VerificationReport,
  words: Words,
  domain?: string,
): void {
  const lines = [
    words.sentence(check, report, domain),
    ...(check.reason === undefined || check.reason === ''
      ? []
      : [words.report('reason', { reason: cut(check.reason) })]),
    ...(check.see === undefined ? [] : [words.report('see', { page: cut(check.see) })]),
    ...(check.informs === true && (check.outcome === 'failed' || check.outcome === 'unknown')
      ? [words.say('verify', 'informs')]
      : []),
  ]
  writeResult(paper, check, words.say('verify', 'names', check.name), lines, words)
}

/** One check: its name with the outcome, a sentence with the code, what else is to be said, and what was asked for it. */
function writeResult(
  paper: Paper,
  { outcome, code, sources }: Pick<Check, 'outcome' | 'code' | 'sources'>,
  name: string,
  [sentence, ...more]: readonly string[],
  words: Words,
): void {
  paper.keepTogether(54)
  const told =
    code === 'issuer-unknown' ? words.say('verify', 'notKnown') : words.say('verify', 'outcomes', outcome)
  paper.write('H3', `${name}: ${told}`, {
    size: 11,
    colour: OUTCOME_COLOURS[outcome],
    below: 1,
  })
  const text = [`${sentence} (${code})`, ...more].join(' ')
  paper.write('P', text, { size: 10, below: sources === undefined ? 6 : 1 })
  for (const [at, source] of (sources ?? []).entries())
    paper.write('Caption', words.report('source', { source: words.source(source) }), {
      colour: SOFT_INK,
      below: at === (sources?.length ?? 0) - 1 ? 6 : 1,
    })
}

function writeEndorsement(
  paper: Paper,
  endorsement: EndorsementReport,
  report: VerificationReport,
  words: Words,
): void {
  const { endorser, verdict, comment, checks } = endorsement
  const who = cut(endorser?.domain ?? endorser?.id ?? '?')
  paper.keepTogether(70)
  paper.write(
    'P',
    `${fill(words.say('verify', 'endorsements', 'by'), { who })}: ${words.say('verify', 'endorsements', 'verdicts', verdict)}`,
    {
      bold: true,
      below: 2,
    },
  )
  if (comment !== undefined) paper.write('P', `“${cut(comment)}”`, { size: 10 })
  for (const check of checks.filter(({ outcome }) => outcome !== 'not_applicable'))
    writeCheck(paper, check, report, words, cut(shortName(endorser ?? {})))
}

function writeTrustLists(paper: Paper, { trustLists }: VerificationReport, words: Words): void {
  paper.keepTogether(80)
  paper.moveTo(paper.y + 6)
  paper.write('H2', words.report('lists/title'))
  for (const list of trustLists) {
    const counts = list.outcome === 'passed'
    paper.write('H3', `${cut(list.from)}: ${words.report(counts ? 'lists/counts' : 'lists/useless')}`, {
      size: 11,
      colour: OUTCOME_COLOURS[list.outcome],
      below: 1,
    })
    const known =
      list.name === undefined
        ? undefined
        : words.report('lists/of', {
            name: cut(list.name),
            version: String(list.version ?? ''),
            publisher: cut(list.publisher?.domain ?? list.publisher?.id ?? ''),
            time: words.moment(list.signedAt),
          })
    paper.write(
      'P',
      [
        ...(known === undefined ? [] : [`${known}.`]),
        `${words.say('checks', list.code)} (${list.code})`,
        ...(list.outcome === 'passed' ? [] : [list.detail]),
      ].join(' '),
      { size: 10 },
    )
  }
}

function writePage(paper: Paper, page: string, words: Words): void {
  paper.keepTogether(QR + 40)
  paper.moveTo(paper.y + 10)
  const top = paper.y
  const beside = { x: PAPER.margin + QR + 18, width: PAPER.width - 2 * PAPER.margin - QR - 18 }
  paper.write('H2', words.report('again'), beside)
  paper.write('P', words.report('againText'), { ...beside, size: 10 })
  paper.write('P', page, { ...beside, size: 9.5, colour: '#0b4f8a', link: page })
  paper.qrCode(page, `QR: ${page}`, { x: PAPER.margin, y: top, size: QR })
  paper.moveTo(Math.max(paper.y, top + QR) + 8)
}

const cut = (text: string): string => (text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text)
