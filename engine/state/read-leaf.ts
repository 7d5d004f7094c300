import { asInstant, type Instant } from '#engine/shared/instant.ts'
import type { LeafItem } from './leaf-state.ts'
import { type Member, membersOf, type Window } from './leaf-window.ts'
import { createTally, type Measure, needOf, type Tally } from './measure.ts'
import { END, type Span, type Timeline } from './timeline.ts'

/** How one rule reads the items of a leaf. */
export interface LeafReading {
  readonly measure: Measure
  readonly window: Window
  /** Items before this moment do not count. */
  readonly notBefore: Instant | undefined
}

/** What else a reading depends on: items of other leaves of the same subject, in order. */
export interface ReadingAid {
  /** Of the leaf that `since` names. */
  readonly anchors: readonly LeafItem[]
  /** When a penalty took away what had been reached: items up to such a moment, itself included, count no more. */
  readonly resets: readonly Instant[]
}

export const NO_AID: ReadingAid = { anchors: [], resets: [] }

export interface Met {
  readonly metAt: Instant
  /** The item that made it enough. */
  readonly by: LeafItem
  /** What made it true, in order of time. */
  readonly evidence: readonly LeafItem[]
}

/**
 * When the leaf is met. What was met once stays met, until a penalty resets it; only `last` comes and goes with its
 * items. O(items).
 */
export function spansOf(items: readonly LeafItem[], reading: LeafReading, aid: ReadingAid): Timeline {
  const spans: Span[] = []
  for (const { stretch, end } of stretchesOf(counting(items, reading), aid.resets)) {
    if (reading.measure.kind === 'last') {
      for (const span of whileMet(membersOf(stretch, reading.window, aid.anchors, true), reading.measure))
        spans.push({ ...span, to: asInstant(Math.min(span.to, end)) })
      continue
    }
    const met = firstMet(stretch, reading, aid.anchors)
    if (met !== undefined && met.metAt < end) spans.push({ from: met.metAt, to: end, certainAt: CERTAIN })
  }
  return spans.filter(({ from, to }) => from < to)
}

/** An event that has come is certain at once; one that comes late can only make it earlier. */
const CERTAIN = asInstant(-8_640_000_000_000_000)

/** The earliest moment at which the leaf is met, and by what. Undefined where it is not, or not any more. */
export function earliestMet(
  items: readonly LeafItem[],
  reading: LeafReading,
  aid: ReadingAid = NO_AID,
): Met | undefined {
  let standing: Met | undefined
  for (const { stretch, end } of stretchesOf(counting(items, reading), aid.resets)) {
    const met = firstMet(stretch, reading, aid.anchors)
    standing = met !== undefined && met.metAt < end ? met : undefined
  }
  return standing
}

/**
 * When a counting leaf first held one, two, three, … : the earliest moment for every threshold at once, as far as any was
 * reached. For `count` and `distinct`, where a threshold is a number of items or values. O(items).
 */
export function reachedAt(items: readonly LeafItem[], reading: LeafReading): readonly Instant[] {
  const members = membersOf(counting(items, reading), reading.window, [], true)
  const tally = createTally(reading.measure)
  const reached: Instant[] = []
  sweep(members, tally, (member) => {
    if (tally.have() > reached.length) reached.push(member.item.time)
    return false
  })
  return reached
}

export interface TimeMet {
  /** The item that made it enough. */
  readonly by: LeafItem
  /** As `spansOf` of the items behind those of the time before. Undefined for `last`, which comes and goes. */
  readonly timeline: Timeline | undefined
}

/**
 * Each time that it was met, counting anew behind what met it the time before; even if a penalty took that away again.
 * One sweep: O(items), and for each time the penalties behind it.
 */
export function timesMet(
  items: readonly LeafItem[],
  reading: LeafReading,
  aid: ReadingAid = NO_AID,
): readonly TimeMet[] {
  const stretches = stretchesOf(counting(items, reading), aid.resets).map(({ stretch, end }) => {
    const members = membersOf(stretch, reading.window, aid.anchors, true)
    return { end, met: metOneByOne(members, reading.measure).filter(({ time }) => time < end) }
  })
  const spans = stretches.map(({ end, met: [first] }) => (first === undefined ? [] : [spanOf(first, end)]))
  return stretches.flatMap(({ end, met }, at) =>
    met.map((by) => ({
      by,
      timeline:
        reading.measure.kind === 'last' ? undefined : [spanOf(by, end), ...spans.slice(at + 1).flat()],
    })),
  )
}

const spanOf = ({ time }: LeafItem, end: Instant): Span => ({ from: time, to: end, certainAt: CERTAIN })

function metOneByOne(members: readonly Member[], measure: Measure): readonly LeafItem[] {
  const met: LeafItem[] = []
  for (let from = 0; from < members.length; ) {
    const tally = createTally(measure)
    const held = sweep(members, tally, () => tally.isMet(), from)
    const by = held === undefined ? undefined : members[held.last]?.item
    if (held === undefined || by === undefined) break
    met.push(by)
    from = held.last + 1
  }
  return met
}

/** When a window that is open at its start holds enough: what speaks against a negative. O(items). */
export function heldSpans(items: readonly LeafItem[], reading: LeafReading, aid: ReadingAid): Timeline {
  return whileMet(membersOf(counting(items, reading), reading.window, aid.anchors, false), reading.measure)
}

export interface OpenWindow {
  /** How far it is now, in the unit of the measure. */
  readonly have: number
  readonly evidence: readonly LeafItem[]
  /** All that the window holds now, also what is no evidence. */
  readonly held: readonly LeafItem[]
  /** When the oldest of the evidence stops counting. */
  readonly expiresAt: Instant | undefined
}

