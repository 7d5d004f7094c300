import { asInstant, type Instant } from '#engine/shared/instant.ts'

/**
 * When something is so: spans of event time, in order, none touching the next with the same certainty.
 * Everything that a rule can ask about is a timeline; groups are the algebra of them.
 */
export type Timeline = readonly Span[]

export interface Span {
  readonly from: Instant
  /** The first moment at which it is no longer so. */
  readonly to: Instant
  /** By the service's clock: when it may be said. Before that, a late event may still change it. */
  readonly certainAt: Instant
}

/** Before everything and after everything. Not `Infinity`: these go through arithmetic and JSON. */
export const BEGINNING = asInstant(-8_640_000_000_000_000)
export const END = asInstant(8_640_000_000_000_000)

export const NEVER: Timeline = []

export const since = (from: Instant, certainAt: Instant = BEGINNING): Timeline => [
  { from, to: END, certainAt },
]

/** When at least `need` of the timelines are so at once. Certain as soon as so many of them are. O(spans × timelines). */
export function atLeast(need: number, timelines: readonly Timeline[]): Timeline {
  if (timelines.length < need) return NEVER
  const [only] = timelines
  if (timelines.length === 1 && only !== undefined) return only
  const cuts = cutsOf(timelines)
  const positions = timelines.map(() => 0)
  const spans: Span[] = []
  for (let at = 0; at + 1 < cuts.length; at++) {
    const [from, to] = [cuts[at], cuts[at + 1]]
    if (from === undefined || to === undefined) break
    const certain: Instant[] = []
    timelines.forEach((timeline, index) => {
      let position = positions[index] ?? 0
      for (let span = timeline[position]; span !== undefined && span.to <= from; span = timeline[position])
        position++
      positions[index] = position
      const span = timeline[position]
      if (span !== undefined && span.from <= from) certain.push(span.certainAt)
    })
    if (certain.length < need) continue
    const certainAt = certain.sort((a, b) => a - b)[need - 1] ?? END
    append(spans, { from, to, certainAt })
  }
  return spans
}

function cutsOf(timelines: readonly Timeline[]): readonly Instant[] {
  const cuts = new Set<Instant>()
  for (const timeline of timelines)
    for (const { from, to } of timeline) {
      cuts.add(from)
      cuts.add(to)
    }
  return [...cuts].sort((a, b) => a - b)
}

function append(spans: Span[], span: Span): void {
  const last = spans.at(-1)
  if (last !== undefined && last.to === span.from && last.certainAt === span.certainAt)
    spans[spans.length - 1] = { ...last, to: span.to }
  else spans.push(span)
}

/** When it is not so. */
export function complement(timeline: Timeline): Timeline {
  const spans: Span[] = []
  let from = BEGINNING
  for (const span of timeline) {
    if (span.from > from) spans.push({ from, to: span.from, certainAt: BEGINNING })
    from = span.to
  }
  if (from < END) spans.push({ from, to: END, certainAt: BEGINNING })
  return spans
}

/** From the first moment on, for good: "what was met once stays met". A later span matters where it is certain sooner. */
export function latched(timeline: Timeline): Timeline {
  const [first] = timeline
  if (first === undefined || (timeline.length === 1 && first.to === END)) return timeline
  const spans: Span[] = []
  for (const { from, certainAt } of timeline) {
    const last = spans.at(-1)
    if (last !== undefined && last.certainAt <= certainAt) continue
    if (last !== undefined) spans[spans.length - 1] = { ...last, to: from }
    spans.push({ from, to: END, certainAt })
  }
  return spans
}

/** What of it lies in [from, to). */
export function clip(timeline: Timeline, from: Instant, to: Instant): Timeline {
  return timeline.flatMap((span) => {
    const cut = {
      from: asInstant(Math.max(span.from, from)),
      to: asInstant(Math.min(span.to, to)),
      certainAt: span.certainAt,
    }
    return cut.from < cut.to ? [cut] : []
  })
}

export const isSoAt = (timeline: Timeline, at: Instant): boolean =>
  timeline.some(({ from, to }) => from <= at && at < to)
