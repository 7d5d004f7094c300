import { clockIn } from '#engine/shared/calendar.ts'
import { DAY_MS } from '#engine/shared/duration.ts'
import { type Instant, parseInstant } from '#engine/shared/instant.ts'
import { isJsonArray, isJsonObject, type Json, type JsonObject } from '#engine/shared/json.ts'
import { plainMarkdown } from '#engine/shared/plain-markdown.ts'
import { readEducredential } from './educredential.ts'
import { EDUCREDENTIAL_WORDS } from './educredential-words.ts'
import { type ParticularParts, type ResultPart, readPersonalParts } from './personal-parts.ts'
import { identifiersInLine, readInstitutionWords } from './read-institution.ts'

/** A badge on paper: all of its words, in order. */
export interface Certificate {
  readonly language: 'nl' | 'en'
  /** Of the file. */
  readonly title: string
  readonly issuer: string
  /** What kind of badge it is, in words. */
  readonly kind: string
  readonly name: string
  /** Where nobody should take it for one that counts. */
  readonly testMark?: string
  /** In the document, so on paper too; most badges name nobody. */
  readonly holder?: { readonly label: string; readonly name: string }
  readonly description: string
  readonly facts: readonly CertificateFact[]
  readonly sections: readonly CertificateSection[]
  /** How it is checked, and where. */
  readonly check: {
    readonly heading: string
    readonly text: string
    readonly url: string
    readonly qrAlt: string
    readonly notProvedHeading: string
    readonly notProved: readonly string[]
  }
  readonly pictureAlt: string
  readonly attachmentDescription: string
  readonly footer: string
  /** Said where letters are missing on paper. */
  readonly lettersMissing: string
}

export interface CertificateFact {
  readonly name: string
  readonly value: string
  readonly link?: string
}

export interface CertificateSection {
  readonly heading: string
  readonly text?: string
  readonly items?: readonly string[]
}

export interface CertificateSettings {
  /** Of the domain that published the key. */
  readonly domain: string
  readonly isTest: boolean
  /** Where whoever scans the code sees the badge, or brings the file. */
  readonly target: { readonly kind: 'page' | 'verify'; readonly url: string }
  /** Of the holder: dates are those of their calendar. */
  readonly timeZone: string
  readonly imageAlt?: string
}

/** Puts a badge into words for paper, in its own language where that is Dutch, else with English labels. All else is what was signed. */
export function certificateOf(document: JsonObject, settings: CertificateSettings): Certificate {
  const { domain, isTest, target, timeZone, imageAlt } = settings
  const subject = first(document['credentialSubject'])
  const achievement = first(subject['achievement'])
  const issuer = isJsonObject(document['issuer'] ?? null) ? (document['issuer'] as JsonObject) : {}
  const language = textOf(achievement, 'inLanguage')?.toLowerCase().split('-')[0] === 'nl' ? 'nl' : 'en'
  const words = WORDS[language]
  const name = textOf(document, 'name') ?? textOf(achievement, 'name') ?? ''
  const holder = holderName(subject)
  const parts = readPersonalParts(document)
  const id = textOf(document, 'id') ?? ''
  const issuerName = textOf(issuer, 'name') ?? domain
  const criteria = textOf(first(achievement['criteria']), 'narrative')
  const institution = readInstitutionWords(issuer)
  const shown = (value: string | undefined): string | undefined => {
    const at = value === undefined ? undefined : parseInstant(value)
    return at === undefined ? undefined : dateIn(at, timeZone, language)
  }
  const awarded = shown(textOf(document, 'awardedDate') ?? textOf(document, 'validFrom'))
  const until = shown(textOf(document, 'validUntil'))
  const facts: (CertificateFact | undefined)[] = [
    { name: words.issuer, value: issuerName, ...linkTo(textOf(issuer, 'url')) },
    optionalFact(words.official, institution?.official),
    optionalFact(words.identifiers, institution && identifiersInLine(institution)),
    optionalFact(words.address, institution?.address),
    optionalFact(words.postOfficeBox, institution?.postOfficeBox),
    optionalFact(words.partOf, institution?.parent),
    { name: words.domain, value: domain },
    awarded === undefined ? undefined : { name: words.awarded, value: awarded },
    { name: words.until, value: until ?? words.noEnd },
    optionalFact(words.activity, activityPeriod(parts.particulars ?? {}, timeZone, language)),
    optionalFact(words.role, parts.particulars?.role),
    optionalFact(words.term, parts.particulars?.term),
    optionalFact(words.licenseNumber, parts.particulars?.licenseNumber),
    optionalFact(words.source, parts.particulars?.source),
    ...creditsOf(subject, achievement, language),
    { name: words.id, value: id },
  ]
  const sections: (CertificateSection | undefined)[] = [
    criteria === undefined ? undefined : { heading: words.criteria, text: plainMarkdown(criteria) },
    parts.narrative === undefined
      ? undefined
      : { heading: words.narrative, text: plainMarkdown(parts.narrative) },
    listed(
      words.results,
      parts.results.map((result) => resultLine(result)),
    ),
    listed(
      words.evidence,
      parts.evidence.map(({ name, url, narrative, description }) =>
        [name, url, narrative === undefined ? undefined : plainMarkdown(narrative), description]
          .filter((part) => part !== undefined && part !== '')
          .join(' – '),
      ),
    ),
    listed(EDUCREDENTIAL_WORDS[language].title, educredentialLines(achievement, language)),
    listed(words.alignments, objects(achievement['alignment']).map(alignmentLine)),
  ]
  return {
    language,
    title: `${words.title}: ${name}`,
    issuer: issuerName,
    kind: kindOf(achievement, words.kinds),
    name,
    ...(isTest ? { testMark: words.testMark } : {}),
    ...(holder === undefined ? {} : { holder: { label: words.awardedTo, name: holder } }),
    description: textOf(achievement, 'description') ?? '',
    facts: facts.filter((fact) => fact !== undefined),
    sections: sections.filter((section) => section !== undefined),
    check: {
      heading: words.check,
      text: target.kind === 'page' ? words.checkPage(domain) : words.checkFile(domain),
      url: target.url,
      qrAlt: words.qrAlt(target.url),
      notProvedHeading: words.notProvedHeading,
      notProved: words.notProved,
    },
    pictureAlt: imageAlt ?? words.pictureAlt(name),
    attachmentDescription: words.attachment,
    lettersMissing: words.lettersMissing,
    footer: `${name} · ${domain} · ${id}`,
  }
}

