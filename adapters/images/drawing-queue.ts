/** What stands in line already is enough: somebody who comes now would be gone before it is their turn. */
export const BUSY = 'busy'

/**
 * Does one thing at a time, and keeps few waiting, each of which holds memory. One that fails is the matter of whoever asked for it:
 * the next one has its turn all the same.
 */
export function createDrawingQueue(mostWaiting: number) {
  let waiting = 0
  let last: Promise<unknown> = Promise.resolve()
  return async <T>(draw: () => Promise<T>): Promise<T | typeof BUSY> => {
    if (waiting > mostWaiting) return BUSY
    waiting += 1
    const drawn = last.then(draw).finally(() => {
      waiting -= 1
    })
    last = drawn.catch(() => undefined)
    return drawn
  }
}
