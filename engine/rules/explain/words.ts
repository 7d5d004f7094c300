import type {
  AchievementRef,
  Anchor,
  LeafNode,
  ResolvedRule,
  RuleNode,
} from '#engine/rules/document/rule-document.ts'
import { wholeOf } from '#engine/rules/document/rule-nodes.ts'
import { asInstant, type Instant } from '#engine/shared/instant.ts'
import { dateIn, lastMomentIn } from './moment-words.ts'
import { durationInWords, type Language, PHRASES, type Phrases } from './phrases.ts'
import { zoneOfLeaf, zoneOfRule } from './rule-zone.ts'
import type { GroupTrace, LeafTrace, Trace, TraceStatus } from './trace.ts'

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
  const zone = zoneOfRule(rule)
  tell(trace, wholeOf(rule), 0, { phrases: PHRASES[language], language, titles, zone, sentences })
  return sentences
}

interface Telling {
  readonly phrases: Phrases
  readonly language: Language
  readonly titles: ReadonlyMap<string, string>
  /** In which dates are told where a part names no zone of its own. */
  readonly zone: string
  readonly sentences: Sentence[]
}

type Node = RuleNode<AchievementRef>
type Leaf = LeafNode<AchievementRef>

function tell(trace: Trace, node: Node, depth: number, telling: Telling): void {
  const { sentences, phrases } = telling
  const say = (text: string) =>
    sentences.push({ depth, status: trace.status, text: `${nameOf(node, telling)}${text}` })
  if (!('children' in trace)) {
    say(tellLeaf(trace, node as Leaf, telling))
    return
  }
  if (trace.kind === 'not') {
    say(tellNegative(trace, node, telling))
    return
  }
  say(phrases.group(trace) + settling(trace, telling))
  childrenOf(node).forEach((child, at) => {
    const childTrace = trace.children[at]
    if (childTrace !== undefined) tell(childTrace, child, depth + 1, telling)
  })
}

function tellNegative(trace: GroupTrace, node: Node, telling: Telling): string {
  const { phrases } = telling
  const [against] = trace.children
  const what = 'not' in node ? whatOf(node.not, telling) : ''
  if (trace.status === 'met') return phrases.clear(what)
  const zone = ('not' in node ? zoneOfLeaf(node.not) : undefined) ?? telling.zone
  if (trace.status === 'settling') return phrases.clear(what) + settling(trace, { ...telling, zone })
  if (trace.against?.forGood === true) return phrases.againstForGood(what, dateIn(trace.against.since, zone))
  if (against !== undefined && against.status === 'met') {
    const until = trace.against?.until
    const ends = until === undefined ? '' : ` ${phrases.countsAgainstUntil(dateIn(before(until), zone))}`
    return phrases.against(what, against.have) + ends
  }
  return trace.until === undefined
    ? phrases.notYetLookedAt(what)
    : phrases.nothingYet(what, lastMomentIn(trace.until, zone))
}

function tellLeaf(trace: LeafTrace, leaf: Leaf, telling: Telling): string {
  const { phrases } = telling
  const what = whatOf(leaf, telling)
  const zone = zoneOfLeaf(leaf) ?? telling.zone
  const late = trace.tooLate === true ? [phrases.tooLate] : []
  if (trace.kind === 'holds') return [phrases.holds(what, trace.status === 'met'), ...late].join(' ')
  if (YES_OR_NO.has(trace.kind)) {
    const parts = [trace.status === 'met' ? phrases.so(what) : phrases.notSo(what), ...late]
    if (trace.status === 'settling') parts.push(settling(trace, { ...telling, zone }).trim())
    if (trace.nearMiss !== undefined) parts.push(phrases.nearMiss(trace.nearMiss.conjunct))
    return parts.join(' ')
  }
  if (trace.status === 'met') return [phrases.met(what, trace), ...late].join(' ')
  const parts = [phrases.notMet(what, trace)]
  if (trace.kind === 'distinctOf' && trace.missing.length > 0) parts.push(phrases.open(trace.missing))
  if (trace.missingEvents !== undefined) parts.push(phrases.missingEvents(trace.missingEvents))
  if (trace.expiresAt !== undefined) parts.push(expiry(leaf, trace.expiresAt, zone, phrases))
  if (trace.nearMiss !== undefined) parts.push(phrases.nearMiss(trace.nearMiss.conjunct))
  return parts.join(' ')
}

/** Parts that are so or not, where "1 of 1" would say nothing. */
const YES_OR_NO: ReadonlySet<string> = new Set([
  ...['first', 'last', 'absence', 'anniversary', 'attribute', 'cohort', 'code', 'attested'],
])

