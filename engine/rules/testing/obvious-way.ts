import { laterInZone, type PlainPeriod, periodOf } from './plain-calendar.ts'
import { type PlainEvent, type PlainPredicate, passes, standingEvents } from './plain-events.ts'

/**
 * What a rule means, written down as plainly as it can be: for every moment, look at the whole history of one person.
 * Knows nothing of the engine's trees, states, latches and timelines, nor of CEL: predicates are given as plain data.
 * The engine's answer is checked against this one.
 */
export type PlainMeasure =
  | { readonly kind: 'count'; readonly need: number }
  | { readonly kind: 'distinct'; readonly need: number; readonly values?: readonly string[] }
  | { readonly kind: 'sum'; readonly need: number }
  | { readonly kind: 'avg' | 'min' | 'max'; readonly need: number; readonly atLeast: number }
  /** The share of those with a score of at least 0.5. */
  | { readonly kind: 'rate'; readonly need: number; readonly atLeast: number }
  | { readonly kind: 'streak'; readonly need: number; readonly per: PlainPeriod; readonly perUnit: number }
  /** The first, or the latest, has a score of at least 0.5. */
  | { readonly kind: 'first' | 'last' }

export type PlainWindow =
  | { readonly kind: 'life' }
  | { readonly kind: 'rolling'; readonly length: number }
  | { readonly kind: 'period'; readonly per: PlainPeriod }
  | { readonly kind: 'range'; readonly from: number; readonly to: number }
  | { readonly kind: 'since'; readonly type: string; readonly pick: 'first' | 'last' }

export interface PlainLeaf {
  readonly kind: 'leaf'
  readonly id?: string
  readonly where: PlainPredicate
  readonly measure: PlainMeasure
  readonly window: PlainWindow
  /** Counts only if the best score of a "scored" event on the same activity, at most so far away, is this high. */
  readonly join?: {
    readonly minScore: number
    readonly within: number
    readonly pick: 'max' | 'min' | 'last'
  }
}

/** A fact that comes and goes: the latest `on` or `off` event on a topic decides. */
export interface PlainFact {
  readonly kind: 'cohort' | 'attribute'
  readonly topic: string
}

export type PlainNode =
  | PlainLeaf
  | PlainFact
  | { readonly kind: 'holds'; readonly achievement: string }
  | { readonly kind: 'sequence'; readonly steps: readonly PlainPredicate[]; readonly within?: number }
  | {
      readonly kind: 'absence'
      readonly where: PlainPredicate
      readonly length: number
      readonly since?: { readonly type: string; readonly pick: 'first' | 'last' }
    }
  | {
      readonly kind: 'anniversary'
      readonly type: string
      readonly pick: 'first' | 'last'
      readonly days: number
      readonly months: number
      readonly zone: string
    }
  | { readonly kind: 'nOf'; readonly need: number; readonly children: readonly PlainNode[] }
  | { readonly kind: 'all'; readonly children: readonly PlainNode[]; readonly nots: readonly PlainNot[] }

export interface PlainNot {
  readonly what: PlainLeaf | PlainFact
  readonly until: 'satisfied' | 'deadline' | 'period'
}

export type PlainOccurrence =
  | { readonly kind: 'once' | 'context' | 'unlimited' }
  | { readonly kind: 'period'; readonly per: PlainPeriod }

export interface PlainRule {
  readonly achievement: string
  readonly when: PlainNode
  readonly occurrence: PlainOccurrence
  readonly notBefore?: number
  readonly deadline?: number
  /** Days. Changes nothing: a later event is looked for in the whole history. */
  readonly lateness?: number
  readonly penalty?: { readonly where: PlainPredicate; readonly resets: readonly string[] }
}

/** Of one occurrence: its name, and when the rule was met. */
export interface Met {
  readonly occurrence: string
  readonly metAt: number
}