/** What counts at `now` towards a window that is still open; items of the future count as well. O(items). */
export function openWindow(
  items: readonly LeafItem[],
  reading: LeafReading,
  now: Instant,
  aid: ReadingAid = NO_AID,
): OpenWindow {
  const lastReset = aid.resets.filter((reset) => reset <= now).at(-1)
  const standing = counting(items, reading).filter(({ time }) => lastReset === undefined || time > lastReset)
  const members = membersOf(standing, reading.window, aid.anchors, true).filter(({ until }) => until > now)
  const tally = createTally(reading.measure)
  for (const { item } of members) tally.add(item)
  const held = members.map(({ item }) => item)
  const evidence = evidenceOf(held, reading.measure, members.length)
  const [oldest] = evidence
  const { window } = reading
  const until = members.find(({ item }) => item === oldest)?.until
  return {
    have: tally.have(),
    evidence,
    held,
    expiresAt:
      oldest === undefined || until === undefined || until === END
        ? undefined
        : window.kind === 'rolling'
          ? asInstant(oldest.time + window.length)
          : until,
  }
}

/** What a window that ends at `at`, open at its start, holds: the items that stand against a negative. O(items). */
export function windowEndingAt(
  items: readonly LeafItem[],
  reading: LeafReading,
  at: Instant,
  aid: ReadingAid = NO_AID,
): readonly LeafItem[] {
  const held = membersOf(counting(items, reading), reading.window, aid.anchors, false)
    .filter(({ item, until }) => item.time <= at && until > at)
    .map(({ item }) => item)
  return evidenceOf(held, reading.measure, held.length)
}

function counting(items: readonly LeafItem[], { notBefore }: LeafReading): readonly LeafItem[] {
  if (notBefore === undefined) return items
  const found = items.findIndex(({ time }) => time >= notBefore)
  return found === -1 ? [] : items.slice(found)
}

interface Stretch {
  readonly stretch: readonly LeafItem[]
  /** When a penalty ends it. */
  readonly end: Instant
}

/** Penalties cut the items into stretches: each begins after a penalty and ends with the next. */
function stretchesOf(items: readonly LeafItem[], resets: readonly Instant[]): readonly Stretch[] {
  if (resets.length === 0) return [{ stretch: items, end: END }]
  const stretches: Stretch[] = []
  let from = 0
  for (const end of [...resets, END]) {
    let to = from
    while ((items[to]?.time ?? END) <= end && to < items.length) to++
    stretches.push({ stretch: items.slice(from, to), end })
    from = to
  }
  return stretches
}

function firstMet(
  items: readonly LeafItem[],
  { measure, window }: LeafReading,
  anchors: readonly LeafItem[],
): Met | undefined {
  const members = membersOf(items, window, anchors, true)
  const tally = createTally(measure)
  const held = sweep(members, tally, () => tally.isMet())
  if (held === undefined) return undefined
  const by = members[held.last]?.item
  if (by === undefined) return undefined
  const inWindow = members.slice(held.oldest, held.last + 1).map(({ item }) => item)
  return { metAt: by.time, by, evidence: evidenceOf(inWindow, measure, needOf(measure)) }
}

/**
 * Lets members enter, one by one from a place on, and those leave whose time is over when one enters; stops where `isEnough` says so, and
 * answers which members are in then. O(members).
 */
function sweep(
  members: readonly Member[],
  tally: Tally,
  isEnough: (entered: Member) => boolean,
  from = 0,
): { readonly oldest: number; readonly last: number } | undefined {
  let oldest = from
  for (let at = from; at < members.length; at++) {
    const member = members[at]
    if (member === undefined) break
    for (
      let gone = members[oldest];
      gone !== undefined && oldest < at && gone.until <= member.item.time;
      gone = members[oldest]
    ) {
      tally.remove(gone.item)
      oldest++
    }
    tally.add(member.item)
    if (isEnough(member)) return { oldest, last: at }
  }
  return undefined
}

/** The spans in which the members that count suffice. */
function whileMet(members: readonly Member[], measure: Measure): Timeline {
  const tally = createTally(measure)
  const spans: Span[] = []
  let from: Instant | undefined
  let entering = 0
  let leaving = 0
  while (entering < members.length || (leaving < entering && (members[leaving]?.until ?? END) < END)) {
    const at = asInstant(
      Math.min(
        members[entering]?.item.time ?? END,
        leaving < entering ? (members[leaving]?.until ?? END) : END,
      ),
    )
    while (leaving < entering && (members[leaving]?.until ?? END) <= at) {
      const gone = members[leaving++]
      if (gone !== undefined) tally.remove(gone.item)
    }
    while (members[entering]?.item.time === at) {
      const come = members[entering++]
      if (come !== undefined) tally.add(come.item)
    }
    if (tally.isMet()) from ??= at
    else if (from !== undefined) {
      if (from < at) spans.push({ from, to: at, certainAt: CERTAIN })
      from = undefined
    }
  }
  if (from !== undefined) spans.push({ from, to: END, certainAt: CERTAIN })
  return spans
}

function evidenceOf(items: readonly LeafItem[], measure: Measure, need: number): readonly LeafItem[] {
  switch (measure.kind) {
    case 'count':
      return items.slice(Math.max(0, items.length - need))
    case 'distinct': {
      const last = new Map<string, LeafItem>()
      for (const item of items) last.set(item.value ?? '', item)
      return items.filter((item) => last.get(item.value ?? '') === item)
    }
    case 'max':
      return items.filter(({ number = 0 }) => number >= measure.need).slice(-1)
    case 'first':
      return items.slice(0, 1)
    case 'last':
      return items.slice(-1)
    default:
      return items
  }
}
