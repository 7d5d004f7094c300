/** What `npm run bench` runs by its name. A file a benchmark; `bench/run.ts` lists them. */
export interface Benchmark {
  readonly name: string
  /** What is measured, beside which peer. */
  readonly about: string
  /** Throws when the two sides do not come to the same result: then no rate means anything. */
  run(pace: Pace): Promise<readonly Table[]>
}

/** How long to measure. */
export interface Pace {
  readonly rounds: number
  /** The least that one side is measured in one round, in milliseconds. */
  readonly sideMs: number
  /** Tells whoever waits. */
  progress(what: string): void
}

export interface Table {
  readonly title: string
  readonly columns: readonly string[]
  readonly rows: readonly (readonly string[])[]
  /** What the two sides do, and what the figures leave out. */
  readonly notes: readonly string[]
}
