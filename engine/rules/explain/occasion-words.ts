import type { ResolvedRule } from '#engine/rules/document/rule-document.ts'
import type { Instant } from '#engine/shared/instant.ts'
import { unreachable } from '#engine/shared/never.ts'
import { dateIn, lastMomentIn, momentIn } from './moment-words.ts'
import type { OccasionProgress } from './occasion-progress.ts'
import { periodInWords } from './period-words.ts'
import { type Language, PHRASES } from './phrases.ts'
import { zoneOfRule } from './rule-zone.ts'

/** The award that an occasion led to, as far as words need it. */
export interface ToldAward {
  readonly state:
    | ('granted' | 'due' | 'issued' | 'awaiting_approval' | 'awaiting_endorsement')
    | ('revoked' | 'expired' | 'superseded' | 'refused')
  readonly awardedAt: Instant
  readonly endedAt?: Instant
}

/**
 * What is to be said of an occasion before its parts are told: which it is, what stands of it, what forbids an award,
 * until when it can be met, and whether it still can. Nothing where there is nothing to say but the parts.
 */
export function occasionInWords(
  occasion: OccasionProgress,
  award: ToldAward | undefined,
  rule: ResolvedRule,
  language: Language,
): readonly string[] {
  const telling = { texts: TEXTS[language], language, zone: zoneOfRule(rule) }
  return [
    ...tellPart(occasion, telling),
    ...tellStanding(occasion, award, telling),
    ...tellLimit(occasion, telling),
    ...tellClosing(occasion, telling),
  ]
}

interface Telling {
  readonly texts: Texts
  readonly language: Language
  readonly zone: string
}

function tellPart({ part }: OccasionProgress, { texts, language, zone }: Telling): readonly string[] {
  switch (part.kind) {
    case 'once':
      return []
    case 'renewal':
      return [texts.renewal(dateIn(part.since, zone), dateIn(part.until, zone), dateIn(part.from, zone))]
    case 'period': {
      const last = lastMomentIn((part.end - 1) as Instant, part.zone)
      return [texts.period(periodInWords(part, language), last)]
    }
    case 'context':
      return part.value === undefined ? [] : [texts.context(plain(part.value))]
    case 'completion':
      return [part.isNext ? texts.next(part.given) : texts.last]
    default:
      return unreachable(part)
  }
}

/** A text without its quotes; any other value as it is written. */
const plain = (value: string): string => {
  const parsed: unknown = JSON.parse(value)
  return typeof parsed === 'string' ? parsed : value
}

function tellStanding(
  { decided, state, trace }: OccasionProgress,
  award: ToldAward | undefined,
  { texts, zone }: Telling,
): readonly string[] {
  const date = (at: Instant | undefined) => (at === undefined ? undefined : dateIn(at, zone))
  if (decided?.outcome === 'retracted' && (award === undefined || !HELD.has(award.state)))
    return [texts.retracted(date(decided.metAt))]
  if (decided?.outcome === 'retracted') return [texts.shaken(date(award?.awardedAt))]
  if (award !== undefined) {
    const from = dateIn(award.awardedAt, zone)
    if (!HELD.has(award.state)) return [texts.awards[award.state](from, date(award.endedAt))]
    return [texts.awards[award.state](from) + (trace.status === 'met' ? '' : ` ${texts.regardless}`)]
  }
  return state === 'suggested' ? [texts.suggested(date(decided?.metAt))] : []
}

/** The award is there, and no later figure changes that. */
const HELD: ReadonlySet<ToldAward['state']> = new Set(['granted', 'due', 'issued'])

function tellLimit(
  { limit, state }: OccasionProgress,
  { texts, language, zone }: Telling,
): readonly string[] {
  if (limit === undefined) return []
  const until = limit.until === undefined ? undefined : momentIn(limit.until, zone)
  return [
    state === 'blocked' ? PHRASES[language].blocked(limit.reason, until) : texts.limit[limit.reason](until),
  ]
}

function tellClosing({ closes, state }: OccasionProgress, { texts, zone }: Telling): readonly string[] {
  if (state === 'lost') return [texts.lost]
  if (closes === undefined) return []
  const last = lastMomentIn(closes.at, zone)
  if (state === 'closed') return [texts.closed[closes.by](last)]
  // Of a period its own line says until when it lasts.
  return state === 'open' && closes.by === 'deadline' ? [texts.open(last)] : []
}

interface Texts {
  renewal(since: string, until: string, from: string): string
  period(name: string, last: string): string
  context(value: string): string
  next(given: number): string
  readonly last: string
  readonly awards: Readonly<Record<ToldAward['state'], (from: string, ended?: string) => string>>
  /** What is less now takes nothing away. */
  readonly regardless: string
  suggested(date: string | undefined): string
  retracted(date: string | undefined): string
  /** The award stands, although events that it rested on were taken back. */
  shaken(date: string | undefined): string
  readonly limit: Readonly<
    Record<NonNullable<OccasionProgress['limit']>['reason'], (until: string | undefined) => string>
  >
  open(last: string): string
  readonly closed: Readonly<Record<'deadline' | 'period', (last: string) => string>>
  readonly lost: string
}

const on = (word: string, date: string | undefined): string => (date === undefined ? '' : ` ${word} ${date}`)

const stands = (from: string) => `The award of ${from} stands.`
const staat = (from: string) => `De toekenning van ${from} staat.`

