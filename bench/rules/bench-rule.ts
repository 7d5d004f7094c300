/**
 * A rule in words that every side understands: events of type `completed` with a score, of these activities or of this
 * kind of activity; so many of them, or so many different activities, within so many days.
 */
export interface BenchRule {
  readonly name: string
  readonly about: { readonly activities: readonly string[] } | { readonly activityType: string }
  readonly leastScore: number
  readonly need: number
  /** Different activities, or any events. */
  readonly counts: 'activities' | 'events'
  readonly withinDays: number
}

export const COMPLETED = 'completed'

/** In CEL. What tells most events apart stands first, which spares whoever reads from the left the rest. */
export const celOf = ({ about, leastScore }: BenchRule): string =>
  [
    'activities' in about
      ? `event.activity in ${JSON.stringify(about.activities)}`
      : `event.activityType == ${JSON.stringify(about.activityType)}`,
    `event.type == '${COMPLETED}'`,
    // A number in CEL is a double when it has a point.
    `event.score >= ${leastScore.toFixed(4)}`,
  ].join(' && ')
