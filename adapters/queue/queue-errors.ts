/** Why the queue cannot be used; `app/` words it for the person who starts the product. */
export type QueueFault = 'redis-unreachable' | 'redis-refused' | 'redis-eviction'

export class QueueError extends Error {
  readonly fault: QueueFault
  /** Host and port, without user and password. */
  readonly host: string
  readonly policy: string | undefined

  constructor(fault: QueueFault, { host, policy }: { host: string; policy?: string }, cause?: unknown) {
    super(`Redis at ${host}: ${fault}.`, cause === undefined ? undefined : { cause })
    this.name = 'QueueError'
    this.fault = fault
    this.host = host
    this.policy = policy
  }
}
