import { DAY_MS, HOUR_MS, MINUTE_MS, parseDuration } from '#engine/shared/duration.ts'
import { formatInstant, type Instant } from '#engine/shared/instant.ts'
import type { AchievementRef, EventLeaf, ResolvedRule, RuleNode } from './rule-document.ts'
import type { GroupTrace, LeafTrace, Trace, TraceStatus } from './trace.ts'

export type Language = 'nl' | 'en'

/** One line of an explanation. `depth` says how far it is indented. */
export interface Sentence {
  readonly depth: number
  readonly status: TraceStatus
  readonly text: string
}

/**
 * Says in words what a trace says in numbers, line by line, for the rule version that it was made by.
 * `titles` gives achievements their titles, by slug; without one the slug is shown.
 */
export function explainInWords(
  trace: Trace,
  rule: ResolvedRule,
  language: Language,
  titles: ReadonlyMap<string, string> = new Map(),
): readonly Sentence[] {
  const sentences: Sentence[] = []
  tell(trace, rule.when, 0, { phrases: PHRASES[language], language, titles, sentences })
  return sentences
}

interface Telling {
  readonly phrases: Phrases
  readonly language: Language
  readonly titles: ReadonlyMap<string, string>
  readonly sentences: Sentence[]
}

type Node = RuleNode<AchievementRef>

function tell(trace: Trace, node: Node, depth: number, telling: Telling): void {
  const { sentences, phrases } = telling
  const say = (text: string) =>
    sentences.push({ depth, status: trace.status, text: `${nameOf(node, telling)}${text}` })
  if ('children' in trace) {
    if (trace.kind === 'not') {
      say(tellNegative(trace, node, telling))
      return
    }
    say(phrases.group(trace) + settling(trace, phrases))
    childrenOf(node).forEach((child, at) => {
      const childTrace = trace.children[at]
      if (childTrace !== undefined) tell(childTrace, child, depth + 1, telling)
    })
    return
  }
  if (trace.kind === 'holds') {
    const slug = 'holds' in node ? node.holds.slug : ''
    say(phrases.holds(telling.titles.get(slug) ?? slug, trace.status === 'met'))
    return
  }
  say(tellLeaf(trace, leafOf(node), phrases))
}

function tellNegative(trace: GroupTrace, node: Node, { phrases }: Telling): string {
  const [against] = trace.children
  const what = 'not' in node ? whatOf(node.not, phrases) : ''
  if (trace.status === 'met') return phrases.clear(what)
  if (trace.status === 'settling') return phrases.clear(what) + settling(trace, phrases)
  if (against !== undefined && against.status === 'met') return phrases.against(what, against.have)
  return phrases.notYetLookedAt(what)
}

function tellLeaf(trace: LeafTrace, leaf: EventLeaf | undefined, phrases: Phrases): string {
  const what = leaf === undefined ? '' : whatOf(leaf, phrases)
  if (trace.status === 'met') return phrases.met(what, trace)
  const parts = [phrases.notMet(what, trace)]
  if (trace.missing.length > 0) parts.push(phrases.open(trace.missing))
  if (trace.expiresAt !== undefined) parts.push(phrases.expires(dateOf(trace.expiresAt)))
  if (trace.nearMiss !== undefined) parts.push(phrases.nearMiss(trace.nearMiss.conjunct))
  return parts.join(' ')
}

const settling = ({ settlesAt }: GroupTrace, phrases: Phrases): string =>
  settlesAt === undefined ? '' : ` ${phrases.certainFrom(dateOf(settlesAt))}`

function nameOf(node: Node, { language }: Telling): string {
  const name = node.name?.[language] ?? node.name?.['en'] ?? Object.values(node.name ?? {})[0]
  return name === undefined ? '' : `${name}: `
}

function childrenOf(node: Node): readonly Node[] {
  if ('all' in node) return node.all
  if ('any' in node) return node.any
  return 'nOf' in node ? node.of : []
}

const leafOf = (node: Node): EventLeaf | undefined =>
  'event' in node || 'count' in node || 'distinctOf' in node ? node : undefined

function whatOf(leaf: EventLeaf, phrases: Phrases): string {
  const length = leaf.within === undefined ? undefined : parseDuration(leaf.within)
  const what = 'event' in leaf ? phrases.event(leaf.event) : 'count' in leaf ? phrases.events : phrases.values
  return length === undefined ? what : `${what} ${phrases.within(phrases.length(length))}`
}