/** What each rule gives, by achievement; rules may ask for achievements of rules before them. */
export function obviousOutcome(
  rules: readonly PlainRule[],
  history: readonly PlainEvent[],
): Map<string, readonly Met[]> {
  const events = standingEvents(history)
  const held = new Map<string, number>()
  const outcome = new Map<string, readonly Met[]>()
  for (const rule of rules) {
    const found = occurrencesOf(rule, events, held)
    outcome.set(rule.achievement, found)
    const first = found[0]
    if (first !== undefined) held.set(rule.achievement, Math.min(...found.map(({ metAt }) => metAt)))
  }
  return outcome
}

function occurrencesOf(
  rule: PlainRule,
  events: readonly PlainEvent[],
  held: ReadonlyMap<string, number>,
): readonly Met[] {
  const at = (occurrence: string, counts: Look['counts'], periodEnd?: number): Met[] => {
    const metAt = earliest(rule, { rule, events, held, counts, periodEnd })
    return metAt === undefined ? [] : [{ occurrence, metAt }]
  }
  const { occurrence } = rule
  if (occurrence.kind === 'once') return at('once', () => true)
  if (occurrence.kind === 'period') {
    const labels = new Map(events.map((event) => [periodOf(event.time, occurrence.per).label, event]))
    return [...labels].flatMap(([label, event]) => {
      const { end } = periodOf(event.time, occurrence.per)
      const counts = (other: PlainEvent) => periodOf(other.time, occurrence.per).label === label
      if (!events.some((other) => counts(other) && isOfAnyLeaf(rule.when, other))) return []
      return at(`period:${label}@${occurrence.per.zone}`, counts, end)
    })
  }
  if (occurrence.kind === 'context') {
    const activities = [...new Set(events.flatMap(({ activity }) => activity ?? []))]
    return activities.flatMap((activity) => {
      const counts = (other: PlainEvent) => other.activity === activity
      if (!events.some((other) => counts(other) && isOfAnyLeaf(rule.when, other))) return []
      return at(activity, counts)
    })
  }
  return completions(rule, events, held)
}

/** Take the first events that suffice, give an award, go on behind them. */
function completions(
  rule: PlainRule,
  events: readonly PlainEvent[],
  held: ReadonlyMap<string, number>,
): readonly Met[] {
  const trigger = theLeaf(rule.when)
  if (trigger === undefined) return []
  const found: Met[] = []
  for (let from = 0; from < events.length; ) {
    const behind = events.slice(from)
    const counts = (event: PlainEvent, leaf: PlainLeaf | undefined) =>
      leaf !== trigger || behind.includes(event)
    const look: Look = { rule, events, held, counts, periodEnd: undefined }
    const by = events.findIndex(
      (event, index) => index >= from && completesAt(trigger, event, event.time, look),
    )
    const completing = events[by]
    if (completing === undefined) break
    const metAt = earliest(rule, look)
    if (metAt !== undefined) found.push({ occurrence: `${completing.source} ${completing.sourceId}`, metAt })
    from = by + 1
  }
  return found
}

/** What is looked at: one occurrence of a rule. */
interface Look {
  readonly rule: PlainRule
  readonly events: readonly PlainEvent[]
  readonly held: ReadonlyMap<string, number>
  readonly counts: (event: PlainEvent, leaf: PlainLeaf | undefined) => boolean
  readonly periodEnd: number | undefined
}

function earliest(rule: PlainRule, look: Look): number | undefined {
  const last = Math.min(rule.deadline ?? Number.POSITIVE_INFINITY, look.periodEnd ?? Number.POSITIVE_INFINITY)
  return momentsOf(look).find((moment) => moment <= last && isSo(rule.when, moment, look))
}

/** Every moment at which anything can change. */
function momentsOf(look: Look): readonly number[] {
  const known = momentsKnown.get(look)
  if (known !== undefined) return known
  const { rule, events, held, periodEnd } = look
  const moments = new Set<number>(held.values())
  if (rule.deadline !== undefined) moments.add(rule.deadline)
  if (periodEnd !== undefined) moments.add(periodEnd)
  const lengths = lengthsIn(rule.when)
  for (const { time } of events) {
    moments.add(time)
    for (const { length, calendar } of lengths) {
      if (length !== undefined) moments.add(time + length).add(time + length + 1)
      if (calendar !== undefined) moments.add(laterInZone(time, calendar))
    }
    for (const per of periodsIn(rule.when)) moments.add(periodOf(time, per).end)
  }
  const inOrder = [...moments].sort((a, b) => a - b)
  momentsKnown.set(look, inOrder)
  return inOrder
}