const settling = (
  { settlesAt }: { readonly settlesAt?: Instant },
  { phrases, zone }: Pick<Telling, 'phrases' | 'zone'>,
): string => (settlesAt === undefined ? '' : ` ${phrases.certainFrom(dateIn(settlesAt, zone))}`)

function expiry(leaf: Leaf, at: Instant, zone: string, phrases: Phrases): string {
  // A calendar period ends with the last moment before the next one; a rolling window counts to its very end.
  if ('streak' in leaf) return phrases.goesOnUntil(dateIn(before(at), zone))
  if ('sequence' in leaf) return phrases.goesOnUntil(dateIn(at, zone))
  return phrases.expires(dateIn('period' in leaf && leaf.period !== undefined ? before(at) : at, zone))
}

const before = (at: Instant): Instant => asInstant(at - 1)

function nameOf(node: Node, { language }: Telling): string {
  const name = node.name?.[language] ?? node.name?.['en'] ?? Object.values(node.name ?? {})[0]
  return name === undefined ? '' : `${name}: `
}

function childrenOf(node: Node): readonly Node[] {
  if ('all' in node) return node.all
  if ('any' in node) return node.any
  return 'nOf' in node ? node.of : []
}

/** What a leaf asks for: "events within 90 days", "the badge X", "3 months after an event “enrolled”". */
function whatOf(leaf: Leaf, telling: Telling): string {
  const { phrases, titles, language } = telling
  if ('holds' in leaf) {
    const { holds } = leaf
    return phrases.badge('foreign' in holds ? holds.foreign : (titles.get(holds.slug) ?? holds.slug))
  }
  if ('attribute' in leaf) return phrases.attribute(leaf.attribute, leaf.is)
  if ('cohort' in leaf) return phrases.cohort(leaf.cohort)
  if ('competency' in leaf) return phrases.competency(leaf.competency)
  if ('code' in leaf) return phrases.code(leaf.code)
  if ('attested' in leaf) return phrases.attested(leaf.attested)
  if ('nomination' in leaf) return phrases.nominations
  if ('sequence' in leaf) return phrases.steps + within(leaf.within, telling)
  if ('absence' in leaf)
    return phrases.absence(durationInWords(leaf.absence, language)) + since(leaf.since, telling)
  if ('anniversary' in leaf)
    return phrases.after(durationInWords(leaf.anniversary, language), anchorOf(leaf.since, telling))
  return thingOf(leaf, phrases) + fewest(leaf, phrases) + windowOf(leaf, telling)
}

/** A share of two events says little: how many there must be at least. */
const fewest = (leaf: object, phrases: Phrases): string =>
  'atLeast' in leaf && typeof leaf.atLeast === 'number' && leaf.atLeast > 1
    ? ` ${phrases.ofAtLeast(leaf.atLeast)}`
    : ''

type Counting = Exclude<
  Leaf,
  { holds: unknown } | { sequence: unknown } | { absence: string } | { anniversary: string }
>

function thingOf(leaf: Counting, phrases: Phrases): string {
  if ('event' in leaf) return phrases.event(leaf.event)
  if ('distinct' in leaf || 'distinctOf' in leaf) return phrases.values
  if ('streak' in leaf) return phrases.inARow(leaf.unit)
  if ('sum' in leaf) return phrases.sum(leaf.of)
  if ('avg' in leaf) return phrases.average(leaf.of)
  if ('min' in leaf) return phrases.lowest(leaf.of)
  if ('max' in leaf) return phrases.highest(leaf.of)
  if ('rate' in leaf) return phrases.share(leaf.of)
  if ('first' in leaf) return phrases.first(leaf.first)
  if ('last' in leaf) return phrases.last(leaf.last)
  return phrases.events
}

function windowOf(leaf: Counting, telling: Telling): string {
  const { phrases } = telling
  if ('within' in leaf && leaf.within !== undefined) return within(leaf.within, telling)
  if ('period' in leaf && leaf.period !== undefined) return ` ${phrases.inOne(leaf.period.unit)}`
  if ('range' in leaf && leaf.range !== undefined)
    return ` ${phrases.between(leaf.range.from.slice(0, 10), leaf.range.to.slice(0, 10))}`
  return 'since' in leaf ? since(leaf.since, telling) : ''
}

const within = (length: string | undefined, { phrases, language }: Telling): string =>
  length === undefined ? '' : ` ${phrases.within(durationInWords(length, language))}`

const since = (anchor: Anchor | undefined, telling: Telling): string =>
  anchor === undefined ? '' : ` ${telling.phrases.since(anchorOf(anchor, telling))}`

const anchorOf = ({ event }: Anchor, { phrases }: Telling): string =>
  event === undefined ? phrases.events : phrases.event(event)
