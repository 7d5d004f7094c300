/** Numbers below a bound that look like chance and are the same at every run (Marsaglia's xorshift, 32 bits). */
export function createChance(): (below: number) => number {
  let state = 2_463_534_242
  return (below) => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return (state >>> 0) % below
  }
}