const momentsKnown = new WeakMap<Look, readonly number[]>()

function isSo(node: PlainNode, moment: number, look: Look): boolean {
  switch (node.kind) {
    case 'holds':
      return (look.held.get(node.achievement) ?? Number.POSITIVE_INFINITY) <= moment
    case 'cohort':
    case 'attribute':
      return isFact(node, moment, look)
    case 'nOf':
      return node.children.filter((child) => isSo(child, moment, look)).length >= node.need
    case 'all':
      if (node.nots.length === 0) return node.children.every((child) => isSo(child, moment, look))
      return momentsOf(look).some(
        (at) =>
          at <= moment &&
          node.children.every((child) => isSo(child, at, look)) &&
          node.nots.every((not) => isClear(not, at, look)),
      )
    case 'leaf':
      return isLeafSo(node, moment, look)
    case 'sequence':
      return isSequenceSo(node, moment, look)
    case 'absence':
      return isAbsenceSo(node, moment, look)
    case 'anniversary': {
      const anchors = ownEvents(look).filter(({ type }) => type === node.type)
      return anchors.some(({ time }, index) => {
        const at = laterInZone(time, node)
        const isFirst =
          node.pick === 'first' ? index === 0 : !anchors.slice(index + 1).some((next) => next.time <= at)
        return isFirst && at <= moment
      })
    }
  }
}

const ownEvents = ({ rule, events, counts }: Look, leaf?: PlainLeaf): readonly PlainEvent[] =>
  events.filter((event) => event.time >= (rule.notBefore ?? Number.NEGATIVE_INFINITY) && counts(event, leaf))

function isFact(fact: PlainFact, moment: number, { events }: Look): boolean {
  const last = events
    .filter(({ type, activity, time }) => type === fact.kind && activity === fact.topic && time <= moment)
    .at(-1)
  return last?.isOn === true
}

function isClear({ what, until }: PlainNot, moment: number, look: Look): boolean {
  const isAgainst = (at: number) =>
    what.kind === 'leaf' ? suffices(what, openWindowAt(what, at, look)) : isFact(what, at, look)
  if (until === 'satisfied') return !isAgainst(moment)
  const end = until === 'deadline' ? look.rule.deadline : look.periodEnd
  if (end === undefined || moment < end) return false
  return !isAgainst(until === 'deadline' ? end : end - 1)
}

function isLeafSo(leaf: PlainLeaf, moment: number, look: Look): boolean {
  if (leaf.measure.kind === 'last') {
    const counted = closedWindow(leaf, undefined, moment, look)
    return counted.length > 0 && suffices(leaf, counted)
  }
  return look.events.some((event) => event.time <= moment && completesAt(leaf, event, moment, look))
}

/** Whether the window that ends with this event suffices, as things stand at the moment. */
function completesAt(leaf: PlainLeaf, event: PlainEvent, moment: number, look: Look): boolean {
  const counted = closedWindow(leaf, event, moment, look)
  return counted.includes(event) && suffices(leaf, counted)
}

/** What has not been taken away by a penalty, up to an event, or up to the moment where no event is named. */
function closedWindow(
  leaf: PlainLeaf,
  last: PlainEvent | undefined,
  moment: number,
  look: Look,
): readonly PlainEvent[] {
  const { penalty } = look.rule
  const resets =
    penalty === undefined || leaf.id === undefined || !penalty.resets.includes(leaf.id)
      ? []
      : look.events.filter((event) => look.counts(event, undefined) && passes(penalty.where, event))
  const isLasting = (from: number) => !resets.some(({ time }) => time >= from && time <= moment)
  const end = last?.time ?? moment
  const upTo = last === undefined ? look.events : look.events.slice(0, look.events.indexOf(last) + 1)
  return upTo.filter(
    (event) =>
      event.time <= moment &&
      isLasting(event.time) &&
      isMatch(leaf, event, look) &&
      isInWindow(leaf.window, event.time, end, look, true),
  )
}