const dateOf = (at: Instant): string => formatInstant(at).slice(0, 10)

interface Phrases {
  readonly events: string
  readonly values: string
  event(type: string): string
  within(length: string): string
  length(milliseconds: number): string
  group(trace: GroupTrace): string
  holds(title: string, isHeld: boolean): string
  met(what: string, trace: LeafTrace): string
  notMet(what: string, trace: LeafTrace): string
  open(values: readonly string[]): string
  expires(date: string): string
  nearMiss(condition: string): string
  clear(what: string): string
  against(what: string, count: number): string
  notYetLookedAt(what: string): string
  certainFrom(date: string): string
}

const inUnits = (
  milliseconds: number,
  [days, hours, minutes, seconds]: readonly [string, string, string, string],
) => {
  if (milliseconds % DAY_MS === 0) return `${milliseconds / DAY_MS} ${days}`
  if (milliseconds % HOUR_MS === 0) return `${milliseconds / HOUR_MS} ${hours}`
  if (milliseconds % MINUTE_MS === 0) return `${milliseconds / MINUTE_MS} ${minutes}`
  return `${milliseconds / 1000} ${seconds}`
}

const ENGLISH: Phrases = {
  events: 'events',
  values: 'different ones',
  event: (type) => `an event “${type}”`,
  within: (length) => `within ${length}`,
  length: (milliseconds) => inUnits(milliseconds, ['days', 'hours', 'minutes', 'seconds']),
  group: ({ kind, have, need }) =>
    kind === 'all' ? `All of these (${have} of ${need}).` : `At least ${need} of these (${have} so far).`,
  holds: (title, isHeld) =>
    isHeld ? `The badge “${title}” is held.` : `The badge “${title}” is still needed.`,
  met: (what, { have, need }) => `Done: ${have} of ${need} (${what}).`,
  notMet: (what, { have, need }) => `${have} of ${need} so far (${what}); ${need - have} more needed.`,
  open: (values) => `Still open: ${values.join(', ')}.`,
  expires: (date) => `The oldest of them stops counting after ${date}.`,
  nearMiss: (condition) => `One event came close, but did not meet ${condition}.`,
  clear: (what) => `Nothing speaks against it (${what}).`,
  against: (what, count) => `${count} ${count === 1 ? 'speaks' : 'speak'} against it (${what}).`,
  notYetLookedAt: (what) => `Nothing may speak against it (${what}); looked at when the rest is done.`,
  certainFrom: (date) => `Certain from ${date} on.`,
}

const DUTCH: Phrases = {
  events: 'gebeurtenissen',
  values: 'verschillende',
  event: (type) => `een gebeurtenis “${type}”`,
  within: (length) => `binnen ${length}`,
  length: (milliseconds) => inUnits(milliseconds, ['dagen', 'uur', 'minuten', 'seconden']),
  group: ({ kind, have, need }) =>
    kind === 'all'
      ? `Al deze onderdelen (${have} van ${need}).`
      : `Minstens ${need} van deze onderdelen (nu ${have}).`,
  holds: (title, isHeld) =>
    isHeld ? `De badge “${title}” is behaald.` : `De badge “${title}” is nog nodig.`,
  met: (what, { have, need }) => `Gehaald: ${have} van ${need} (${what}).`,
  notMet: (what, { have, need }) => `Nu ${have} van ${need} (${what}); nog ${need - have} nodig.`,
  open: (values) => `Nog open: ${values.join(', ')}.`,
  expires: (date) => `De oudste daarvan telt niet meer mee na ${date}.`,
  nearMiss: (condition) => `Eén gebeurtenis kwam dichtbij, maar voldeed niet aan ${condition}.`,
  clear: (what) => `Er is niets dat het tegenhoudt (${what}).`,
  against: (what, count) => `Dit houdt het tegen: ${count} (${what}).`,
  notYetLookedAt: (what) =>
    `Er mag niets zijn dat het tegenhoudt (${what}); dat wordt bekeken als de rest er is.`,
  certainFrom: (date) => `Zeker vanaf ${date}.`,
}

const PHRASES: Readonly<Record<Language, Phrases>> = { en: ENGLISH, nl: DUTCH }
