import { expect, test } from 'vitest'
import { printInTurn } from './print-in-turn.ts'

test('papers are printed one at a time, and who comes when the line is full is told to come again', async () => {
  let printing = 0
  let most = 0
  const print = printInTurn(async () => {
    printing += 1
    most = Math.max(most, printing)
    await new Promise((resolve) => setImmediate(resolve))
    printing -= 1
    return new Uint8Array()
  }, 3)
  const asked = await Promise.allSettled(Array.from({ length: 9 }, () => print({} as never, {} as never)))
  expect(most).toBe(1)
  expect(asked.filter(({ status }) => status === 'fulfilled')).toHaveLength(4)
  for (const each of asked)
    if (each.status === 'rejected') expect(each.reason).toMatchObject({ code: 'unavailable' })
  await expect(print({} as never, {} as never)).resolves.toHaveLength(0)
})