const openWindowAt = (leaf: PlainLeaf, moment: number, look: Look): readonly PlainEvent[] =>
  look.events.filter(
    (event) =>
      event.time <= moment &&
      isMatch(leaf, event, look) &&
      isInWindow(leaf.window, event.time, moment, look, false),
  )

function isMatch(leaf: PlainLeaf, event: PlainEvent, look: Look): boolean {
  if (!ownEvents(look, leaf).includes(event) || !isCounted(leaf, event)) return false
  if (leaf.join === undefined) return true
  const { within, minScore, pick } = leaf.join
  const scores = look.events
    .filter(
      ({ type, activity }) => type === 'scored' && activity !== undefined && activity === event.activity,
    )
    .filter(({ time }) => Math.abs(time - event.time) <= within)
    .flatMap(({ score }) => score ?? [])
  if (scores.length === 0) return false
  const picked = pick === 'last' ? scores.at(-1) : pick === 'max' ? Math.max(...scores) : Math.min(...scores)
  return (picked ?? 0) >= minScore
}

/** Whether the event is one that the leaf asks for, and has what the leaf counts. */
function isCounted({ where, measure }: PlainLeaf, event: PlainEvent): boolean {
  if (!passes(where, event)) return false
  if (needsScore(measure) && event.score === undefined) return false
  if (measure.kind !== 'distinct') return true
  return (
    event.activity !== undefined && (measure.values === undefined || measure.values.includes(event.activity))
  )
}

const needsScore = ({ kind }: PlainMeasure): boolean => ['sum', 'avg', 'min', 'max'].includes(kind)

function isInWindow(window: PlainWindow, at: number, end: number, look: Look, isClosed: boolean): boolean {
  switch (window.kind) {
    case 'life':
      return true
    case 'rolling':
      return isClosed ? at >= end - window.length : at > end - window.length
    case 'period':
      return periodOf(at, window.per).label === periodOf(end, window.per).label
    case 'range':
      return window.from <= at && at < window.to
    case 'since': {
      const anchors = look.events.filter(
        (event) => look.counts(event, undefined) && event.type === window.type && event.time <= end,
      )
      const anchor = window.pick === 'first' ? anchors[0] : anchors.at(-1)
      return anchor !== undefined && at >= anchor.time
    }
  }
}

function suffices({ measure }: PlainLeaf, events: readonly PlainEvent[]): boolean {
  const scores = events.flatMap(({ score }) => score ?? [])
  const isGood = (event: PlainEvent | undefined) => (event?.score ?? 0) >= 0.5
  switch (measure.kind) {
    case 'count':
      return events.length >= measure.need
    case 'distinct':
      return new Set(events.map(({ activity }) => activity)).size >= measure.need
    case 'sum':
      return tenths(scores) >= Math.round(measure.need * 10)
    case 'avg':
      return (
        scores.length > 0 &&
        scores.length >= measure.atLeast &&
        tenths(scores) * 10 >= Math.round(measure.need * 100) * scores.length
      )
    case 'min':
      return (
        scores.length > 0 &&
        scores.length >= measure.atLeast &&
        scores.every((score) => score >= measure.need)
      )
    case 'max':
      return scores.length >= measure.atLeast && scores.some((score) => score >= measure.need)
    case 'rate':
      return (
        events.length > 0 &&
        events.length >= measure.atLeast &&
        events.filter(isGood).length * 100 >= Math.round(measure.need * 100) * events.length
      )
    case 'streak':
      return isStreak(measure, events)
    case 'first':
      return isGood(events[0])
    case 'last':
      return isGood(events.at(-1))
  }
}

