import { anchoringErrors } from '#engine/anchoring/anchoring-errors.ts'
import type { Hex } from '#engine/shared/bytes.ts'
import { asUnavailable, bytes, type Eip1193, faultOf, whole } from './eip1193.ts'

export interface LogFilter {
  readonly address: Hex
  /** Alternatives for each indexed position. */
  readonly topics: readonly (Hex | readonly Hex[])[]
}

export interface ChainLog {
  readonly topics: readonly Hex[]
  readonly data: Hex
  readonly block: number
}

/** Below this many blocks a refusal is not about the length of the range. */
const LEAST_BLOCKS = 64
/** So many questions are hours of waiting: whoever answers so little at once is the wrong endpoint for it. */
const MOST_QUESTIONS = 5000

/**
 * Reads all logs of a range, oldest first. Endpoints refuse ranges that are too long for them (10,000 blocks, 2,000, a
 * number of logs), each in its own words: so everything is asked for at once, after a refusal half of it, and after an
 * answer twice as much again. Throws `chain-unavailable`.
 */
export async function readLogs(
  provider: Eip1193,
  filter: LogFilter,
  range: { readonly from: number; readonly to: number },
): Promise<readonly ChainLog[]> {
  const method = 'eth_getLogs'
  const logs: ChainLog[] = []
  let blocks = range.to - range.from + 1
  let questions = 0
  for (let from = range.from; from <= range.to; ) {
    if (++questions > MOST_QUESTIONS)
      throw anchoringErrors.chainUnavailable({ method, reason: 'it answers for too few blocks at once' })
    const to = Math.min(range.to, from + blocks - 1)
    try {
      const params = [{ ...filter, fromBlock: quantityOf(from), toBlock: quantityOf(to) }]
      logs.push(...readAnswer(await provider.request({ method, params }), filter, { from, to }))
    } catch (error) {
      if (blocks <= LEAST_BLOCKS || isTooOften(error)) throw asUnavailable(error, method)
      blocks = Math.max(LEAST_BLOCKS, Math.floor(blocks / 2))
      continue
    }
    from = to + 1
    blocks *= 2
  }
  return logs
}

/** Leaves out what was not asked for: a node may send more. */
function readAnswer(
  answer: unknown,
  { address, topics: wanted }: LogFilter,
  range: { readonly from: number; readonly to: number },
): ChainLog[] {
  const method = 'eth_getLogs'
  if (!Array.isArray(answer))
    throw anchoringErrors.chainUnavailable({ method, reason: 'its answer is not a list' })
  return answer.flatMap((entry: unknown) => {
    if (typeof entry !== 'object' || entry === null) return []
    const log = entry as Readonly<Record<string, unknown>>
    if (log['removed'] === true || !Array.isArray(log['topics'])) return []
    const topics = log['topics'].map((topic) => bytes(topic, method).toLowerCase() as Hex)
    const block = whole(log['blockNumber'], method)
    const isWanted =
      bytes(log['address'], method).toLowerCase() === address.toLowerCase() &&
      block >= range.from &&
      block <= range.to &&
      wanted.every((alternatives, at) => [alternatives].flat().includes(topics[at] ?? '0x'))
    return isWanted ? [{ topics, data: bytes(log['data'], method), block }] : []
  })
}

/** A node that is asked too often is not helped by more questions. */
const isTooOften = (error: unknown): boolean =>
  /\b429\b|rate limit|too many requests/i.test(faultOf(error).message)

export const quantityOf = (number: number): string => `0x${number.toString(16)}`
