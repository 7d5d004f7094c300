import { equalBytes } from '#engine/shared/bytes.ts'
import type { IdempotencyStore, StoredAnswer } from '#services/ports/idempotency.ts'

const ABANDONED_AFTER_MS = 60_000

interface Entry {
  readonly requestDigest: Uint8Array
  readonly ticket: string
  readonly startedAt: number
  readonly answer?: StoredAnswer
}

/** Remembers in this process only. `now` in milliseconds. */
export function fakeIdempotencyStore(now: () => number = Date.now): IdempotencyStore {
  const entries = new Map<string, Entry>()
  let tickets = 0
  const nameOf = (scope: string, key: string) => JSON.stringify([scope, key])
  const held = (name: string, ticket: string) => {
    const entry = entries.get(name)
    return entry?.ticket === ticket && entry.answer === undefined ? entry : undefined
  }
  return {
    async begin(scope, key, requestDigest) {
      const entry = entries.get(nameOf(scope, key))
      const isDead = entry?.answer === undefined && now() - (entry?.startedAt ?? 0) > ABANDONED_AFTER_MS
      if (entry !== undefined && !isDead) {
        if (!equalBytes(entry.requestDigest, requestDigest)) return { kind: 'mismatch' }
        return entry.answer === undefined ? { kind: 'in-progress' } : { kind: 'replay', answer: entry.answer }
      }
      tickets += 1
      const ticket = String(tickets)
      entries.set(nameOf(scope, key), { requestDigest, ticket, startedAt: now() })
      return { kind: 'new', ticket }
    },
    async complete(scope, key, ticket, answer) {
      const entry = held(nameOf(scope, key), ticket)
      if (entry !== undefined) entries.set(nameOf(scope, key), { ...entry, answer })
    },
    async abandon(scope, key, ticket) {
      if (held(nameOf(scope, key), ticket) !== undefined) entries.delete(nameOf(scope, key))
    },
  }
}
