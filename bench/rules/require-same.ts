/** Throws where a side counted otherwise: then no rate means anything. */
export function requireSame(side: string, found: readonly number[], expected: readonly number[]): void {
  if (found.length !== expected.length)
    throw new Error(`${side} has ${found.length} results where there are ${expected.length}.`)
  const place = found.findIndex((count, index) => count !== expected[index])
  if (place !== -1)
    throw new Error(`${side} found ${found[place]} of number ${place} where there are ${expected[place]}.`)
}
