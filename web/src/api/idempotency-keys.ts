/**
 * Keys of creating calls that have not been answered for certain. Whoever presses again after a lost connection
 * sends the same key, so that nothing is made twice.
 */
const pending = new Map<string, string>()

export interface IdempotencyTicket {
  readonly key: string
  /** Called when the server has answered: the next call like this one is a new one. */
  readonly settle: () => void
}

/** The key for this call: the one of an unanswered call with the same content, or a new one. */
export function idempotencyTicket(path: string, body: string): IdempotencyTicket {
  const call = `${path}\n${body}`
  const key = pending.get(call) ?? newKey()
  pending.set(call, key)
  return { key, settle: () => pending.delete(call) }
}

/** `crypto.randomUUID` exists in secure contexts only; this works on plain http too. */
const newKey = (): string =>
  Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join(
    '',
  )