const TEXTS: Readonly<Record<Language, Texts>> = {
  en: {
    renewal: (since, until, from) =>
      `This renews the badge of ${since}, which is valid until ${until}; what happens from ${from} on counts.`,
    period: (name, last) => `Period: ${name}, until ${last}.`,
    context: (value) => `For: ${value}.`,
    next: (given) =>
      given === 0
        ? 'On the way to the first award.'
        : `On the way to the next award; ${given} so far. What counted for those does not count again.`,
    last: 'The last time that it was reached, which has led to no award.',
    awards: {
      granted: stands,
      due: stands,
      issued: stands,
      awaiting_approval: (from) => `The criteria were met on ${from}; the award waits for approval.`,
      awaiting_endorsement: (from) => `The criteria were met on ${from}; the award waits for endorsers.`,
      revoked: (from, ended) => `The award of ${from} was revoked${on('on', ended)}.`,
      expired: (from, ended) => `The award of ${from} expired${on('on', ended)}.`,
      superseded: (from) => `The award of ${from} was replaced by a newer one.`,
      refused: (from) => `The criteria were met on ${from}; the award was refused by a person.`,
    },
    regardless: 'What the figures say now takes nothing away from it.',
    suggested: (date) => `The criteria were met${on('on', date)}; the organisation may award it.`,
    retracted: (date) => `An award was taken back${on('on', date)}, as events that it rested on were.`,
    shaken: (date) => `The award${on('of', date)} stands, but events that it rested on were taken back.`,
    limit: {
      cap: () => 'All awards of this rule have been given: if it is met, no award follows.',
      'cap-per-person': () => 'Nobody gets more awards of this rule: if it is met, no award follows.',
      cooldown: (until) =>
        `Too soon after the award before: only what is met${on('from', until)}${until === undefined ? ' later' : ' on'} leads to an award.`,
      'one-per-person': () => 'The badge is held by another road: if the rule is met, no award follows.',
    },
    open: (last) => `Open until ${last}: that is the deadline.`,
    closed: {
      deadline: (last) =>
        `Closed: the deadline was ${last}. Only what is told late, or belongs to what happened by then, can still change this.`,
      period: (last) =>
        `Closed: the period ended on ${last}. Only what is told late, or belongs to what happened in it, can still change this.`,
    },
    lost: 'This cannot be met any more: something speaks against it for good.',
  },
  nl: {
    renewal: (since, until, from) =>
      `Dit verlengt de badge van ${since}, die geldig is tot ${until}; wat vanaf ${from} gebeurt, telt mee.`,
    period: (name, last) => `Periode: ${name}, tot en met ${last}.`,
    context: (value) => `Voor: ${value}.`,
    next: (given) =>
      given === 0
        ? 'Op weg naar de eerste toekenning.'
        : `Op weg naar de volgende toekenning; tot nu toe ${given}. Wat daarvoor telde, telt niet nog eens.`,
    last: 'De laatste keer dat het werd gehaald, wat niet tot een toekenning heeft geleid.',
    awards: {
      granted: staat,
      due: staat,
      issued: staat,
      awaiting_approval: (from) =>
        `Op ${from} was aan de criteria voldaan; de toekenning wacht op goedkeuring.`,
      awaiting_endorsement: (from) =>
        `Op ${from} was aan de criteria voldaan; de toekenning wacht op aanbevelingen.`,
      revoked: (from, ended) => `De toekenning van ${from} is ingetrokken${on('op', ended)}.`,
      expired: (from, ended) => `De toekenning van ${from} is verlopen${on('op', ended)}.`,
      superseded: (from) => `De toekenning van ${from} is vervangen door een nieuwere.`,
      refused: (from) => `Op ${from} was aan de criteria voldaan; iemand heeft de toekenning geweigerd.`,
    },
    regardless: 'Wat de cijfers nu zeggen, doet daar niets aan af.',
    suggested: (date) =>
      date === undefined
        ? 'Aan de criteria is voldaan; de organisatie kan de badge toekennen.'
        : `Op ${date} was aan de criteria voldaan; de organisatie kan de badge toekennen.`,
    retracted: (date) =>
      date === undefined
        ? 'Een toekenning is teruggenomen, net als gebeurtenissen waarop ze berustte.'
        : `Op ${date} is een toekenning teruggenomen, net als gebeurtenissen waarop ze berustte.`,
    shaken: (date) =>
      `De toekenning${on('van', date)} staat, maar gebeurtenissen waarop ze berustte zijn teruggenomen.`,
    limit: {
      cap: () => 'Alle toekenningen van deze regel zijn gegeven: wie eraan voldoet, krijgt er geen meer.',
      'cap-per-person': () =>
        'Niemand krijgt meer toekenningen van deze regel: als eraan wordt voldaan, volgt er geen.',
      cooldown: (until) =>
        `Te kort na de vorige toekenning: alleen wat ${until === undefined ? 'later' : `vanaf ${until}`} wordt gehaald, leidt tot een toekenning.`,
      'one-per-person': () =>
        'De badge is al langs een andere weg behaald: als aan de regel wordt voldaan, volgt er geen toekenning.',
    },
    open: (last) => `Kan tot en met ${last}: dat is de uiterste datum.`,
    closed: {
      deadline: (last) =>
        `Gesloten: de uiterste datum was ${last}. Alleen wat laat wordt gemeld, of hoort bij wat tot dan gebeurde, kan hier nog iets aan veranderen.`,
      period: (last) =>
        `Gesloten: de periode eindigde op ${last}. Alleen wat laat wordt gemeld, of hoort bij wat daarin gebeurde, kan hier nog iets aan veranderen.`,
    },
    lost: 'Dit kan niet meer worden gehaald: er is iets dat het voorgoed tegenhoudt.',
  },
}
