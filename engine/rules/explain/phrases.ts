import type { BlockReason } from '#engine/rules/evaluate/evaluation.ts'
import { type CalendarUnit, parseCalendarDuration } from '#engine/shared/calendar.ts'
import { DAY_MS, HOUR_MS, MINUTE_MS, parseDuration } from '#engine/shared/duration.ts'
import type { GroupTrace, LeafTrace } from './trace.ts'

export type Language = 'nl' | 'en'

/** What explanations are put together from, in one language. */
export interface Phrases {
  readonly events: string
  readonly values: string
  readonly nominations: string
  readonly steps: string
  event(type: string): string
  inARow(unit: CalendarUnit): string
  sum(of: string): string
  average(of: string): string
  lowest(of: string): string
  highest(of: string): string
  share(of: string): string
  first(condition: string): string
  last(condition: string): string
  badge(title: string): string
  holds(badge: string, isHeld: boolean): string
  attribute(name: string, condition: string): string
  cohort(slug: string): string
  competency(item: string): string
  code(slug: string): string
  attested(rule: string): string
  absence(length: string): string
  after(length: string, event: string): string
  /** So many events must there be at least. */
  ofAtLeast(count: number): string
  within(length: string): string
  inOne(unit: CalendarUnit): string
  between(from: string, to: string): string
  since(event: string): string
  group(trace: GroupTrace): string
  so(what: string): string
  notSo(what: string): string
  met(what: string, trace: LeafTrace): string
  notMet(what: string, trace: LeafTrace): string
  open(values: readonly string[]): string
  expires(date: string): string
  nearMiss(condition: string): string
  clear(what: string): string
  against(what: string, count: number): string
  notYetLookedAt(what: string): string
  certainFrom(date: string): string
  /** So many more events before an average, a share, … says anything. */
  missingEvents(count: number): string
  /** Until when a run of days or a sequence can be gone on with. */
  goesOnUntil(date: string): string
  /** Met, after the deadline or the period. */
  readonly tooLate: string
  againstForGood(what: string, date: string): string
  countsAgainstUntil(date: string): string
  nothingYet(what: string, date: string): string
  blocked(reason: BlockReason, until?: string): string
}

/** `P90D` as "90 days", `P1Y6M` as "1 year 6 months". */
export function durationInWords(text: string, language: Language): string {
  const units = UNITS[language]
  const milliseconds = parseDuration(text)
  if (milliseconds !== undefined && !text.includes('Y')) return inUnits(milliseconds, units.fixed)
  const { years = 0, months = 0, days = 0 } = parseCalendarDuration(text) ?? {}
  const parts = [years, months, days].flatMap((amount, index) =>
    amount === 0 ? [] : [`${amount} ${units.calendar[index]?.[amount === 1 ? 0 : 1]}`],
  )
  return parts.length === 0 ? text : parts.join(' ')
}

const UNITS = {
  en: {
    fixed: ['days', 'hours', 'minutes', 'seconds'],
    calendar: [
      ['year', 'years'],
      ['month', 'months'],
      ['day', 'days'],
    ],
  },
  nl: {
    fixed: ['dagen', 'uur', 'minuten', 'seconden'],
    calendar: [
      ['jaar', 'jaar'],
      ['maand', 'maanden'],
      ['dag', 'dagen'],
    ],
  },
} as const

const inUnits = (
  milliseconds: number,
  [days, hours, minutes, seconds]: readonly [string, string, string, string],
) => {
  if (milliseconds % DAY_MS === 0) return `${milliseconds / DAY_MS} ${days}`
  if (milliseconds % HOUR_MS === 0) return `${milliseconds / HOUR_MS} ${hours}`
  if (milliseconds % MINUTE_MS === 0) return `${milliseconds / MINUTE_MS} ${minutes}`
  return `${milliseconds / 1000} ${seconds}`
}

/** At most three decimals: an average is not known better than that. */
const short = (value: number): string => String(Math.round(value * 1000) / 1000)

/** Kinds that reach a value and are not counted up to it. */
const REACHED: ReadonlySet<string> = new Set(['sum', 'avg', 'min', 'max', 'rate', 'competency'])

