import { setImmediate as turn } from 'node:timers/promises'
import type { Pace } from './benchmark.ts'

/** One piece of work of one side, with what came out of it: so many units in so many milliseconds. */
export type Pass = () => Promise<{ readonly units: number; readonly ms: number }>

/**
 * Makes a pass of which only `act` is timed: what `prepare` makes lies ready before. `act` answers the units done. What it leaves to the
 * event loop it pays for itself: V8 collects the garbage of whoever never lets the loop turn as a task of its next turn, and would
 * charge it to the other side.
 */
export const pass =
  <Input>(prepare: () => Input, act: (input: Input) => number | Promise<number>): Pass =>
  async () => {
    const input = prepare()
    const from = performance.now()
    const units = await act(input)
    await turn()
    await turn()
    return { units, ms: performance.now() - from }
  }

export interface Spread {
  readonly median: number
  readonly least: number
  readonly most: number
}

export interface Comparison {
  /** Units a second. */
  readonly ours: Spread
  readonly peer: Spread
  /** Ours divided by the peer's, round by round: both sides of a round meet the same noise of the machine. */
  readonly ratio: Spread
}

type Sides<Value> = { readonly ours: Value; readonly peer: Value }

/** Measures both sides in rounds, after half a round to warm up. */
export async function compare(sides: Sides<Pass>, { rounds, sideMs }: Pace): Promise<Comparison> {
  await measureRound(sides, sideMs / 2)
  const rates: Sides<number>[] = []
  for (let round = 0; round < rounds; round++) rates.push(await measureRound(sides, sideMs))
  return {
    ours: spreadOf(rates.map(({ ours }) => ours)),
    peer: spreadOf(rates.map(({ peer }) => peer)),
    ratio: spreadOf(rates.map(({ ours, peer }) => ours / peer)),
  }
}

/**
 * Units a second of both sides. They take turns pass by pass, whichever had less time so far, until both had enough:
 * what else goes on in the machine slows both alike.
 */
async function measureRound(sides: Sides<Pass>, sideMs: number): Promise<Sides<number>> {
  const done = { ours: { units: 0, ms: 0 }, peer: { units: 0, ms: 0 } }
  for (;;) {
    const turn = done.ours.ms <= done.peer.ms ? 'ours' : 'peer'
    if (done[turn].ms >= sideMs) break
    const { units, ms } = await sides[turn]()
    done[turn] = { units: done[turn].units + units, ms: done[turn].ms + ms }
  }
  const rate = ({ units, ms }: { units: number; ms: number }) => (units * 1000) / ms
  return { ours: rate(done.ours), peer: rate(done.peer) }
}

function spreadOf(values: readonly number[]): Spread {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = (sorted.length - 1) / 2
  const median = (at(sorted, Math.floor(middle)) + at(sorted, Math.ceil(middle))) / 2
  return { median, least: at(sorted, 0), most: at(sorted, sorted.length - 1) }
}

const at = (values: readonly number[], index: number): number => values[index] ?? Number.NaN
