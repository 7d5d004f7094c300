import { expect, test } from 'vitest'
import { BUSY, createDrawingQueue } from './drawing-queue.ts'

/** Something that is done when the test says so. */
function held() {
  const begun: number[] = []
  const ends: (() => void)[] = []
  const draw = (number: number) => () => {
    begun.push(number)
    return new Promise<number>((resolve) => ends.push(() => resolve(number)))
  }
  return { begun, ends, draw }
}

test('one is drawn at a time, few wait, and whoever is too many is told so at once', async () => {
  const { begun, ends, draw } = held()
  const inLine = createDrawingQueue(2)
  const three = [0, 1, 2].map((number) => inLine(draw(number)))
  expect(await inLine(draw(3))).toBe(BUSY)
  for (const number of [0, 1, 2]) {
    await expect.poll(() => begun).toEqual([0, 1, 2].slice(0, number + 1))
    ends[number]?.()
    expect(await three[number]).toBe(number)
  }
  // There is room again.
  const next = inLine(draw(4))
  await expect.poll(() => begun).toContain(4)
  ends[3]?.()
  expect(await next).toBe(4)
})

test('after one that failed the next is drawn', async () => {
  const inLine = createDrawingQueue(1)
  const failing = inLine(() => {
    throw new Error('no thread')
  })
  const next = inLine(async () => 'drawn')
  await expect(failing).rejects.toThrow('no thread')
  expect(await next).toBe('drawn')
  for (let round = 0; round < 5; round++) {
    await expect(inLine(() => Promise.reject(new Error('again')))).rejects.toThrow('again')
    expect(await inLine(async () => round)).toBe(round)
  }
})
