import type { Hex } from '#engine/shared/bytes.ts'
import { create, gasOf, type Payer } from './gas-used.ts'

/** Makes a contract of six bytes: TIMESTAMP, PUSH1 0, CALLDATALOAD, SSTORE, STOP. */
const SLOT_WRITER: Hex = '0x6006600a5f3960065ff3426000355500'
const SLOT: Hex = `0x${'a5'.repeat(32)}`

export type Floor = Awaited<ReturnType<typeof measureFloor>>

/** The least that a transaction costs that puts something into one slot, named by 32 bytes: a new one, and a written one. */
export async function measureFloor(payer: Payer, pass: (seconds: number) => void) {
  const { at } = await create(payer, SLOT_WRITER)
  const write = () => gasOf(payer, { to: at, data: SLOT })
  const newSlot = await write()
  // What is written is the time: another one, or nothing would be written.
  pass(1)
  return { newSlot, writtenSlot: await write() }
}