const WORDS = {
  nl: {
    title: 'Certificaat',
    issuer: 'Uitgever',
    domain: 'Domein van de uitgever',
    official: 'Officiële naam',
    identifiers: 'Bekend als',
    address: 'Adres',
    postOfficeBox: 'Postbus',
    partOf: 'Onderdeel van',
    activity: 'Periode van de activiteit',
    from: (day: string) => `vanaf ${day}`,
    to: (day: string) => `tot en met ${day}`,
    role: 'In de rol van',
    term: 'Onderwijsperiode',
    licenseNumber: 'Nummer van de bevoegdheid',
    source: 'Beoordeeld door',
    awarded: 'Toegekend op',
    until: 'Geldig tot',
    noEnd: 'zonder einddatum',
    credits: 'Behaalde studiepunten',
    creditsAvailable: 'Studiepunten van deze badge',
    id: 'Nummer',
    awardedTo: 'Toegekend aan',
    criteria: 'Waarvoor',
    narrative: 'Waarom aan deze persoon',
    results: 'Resultaten',
    evidence: 'Bewijsstukken',
    alignments: 'Sluit aan bij',
    check: 'Controleer deze badge',
    checkPage: (domain: string) =>
      `Dit papier is om te lezen. De badge zelf is het ondertekende document dat als bijlage in dit PDF-bestand zit. Scan de code, of open de pagina hieronder: daar staat of het document ongewijzigd is, is ondertekend met een sleutel die ${domain} heeft gepubliceerd, en op dat moment niet is ingetrokken.`,
    checkFile: (domain: string) =>
      `Dit papier is om te lezen. De badge zelf is het ondertekende document dat als bijlage in dit PDF-bestand zit, en heeft geen openbare pagina. Scan de code, of open de pagina hieronder, en geef daar dit bestand: dan blijkt of het document ongewijzigd is, is ondertekend met een sleutel die ${domain} heeft gepubliceerd, en op dat moment niet is ingetrokken.`,
    qrAlt: (url: string) => `QR-code die naar ${url} leidt`,
    notProvedHeading: 'Wat een controle niet aantoont',
    notProved: [
      'Dat waar is wat er staat. Ze toont wie het heeft ondertekend, en dat er sindsdien niets is veranderd.',
      'Dat wie dit papier toont, degene is aan wie de badge is toegekend.',
      'Wanneer de badge is toegekend. Een vastlegging op een blockchain toont alleen dat het document op dat moment bestond.',
    ],
    pictureAlt: (name: string) => `Badgeplaatje van ${name}`,
    attachment: 'De ondertekende badge (Open Badges 3.0)',
    lettersMissing:
      'Waar […] staat, heeft dit papier geen letters voor de tekst. In de badge zelf, die als bijlage in dit bestand zit, staat hij volledig.',
    testMark: 'TEST: deze badge is een voorbeeld en telt niet.',
    kinds: { badge: 'Open badge', micro: 'Microcredential' },
  },
  en: {
    title: 'Certificate',
    issuer: 'Issuer',
    domain: 'Domain of the issuer',
    official: 'Registered name',
    identifiers: 'Known as',
    address: 'Address',
    postOfficeBox: 'PO box',
    partOf: 'Part of',
    activity: 'Period of the activity',
    from: (day: string) => `from ${day}`,
    to: (day: string) => `up to and including ${day}`,
    role: 'In the role of',
    term: 'Term',
    licenseNumber: 'Licence number',
    source: 'Assessed by',
    awarded: 'Awarded on',
    until: 'Valid until',
    noEnd: 'without an end',
    credits: 'Credits earned',
    creditsAvailable: 'Credits of this badge',
    id: 'Number',
    awardedTo: 'Awarded to',
    criteria: 'What for',
    narrative: 'Why to this person',
    results: 'Results',
    evidence: 'Evidence',
    alignments: 'Aligned with',
    check: 'Check this badge',
    checkPage: (domain: string) =>
      `This paper is for reading. The badge itself is the signed document that is attached to this PDF file. Scan the code, or open the page below: it says whether the document is unaltered, was signed with a key that ${domain} published, and is not revoked at that moment.`,
    checkFile: (domain: string) =>
      `This paper is for reading. The badge itself is the signed document that is attached to this PDF file, and it has no public page. Scan the code, or open the page below, and give it this file: it then says whether the document is unaltered, was signed with a key that ${domain} published, and is not revoked at that moment.`,
    qrAlt: (url: string) => `QR code that leads to ${url}`,
    notProvedHeading: 'What a check does not prove',
    notProved: [
      'That what it says is true. It shows who signed it, and that nothing was altered since.',
      'That whoever shows this paper is the one to whom the badge was awarded.',
      'When the badge was awarded. A record on a blockchain shows only that the document existed by then.',
    ],
    pictureAlt: (name: string) => `Badge picture of ${name}`,
    attachment: 'The signed badge (Open Badges 3.0)',
    lettersMissing:
      'Where […] stands, this paper has no letters for the text. It is whole in the badge itself, which is attached to this file.',
    testMark: 'TEST: this badge is a sample and does not count.',
    kinds: { badge: 'Open badge', micro: 'Micro-credential' },
  },
} as const

