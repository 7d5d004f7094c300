import { Redis } from 'ioredis'
import { QueueError } from './queue-errors.ts'

const PATIENCE_MS = 5_000

/**
 * Makes sure at start that the Redis answers and keeps what it is given. With an eviction policy other than
 * `noeviction` a full one drops jobs without an error. Throws QueueError. Takes 5 s at most.
 */
export async function checkRedis(url: string): Promise<void> {
  const host = hostOf(url)
  const redis = new Redis(url, {
    lazyConnect: true,
    connectTimeout: PATIENCE_MS,
    commandTimeout: PATIENCE_MS,
    maxRetriesPerRequest: 0,
    retryStrategy: () => null,
  })
  let lastError: unknown
  redis.on('error', (error) => {
    lastError = error
  })
  try {
    await redis.connect()
    const memory = await redis.info('memory')
    const policy = /^maxmemory_policy:(\S+)/m.exec(memory)?.[1]
    if (policy !== undefined && policy !== 'noeviction')
      throw new QueueError('redis-eviction', { host, policy })
  } catch (error) {
    if (error instanceof QueueError) throw error
    const cause = lastError ?? error
    const refused = /NOAUTH|WRONGPASS|NOPERM|invalid username-password/i.test(String(cause))
    throw new QueueError(refused ? 'redis-refused' : 'redis-unreachable', { host }, cause)
  } finally {
    redis.disconnect()
  }
}

function hostOf(url: string): string {
  try {
    return new URL(url).host
  } catch {
    return 'the address given'
  }
}
