import { setImmediate as breathe, setTimeout as sleep } from 'node:timers/promises'
import type { Log } from '#services/ports/log.ts'
import type { Step } from '#services/ports/wake-ups.ts'

/**
 * One pass of a step: claims some rows and moves them on. `more` says that rows may be left, and `pauseMs` that it is of
 * no use to look before that: a poke does not cut the pause short.
 */
export type StepPass = (signal: AbortSignal) => Promise<{ readonly more: boolean; readonly pauseMs?: number }>

export interface StepLoop {
  /** Runs passes until no rows are left; while it runs, a poke makes sure of one more pass after the present one. */
  poke(): void
  /** Settles when no pass is running. */
  idle(): Promise<void>
}

/** Runs one step, never twice at once in this process. A pass that throws ends the loop; the sweeper pokes again. */
export function createStepLoop(step: Step, pass: StepPass, signal: AbortSignal, log: Log): StepLoop {
  let running: Promise<void> | undefined
  let again = false

  async function run(): Promise<void> {
    try {
      do {
        again = false
        const { more, pauseMs = 0 } = await pass(signal)
        if (more) again = true
        await (more && pauseMs > 0 ? sleep(pauseMs, undefined, { signal }) : breathe())
      } while (again && !signal.aborted)
    } catch (error) {
      if (!signal.aborted) log.error('step.failed', { step, error })
    } finally {
      running = undefined
    }
  }

  return {
    poke() {
      if (signal.aborted) return
      again = true
      running ??= run()
    },
    idle: async () => running,
  }
}