const MONTHS = {
  nl: [
    'januari',
    'februari',
    'maart',
    'april',
    'mei',
    'juni',
    'juli',
    'augustus',
    'september',
    'oktober',
    'november',
    'december',
  ],
  en: [
    'January',
    'February',
    'March',
    'April',
    'May',
    'June',
    'July',
    'August',
    'September',
    'October',
    'November',
    'December',
  ],
} as const

function dateIn(at: Instant, timeZone: string, language: 'nl' | 'en'): string {
  const [year = '', month = '', day = ''] = clockIn(at, timeZone).date.split('-')
  return `${Number(day)} ${MONTHS[language][Number(month) - 1] ?? month} ${year}`
}

const optionalFact = (name: string, value: string | undefined): CertificateFact | undefined =>
  value === undefined ? undefined : { name, value }

/** One day, or the first and the last. A moment that begins a day of UTC is that day, wherever the holder is. */
function activityPeriod(
  { activityStartDate, activityEndDate }: ParticularParts,
  timeZone: string,
  language: 'nl' | 'en',
): string | undefined {
  const words = WORDS[language]
  const [from, to] = [activityStartDate, activityEndDate].map((time) => {
    const at = time === undefined ? undefined : parseInstant(time)
    if (at === undefined) return undefined
    return dateIn(at, at % DAY_MS === 0 ? 'UTC' : timeZone, language)
  })
  if (from === undefined) return to === undefined ? undefined : words.to(to)
  if (to === undefined) return words.from(from)
  return from === to ? from : `${from} – ${to}`
}

