/** What a dry run found, as it is shown. Its shape is told in docs/rules-life-cycle.md. */
export interface DryRunResult {
  readonly events: number
  readonly wouldAward: number
  readonly alreadyAwarded: number
  /** Of those who would be awarded: named by events, and by nothing else. */
  readonly notKnown: number
  readonly skipped: number
  readonly sample: readonly DryRunPerson[]
  readonly nearMisses: readonly NearMiss[]
  readonly difference?: {
    readonly version: number
    readonly gained: number
    readonly lost: number
    readonly gainedSample: readonly DryRunPerson[]
    readonly lostSample: readonly DryRunPerson[]
  }
}

export interface DryRunPerson {
  /** Undefined for somebody whom nobody knows yet. */
  readonly subjectId?: string
  readonly metAt?: string
  readonly trace: unknown
  readonly words: { readonly en: readonly string[]; readonly nl: readonly string[] }
}

export interface NearMiss {
  readonly part: string
  readonly path: string
  readonly condition: string
  readonly people: number
}

/** Undefined until the job has looked at somebody. What is not there counts as nothing. */
export function readDryRunResult(value: unknown): DryRunResult | undefined {
  const result = record(value)
  if (typeof result['events'] !== 'number') return undefined
  const difference = record(result['difference'])
  const samples = record(difference['sample'])
  return {
    events: count(result['events']),
    wouldAward: count(result['wouldAward']),
    alreadyAwarded: count(result['alreadyAwarded']),
    notKnown: count(result['notKnown']),
    skipped: list(result['skipped']).length,
    sample: list(result['sample']).map(readPerson),
    nearMisses: list(result['nearMisses']).map(readNearMiss),
    ...(typeof difference['version'] === 'number'
      ? {
          difference: {
            version: difference['version'],
            gained: count(difference['wouldAward']),
            lost: count(difference['wouldNoLongerAward']),
            gainedSample: list(samples['wouldAward']).map(readPerson),
            lostSample: list(samples['wouldNoLongerAward']).map(readPerson),
          },
        }
      : {}),
  }
}

function readPerson(value: unknown): DryRunPerson {
  const { subjectId, metAt, trace, words } = record(value)
  const { en, nl } = record(words)
  return {
    ...(typeof subjectId === 'string' ? { subjectId } : {}),
    ...(typeof metAt === 'string' ? { metAt } : {}),
    trace,
    words: { en: list(en).map(text), nl: list(nl).map(text) },
  }
}

function readNearMiss(value: unknown): NearMiss {
  const { leaf, path, conjunct, people } = record(value)
  return { part: text(leaf), path: text(path), condition: text(conjunct), people: count(people) }
}

const record = (value: unknown): { readonly [member: string]: unknown } =>
  typeof value === 'object' && value !== null ? (value as { [member: string]: unknown }) : {}

const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [])

const count = (value: unknown): number => (typeof value === 'number' ? value : 0)

const text = (value: unknown): string => (typeof value === 'string' ? value : '')