/** Scores have one decimal: whole tenths add up exactly. */
const tenths = (scores: readonly number[]): number =>
  scores.reduce((total, score) => total + Math.round(score * 10), 0)

function isStreak(
  { need, per, perUnit }: Extract<PlainMeasure, { kind: 'streak' }>,
  events: readonly PlainEvent[],
): boolean {
  const last = events.at(-1)
  if (last === undefined) return false
  let moment = last.time
  for (let run = 0; run < need; run++) {
    const { label, start } = periodOf(moment, per)
    if (events.filter(({ time }) => periodOf(time, per).label === label).length < perUnit) return false
    moment = start - 1
  }
  return true
}

function isSequenceSo(
  { steps, within }: Extract<PlainNode, { kind: 'sequence' }>,
  moment: number,
  look: Look,
): boolean {
  const events = ownEvents(look).filter(({ time }) => time <= moment)
  const from = (step: number, index: number, begin: number | undefined): boolean => {
    const predicate = steps[step]
    if (predicate === undefined) return true
    return events.some(
      (event, at) =>
        at > index &&
        passes(predicate, event) &&
        (within === undefined || begin === undefined || event.time - begin <= within) &&
        from(step + 1, at, begin ?? event.time),
    )
  }
  return from(0, -1, undefined)
}

function isAbsenceSo(
  { where, length, since }: Extract<PlainNode, { kind: 'absence' }>,
  moment: number,
  look: Look,
): boolean {
  const own = ownEvents(look)
  const events = own.filter((event) => passes(where, event))
  const anchors = since === undefined ? events : own.filter(({ type }) => type === since.type)
  const begin = anchors[0]?.time
  if (begin === undefined) return false
  const breaks = [...events, ...(since?.pick === 'last' ? anchors : [])]
    .map(({ time }) => time)
    .filter((time) => time > begin)
  return [begin, ...breaks].some(
    (from) => from + length <= moment && !breaks.some((time) => time > from && time <= from + length),
  )
}

/** The one leaf that counts events, where there is one. */
function theLeaf(node: PlainNode): PlainLeaf | undefined {
  if (node.kind === 'leaf') return node
  if (!('children' in node)) return undefined
  for (const child of node.children) {
    const found = theLeaf(child)
    if (found !== undefined) return found
  }
  return undefined
}

/** Whether the event is one that a positive part counts, what is joined to it left aside. */
function isOfAnyLeaf(node: PlainNode, event: PlainEvent): boolean {
  if ('children' in node) return node.children.some((child) => isOfAnyLeaf(child, event))
  if (node.kind === 'sequence') return node.steps.some((step) => passes(step, event))
  if (node.kind === 'anniversary') return event.type === node.type
  if (node.kind === 'leaf') return isCounted(node, event)
  return node.kind === 'absence' && passes(node.where, event)
}

interface Length {
  readonly length?: number
  readonly calendar?: { readonly days: number; readonly months: number; readonly zone: string }
}

function lengthsIn(node: PlainNode): readonly Length[] {
  if (node.kind === 'all')
    return [
      ...node.children.flatMap(lengthsIn),
      ...node.nots.flatMap(({ what }) => (what.kind === 'leaf' ? lengthsIn(what) : [])),
    ]
  if (node.kind === 'nOf') return node.children.flatMap(lengthsIn)
  if (node.kind === 'absence') return [{ length: node.length }]
  if (node.kind === 'anniversary') return [{ calendar: node }]
  return node.kind === 'leaf' && node.window.kind === 'rolling' ? [{ length: node.window.length }] : []
}

function periodsIn(node: PlainNode): readonly PlainPeriod[] {
  if (node.kind === 'all')
    return [
      ...node.children.flatMap(periodsIn),
      ...node.nots.flatMap(({ what }) => (what.kind === 'leaf' ? periodsIn(what) : [])),
    ]
  if (node.kind === 'nOf') return node.children.flatMap(periodsIn)
  return node.kind === 'leaf' && node.window.kind === 'period' ? [node.window.per] : []
}
