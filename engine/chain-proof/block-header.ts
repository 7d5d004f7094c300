import type { Hash } from '#engine/shared/hash.ts'
import { asInstant, type Instant } from '#engine/shared/instant.ts'
import { decodeRlp, type Rlp } from './rlp.ts'

/** What a block says of itself, as far as a proof needs it. */
export interface BlockHeader {
  /** All of the rest follows from it: whoever knows the hash to be of the chain knows the state. */
  readonly hash: Uint8Array
  readonly stateRoot: Uint8Array
  readonly number: number
  readonly time: Instant
}

const STATE_ROOT = 3
const NUMBER = 8
const TIMESTAMP = 11
/** Headers have had 15 members and only ever grow. */
const LEAST_MEMBERS = 15

/** Reads the RLP of a block header (Yellow Paper, section 4.4); undefined when it is none. */
export function readBlockHeader(bytes: Uint8Array, keccak256: Hash): BlockHeader | undefined {
  const header = decodeRlp(bytes)
  if (header === undefined || header instanceof Uint8Array || header.length < LEAST_MEMBERS) return undefined
  const stateRoot = header[STATE_ROOT]
  const number = wholeOf(header[NUMBER])
  const seconds = wholeOf(header[TIMESTAMP])
  if (!(stateRoot instanceof Uint8Array) || stateRoot.length !== 32) return undefined
  if (number === undefined || seconds === undefined) return undefined
  return { hash: keccak256(bytes), stateRoot, number, time: asInstant(seconds * 1000) }
}

/** A number of at most 5 bytes: exact, also in milliseconds. */
function wholeOf(value: Rlp | undefined): number | undefined {
  if (!(value instanceof Uint8Array) || value.length > 5 || value[0] === 0) return undefined
  return value.reduce((sum, byte) => sum * 256 + byte, 0)
}