const kindOf = (
  achievement: JsonObject,
  kinds: { readonly badge: string; readonly micro: string },
): string => (textOf(achievement, 'achievementType') === 'MicroCredential' ? kinds.micro : kinds.badge)

/** An `IdentityObject` with a name in plain text. */
function holderName(subject: JsonObject): string | undefined {
  const named = objects(subject['identifier']).find(
    ({ identityType, hashed }) => identityType === 'name' && hashed !== true,
  )
  return named === undefined ? undefined : textOf(named, 'identityHash')
}

function creditsOf(
  { creditsEarned }: JsonObject,
  achievement: JsonObject,
  language: 'nl' | 'en',
): readonly CertificateFact[] {
  const { credits, creditsAvailable } = WORDS[language]
  const available = achievement['creditsAvailable']
  // The profile has the same number with its unit.
  const isTold = readEducredential(achievement)?.ects === available
  return [
    ...(typeof creditsEarned === 'number'
      ? [{ name: credits, value: numberIn(creditsEarned, language) }]
      : []),
    ...(typeof available === 'number' && !isTold
      ? [{ name: creditsAvailable, value: numberIn(available, language) }]
      : []),
  ]
}

/** What an achievement says by the educredential profile, as its page says it. */
function educredentialLines(achievement: JsonObject, language: 'nl' | 'en'): readonly string[] {
  const profile = readEducredential(achievement)
  if (profile === undefined) return []
  const { words, units, ...labels } = EDUCREDENTIAL_WORDS[language]
  const { identityChecked, educationProgramIdentifier, ects, sbu, timeInvestment } = profile
  const workload = [
    { unit: units.ects, amount: ects },
    { unit: units.sbu, amount: sbu },
    { unit: units.hours, amount: timeInvestment },
  ].flatMap(({ unit, amount }) => (amount === undefined ? [] : [`${numberIn(amount, language)} ${unit}`]))
  const lines: Readonly<Record<string, string | undefined>> = {
    [labels.workload]: workload.length === 0 ? undefined : workload.join(', '),
    [labels.participationType]: profile.participationType && words[profile.participationType],
    [labels.assessmentType]: profile.assessmentType && words[profile.assessmentType],
    [labels.supervisionType]: profile.supervisionType && words[profile.supervisionType],
    [labels.identityChecked]:
      identityChecked === undefined ? undefined : identityChecked ? labels.yes : labels.no,
    [labels.educationProgramIdentifier]: educationProgramIdentifier?.toString(),
  }
  return Object.entries(lines).flatMap(([name, value]) => (value === undefined ? [] : [`${name}: ${value}`]))
}

/** With the mark before decimals that the language has. */
const numberIn = (value: number, language: 'nl' | 'en'): string =>
  language === 'nl' ? String(value).replace('.', ',') : String(value)

/** What was reached, between what can be; statuses are words of the standard and stay as they are. */
function resultLine({ name, value, status, level, valueMin, valueMax }: ResultPart): string {
  const range =
    valueMin === undefined && valueMax === undefined ? '' : ` (${valueMin ?? ''}–${valueMax ?? ''})`
  const reached = [value === undefined ? undefined : `${value}${range}`, level?.name, status]
  return `${name}: ${reached.filter((part) => part !== undefined).join(', ')}`
}

/** With its description, in which the basis of a level stands: no level is told without it. */
function alignmentLine(alignment: JsonObject): string {
  const framework = textOf(alignment, 'targetFramework')
  const name = textOf(alignment, 'targetName') ?? ''
  const description = textOf(alignment, 'targetDescription')
  return `${framework === undefined || name.includes(framework) ? '' : `${framework}: `}${name}${description === undefined ? '' : ` – ${description}`}`
}

const listed = (heading: string, items: readonly string[]): CertificateSection | undefined =>
  items.length === 0 ? undefined : { heading, items }

/** Only addresses of the web become links. */
const linkTo = (url: string | undefined): { readonly link?: string } =>
  url !== undefined && /^https?:\/\//i.test(url) ? { link: url } : {}

function textOf(object: JsonObject, name: string): string | undefined {
  const value = object[name]
  return typeof value === 'string' && value !== '' ? value : undefined
}

const objects = (value: Json | undefined): readonly JsonObject[] =>
  (isJsonArray(value ?? null) ? (value as readonly Json[]) : [value ?? null]).filter((each) =>
    isJsonObject(each),
  )

const first = (value: Json | undefined): JsonObject => objects(value)[0] ?? {}
