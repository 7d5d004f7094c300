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
  readonly children: readonly TraceView[]
}

/** Reads the tree as the API sends it. What it does not know it leaves out, so that newer rules still show. */
export function readTrace(value: unknown): TraceView {
  const trace = record(value)
  const { id, status } = trace
  const nearMiss = record(trace['nearMiss'])['conjunct']
  const settlesAt = time(trace['settlesAt'])
  const expiresAt = time(trace['expiresAt'])
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
    children: list(trace['children']).map(readTrace),
  }
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
