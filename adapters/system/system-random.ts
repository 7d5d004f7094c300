import { randomBytes, randomInt, randomUUID } from 'node:crypto'
import type { Random } from '#services/ports/random.ts'

/** The strong chance of this machine. Row ids of one process sort in the order in which they were made. */
export function createSystemRandom(now: () => number = Date.now): Random {
  const rowId = createRowIds(now)
  return {
    bytes: (length) => new Uint8Array(randomBytes(length)),
    uuid: () => randomUUID(),
    rowId,
    integer: (below) => (below === 1 ? 0 : randomInt(below)),
  }
}

const COUNTER_END = 2 ** 30

/**
 * UUIDs of version 7 (RFC 9562, section 6.2, method 1): 48 bits of time, then a counter of 30 bits that starts
 * anywhere in its lower half each millisecond, then 44 bits of chance. A clock that jumps back does not break the order.
 */
function createRowIds(now: () => number): () => string {
  let last = 0
  let counter = 0
  return () => {
    const at = now()
    if (at > last) {
      last = at
      counter = randomInt(COUNTER_END / 2)
    } else if (++counter >= COUNTER_END) {
      last++
      counter = randomInt(COUNTER_END / 2)
    }
    const time = last.toString(16).padStart(12, '0')
    const high = (counter >>> 18).toString(16).padStart(3, '0')
    const middle = (0x8000 | ((counter >>> 4) & 0x3fff)).toString(16)
    const low = (counter & 0xf).toString(16)
    const chance = randomBytes(6).toString('hex').slice(0, 11)
    return `${time.slice(0, 8)}-${time.slice(8)}-7${high}-${middle}-${low}${chance}`
  }
}
