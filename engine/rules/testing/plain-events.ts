/** An event as the obvious way of computing sees it. */
export interface PlainEvent {
  readonly source: string
  readonly sourceId: string
  readonly type: string
  readonly time: number
  readonly activity?: string
  readonly score?: number
  readonly voids?: string
  /** Of a fact: whether it holds from now on. */
  readonly isOn?: boolean
}

export interface PlainPredicate {
  readonly types: readonly string[]
  readonly activities?: readonly string[]
  readonly minScore?: number
}

export function passes(
  { types, activities, minScore }: PlainPredicate,
  { type, activity, score }: PlainEvent,
): boolean {
  if (!types.includes(type)) return false
  if (activities !== undefined && (activity === undefined || !activities.includes(activity))) return false
  return minScore === undefined || (score !== undefined && score >= minScore)
}

/** Those that were not taken back, each once, in the order of (time, source, source id). */
export function standingEvents(history: readonly PlainEvent[]): readonly PlainEvent[] {
  const isVoided = (event: PlainEvent) =>
    history.some(({ source, voids }) => source === event.source && voids === event.sourceId)
  const isRepeated = (event: PlainEvent, at: number) =>
    history.findIndex(({ source, sourceId }) => source === event.source && sourceId === event.sourceId) !== at
  return history
    .filter((event, at) => !isVoided(event) && !isRepeated(event, at))
    .sort((a, b) => a.time - b.time || order(a.source, b.source) || order(a.sourceId, b.sourceId))
}

const order = (a: string, b: string): number => (a === b ? 0 : a < b ? -1 : 1)
