import { createPostgresBackend, createRedisBackend, type Queue, type Worker, withBackend } from 'bullmq'
import type { Step } from '#services/ports/wake-ups.ts'

/** Where the queue lives: on Redis where there is one, else on the product's own PostgreSQL. */
export interface QueueAddress {
  /** The role must own, or be allowed to create, the schema `bullmq`. */
  readonly databaseUrl: string
  readonly redisUrl?: string | undefined
}

export type WakeUpQueue = Pick<
  Queue<null, void, Step>,
  'add' | 'removeDeduplicationKey' | 'on' | 'waitUntilReady' | 'close'
>
export type WakeUpConsumer = Pick<Worker<null, void, Step>, 'on' | 'run' | 'waitUntilReady' | 'close'>

/** No ':' in it: BullMQ keeps that for itself. */
const NAME = 'wake-ups'
const SCHEMA = 'bullmq'

/** A wake-up that nobody has taken for this long counts as lost, and the next one is let through. */
export const COALESCE_MS = 5_000

/** Opens the sending side. On PostgreSQL it makes its tables once ready. */
export function openQueue(address: QueueAddress): WakeUpQueue {
  const defaultJobOptions = { removeOnComplete: true, removeOnFail: true, attempts: 1 }
  if (address.redisUrl !== undefined) {
    const { Queue } = withBackend(createRedisBackend)
    return new Queue<null, void, Step>(NAME, { connection: redis(address.redisUrl), defaultJobOptions })
  }
  const { Queue } = withBackend(createPostgresBackend)
  const connection = postgres(address.databaseUrl)
  return new Queue<null, void, Step>(NAME, { connection, defaultJobOptions }) as unknown as WakeUpQueue
}

/** Opens the receiving side; `take` gets each wake-up, and returns soon. Starts with `run()`. */
export function openConsumer(address: QueueAddress, take: (step: Step) => Promise<void>): WakeUpConsumer {
  const processor = async (job: { readonly name: string }) => take(job.name as Step)
  const settings = { autorun: false, concurrency: 4, runRetryDelay: 1_000, drainDelay: 2 }
  if (address.redisUrl !== undefined) {
    const { Worker } = withBackend(createRedisBackend)
    return new Worker<null, void, Step>(NAME, processor, { connection: redis(address.redisUrl), ...settings })
  }
  const { Worker } = withBackend(createPostgresBackend)
  const connection = postgres(address.databaseUrl)
  return new Worker<null, void, Step>(NAME, processor, {
    connection,
    ...settings,
  }) as unknown as WakeUpConsumer
}

const redis = (url: string) => ({ url, maxRetriesPerRequest: null, connectTimeout: 5_000 })

/** Small pools: every process holds two of them, and the stores hold theirs. */
const postgres = (connectionString: string) => ({
  connectionString,
  schema: SCHEMA,
  migrate: true,
  max: 2,
  connectionTimeoutMillis: 5_000,
  keepAlive: true,
})
