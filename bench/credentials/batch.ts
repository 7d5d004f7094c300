import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Benchmark } from '../benchmark.ts'
import { whole } from '../table.ts'

/** What the process of a batch tells when it is done. */
export interface BatchFound {
  readonly credentials: number
  readonly seconds: number
  /** The most that the process ever had, in bytes; and what it had before the first credential. */
  readonly peak: number
  readonly before: number
}

/** Memory of one process that issues one batch. */
export const batchBenchmark: Benchmark = {
  name: 'batch',
  about: 'the memory that 100,000 credentials in one batch take',
  run: async (pace) => {
    const credentials = pace.sideMs < 1000 ? 5000 : 100_000
    pace.progress(`${whole(credentials)} credentials in one batch`)
    const found = await inChild(credentials)
    const megabytes = (bytes: number) => `${whole(bytes / 1e6)} MB`
    if (found.peak > MOST_BYTES) throw new Error(`A batch took ${megabytes(found.peak)} of memory.`)
    return [
      {
        title: 'batch: memory of one process',
        columns: ['credentials', 'peak', 'before the first', 'a second'],
        rows: [
          [
            whole(found.credentials),
            `**${megabytes(found.peak)}**`,
            megabytes(found.before),
            whole(found.credentials / found.seconds),
          ],
        ],
        notes: [
          'A process of its own, started without a flag, that builds each credential, issues them by `issueMany()` as the issue step does (its passes, its threads), makes their leaves, hands the bytes on and forgets them, and in the end builds the Merkle tree over all leaves. The peak is the resident set, as the system counts it (`maxRSS`): Node, libraries and contexts included, and the same once more in each thread.',
          'The run fails above 300 MB.',
        ],
      },
    ]
  },
}

const MOST_BYTES = 300e6

async function inChild(credentials: number): Promise<BatchFound> {
  const child = join(import.meta.dirname, 'batch-child.ts')
  const { stdout } = await promisify(execFile)(process.execPath, [child, String(credentials)])
  return JSON.parse(stdout) as BatchFound
}