const ENGLISH: Phrases = {
  events: 'events',
  values: 'different ones',
  nominations: 'nominations by different people',
  steps: 'steps in this order',
  event: (type) => `an event “${type}”`,
  inARow: (unit) => `${unit}s in a row`,
  sum: (of) => `sum of ${of}`,
  average: (of) => `average of ${of}`,
  lowest: (of) => `lowest ${of}`,
  highest: (of) => `highest ${of}`,
  share: (of) => `share with ${of}`,
  first: (condition) => `the first event meets ${condition}`,
  last: (condition) => `the latest event meets ${condition}`,
  badge: (title) => `the badge “${title}”`,
  holds: (badge, isHeld) => `T${badge.slice(1)} is ${isHeld ? 'held' : 'still needed'}.`,
  attribute: (name, condition) => `the attribute “${name}” meets ${condition}`,
  cohort: (slug) => `member of the cohort “${slug}”`,
  competency: (item) => `level in “${item}”`,
  code: (slug) => `the code “${slug}” was entered`,
  attested: (rule) => `the award “${rule}” was attested on chain`,
  absence: (length) => `nothing for ${length}`,
  after: (length, event) => `${length} after ${event}`,
  ofAtLeast: (count) => `of at least ${count} events`,
  within: (length) => `within ${length}`,
  inOne: (unit) => `in one ${unit}`,
  between: (from, to) => `from ${from} to ${to}`,
  since: (event) => `since ${event}`,
  group: ({ kind, have, need }) =>
    kind === 'all' ? `All of these (${have} of ${need}).` : `At least ${need} of these (${have} so far).`,
  so: (what) => `Yes: ${what}.`,
  notSo: (what) => `Not yet: ${what}.`,
  met: (what, { kind, have, need }) =>
    REACHED.has(kind) ? `Done: at least ${short(need)} (${what}).` : `Done: ${have} of ${need} (${what}).`,
  notMet: (what, { kind, have, need }) =>
    REACHED.has(kind)
      ? `${short(have)} so far (${what}); at least ${short(need)} needed.`
      : `${have} of ${need} so far (${what}); ${need - have} more needed.`,
  open: (values) => `Still open: ${values.join(', ')}.`,
  expires: (date) => `The oldest of them stops counting after ${date}.`,
  nearMiss: (condition) => `One event came close, but did not meet ${condition}.`,
  clear: (what) => `Nothing speaks against it (${what}).`,
  against: (what, count) => `${count} ${count === 1 ? 'speaks' : 'speak'} against it (${what}).`,
  notYetLookedAt: (what) => `Nothing may speak against it (${what}); looked at when the rest is done.`,
  certainFrom: (date) => `Certain from ${date} on.`,
  missingEvents: (count) =>
    `It takes ${count} more ${count === 1 ? 'event' : 'events'} before this says anything.`,
  goesOnUntil: (date) => `It can be gone on with until ${date}.`,
  tooLate: 'That was too late: it does not count.',
  againstForGood: (what, date) => `Failed for good: since ${date} this speaks against it (${what}).`,
  countsAgainstUntil: (date) => `That counts no more after ${date}.`,
  nothingYet: (what, date) => `Nothing may speak against it until ${date} (${what}); so far nothing does.`,
  blocked: (reason, until) =>
    ({
      cap: 'The criteria are met, but all awards of this rule have been given.',
      'cap-per-person': 'The criteria are met, but nobody gets more awards of this rule.',
      cooldown:
        until === undefined
          ? 'The criteria are met, but too soon after the award before.'
          : `The criteria are met, but too soon after the award before: a further one can be met from ${until} on.`,
      'one-per-person': 'The criteria are met, but the badge is held by another road.',
    })[reason],
}

const PER_UNIT_NL: Readonly<Record<CalendarUnit, readonly [one: string, many: string]>> = {
  day: ['dag', 'dagen'],
  week: ['week', 'weken'],
  month: ['maand', 'maanden'],
  quarter: ['kwartaal', 'kwartalen'],
  year: ['jaar', 'jaren'],
}

