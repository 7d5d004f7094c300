/** A trace of a rule as it is drawn: what was expected and what was found, as a tree. */
export interface TraceView {
  readonly kind: string
  readonly id?: string
  readonly status: 'met' | 'not_met' | 'settling'
  readonly have: number
  readonly need: number
  readonly missing: readonly string[]
  readonly evidence: number
  readonly nearMiss?: string
  readonly settlesAt?: string
  readonly expiresAt?: string
  /** Of a negative that lasts until an end: up to when it can still be broken. */
  readonly until?: string
  /** What stands against a negative. */
  readonly against?: { readonly since: string; readonly until?: string; readonly forGood: boolean }
  /** So many events more before it says anything. */
  readonly missingEvents?: number
  readonly isTooLate: boolean
  readonly children: readonly TraceView[]
}

/** Reads the tree as the API sends it. What it does not know it leaves out, so that newer rules still show. */
export function readTrace(value: unknown): TraceView {
  const trace = record(value)
  const { id, status, missingEvents } = trace
  const nearMiss = record(trace['nearMiss'])['conjunct']
  const settlesAt = time(trace['settlesAt'])
  const expiresAt = time(trace['expiresAt'])
  const until = time(trace['until'])
  const against = readAgainst(record(trace['against']))
  return {
    kind: typeof trace['kind'] === 'string' ? trace['kind'] : '',
    ...(typeof id === 'string' ? { id } : {}),
    status: status === 'met' || status === 'settling' ? status : 'not_met',
    have: count(trace['have']),
    need: count(trace['need']),
    missing: list(trace['missing']).filter((each): each is string => typeof each === 'string'),
    evidence: list(trace['evidence']).length,
    ...(typeof nearMiss === 'string' ? { nearMiss } : {}),
    ...(settlesAt === undefined ? {} : { settlesAt }),
    ...(expiresAt === undefined ? {} : { expiresAt }),
    ...(until === undefined ? {} : { until }),
    ...(against === undefined ? {} : { against }),
    ...(typeof missingEvents === 'number' ? { missingEvents } : {}),
    isTooLate: trace['tooLate'] === true,
    children: list(trace['children']).map(readTrace),
  }
}

function readAgainst(against: { readonly [member: string]: unknown }): TraceView['against'] {
  const [since, until] = [time(against['since']), time(against['until'])]
  if (since === undefined) return undefined
  return { since, ...(until === undefined ? {} : { until }), forGood: against['forGood'] === true }
}

const record = (value: unknown): { readonly [member: string]: unknown } =>
  typeof value === 'object' && value !== null ? (value as { [member: string]: unknown }) : {}

const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [])

const count = (value: unknown): number => (typeof value === 'number' ? value : 0)

/** RFC 3339 text, or milliseconds. */
function time(value: unknown): string | undefined {
  if (typeof value === 'number') return new Date(value).toISOString()
  return typeof value === 'string' ? value : undefined
}