const DUTCH: Phrases = {
  events: 'gebeurtenissen',
  values: 'verschillende',
  nominations: 'voordrachten door verschillende mensen',
  steps: 'stappen in deze volgorde',
  event: (type) => `een gebeurtenis “${type}”`,
  inARow: (unit) => `${PER_UNIT_NL[unit][1]} achter elkaar`,
  sum: (of) => `som van ${of}`,
  average: (of) => `gemiddelde van ${of}`,
  lowest: (of) => `laagste ${of}`,
  highest: (of) => `hoogste ${of}`,
  share: (of) => `aandeel met ${of}`,
  first: (condition) => `de eerste gebeurtenis voldoet aan ${condition}`,
  last: (condition) => `de laatste gebeurtenis voldoet aan ${condition}`,
  badge: (title) => `de badge “${title}”`,
  holds: (badge, isHeld) => `D${badge.slice(1)} is ${isHeld ? 'behaald' : 'nog nodig'}.`,
  attribute: (name, condition) => `het kenmerk “${name}” voldoet aan ${condition}`,
  cohort: (slug) => `lid van de groep “${slug}”`,
  competency: (item) => `niveau in “${item}”`,
  code: (slug) => `de code “${slug}” is ingevoerd`,
  attested: (rule) => `de toekenning “${rule}” is op de blockchain bevestigd`,
  absence: (length) => `niets gedurende ${length}`,
  after: (length, event) => `${length} na ${event}`,
  ofAtLeast: (count) => `van ten minste ${count} gebeurtenissen`,
  within: (length) => `binnen ${length}`,
  inOne: (unit) => `in één ${PER_UNIT_NL[unit][0]}`,
  between: (from, to) => `van ${from} tot ${to}`,
  since: (event) => `sinds ${event}`,
  group: ({ kind, have, need }) =>
    kind === 'all'
      ? `Al deze onderdelen (${have} van ${need}).`
      : `Minstens ${need} van deze onderdelen (nu ${have}).`,
  so: (what) => `Ja: ${what}.`,
  notSo: (what) => `Nog niet: ${what}.`,
  met: (what, { kind, have, need }) =>
    REACHED.has(kind)
      ? `Gehaald: minstens ${short(need)} (${what}).`
      : `Gehaald: ${have} van ${need} (${what}).`,
  notMet: (what, { kind, have, need }) =>
    REACHED.has(kind)
      ? `Nu ${short(have)} (${what}); minstens ${short(need)} nodig.`
      : `Nu ${have} van ${need} (${what}); nog ${need - have} nodig.`,
  open: (values) => `Nog open: ${values.join(', ')}.`,
  expires: (date) => `De oudste daarvan telt niet meer mee na ${date}.`,
  nearMiss: (condition) => `Eén gebeurtenis kwam dichtbij, maar voldeed niet aan ${condition}.`,
  clear: (what) => `Er is niets dat het tegenhoudt (${what}).`,
  against: (what, count) => `Dit houdt het tegen: ${count} (${what}).`,
  notYetLookedAt: (what) =>
    `Er mag niets zijn dat het tegenhoudt (${what}); dat wordt bekeken als de rest er is.`,
  certainFrom: (date) => `Zeker vanaf ${date}.`,
  missingEvents: (count) =>
    `Er ${count === 1 ? 'is' : 'zijn'} nog ${count} ${count === 1 ? 'gebeurtenis' : 'gebeurtenissen'} nodig voordat dit iets zegt.`,
  goesOnUntil: (date) => `Verdergaan kan tot en met ${date}.`,
  tooLate: 'Dat was te laat: het telt niet mee.',
  againstForGood: (what, date) => `Voorgoed mislukt: sinds ${date} houdt dit het tegen (${what}).`,
  countsAgainstUntil: (date) => `Dat telt niet meer mee na ${date}.`,
  nothingYet: (what, date) =>
    `Tot en met ${date} mag er niets zijn dat het tegenhoudt (${what}); tot nu toe is er niets.`,
  blocked: (reason, until) =>
    ({
      cap: 'Aan de criteria is voldaan, maar alle toekenningen van deze regel zijn gegeven.',
      'cap-per-person': 'Aan de criteria is voldaan, maar niemand krijgt meer toekenningen van deze regel.',
      cooldown:
        until === undefined
          ? 'Aan de criteria is voldaan, maar te kort na de vorige toekenning.'
          : `Aan de criteria is voldaan, maar te kort na de vorige toekenning: een volgende kan vanaf ${until}.`,
      'one-per-person': 'Aan de criteria is voldaan, maar de badge is al langs een andere weg behaald.',
    })[reason],
}

export const PHRASES: Readonly<Record<Language, Phrases>> = { en: ENGLISH, nl: DUTCH }
