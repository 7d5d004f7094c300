import type { Step } from '#services/ports/wake-ups.ts'

/**
 * One pass of a step: claims some rows and moves them on. `more` says that rows may be left, `pauseMs` when to look.
 * The signal says that the process is about to end.
 */
export type Pass = (signal?: AbortSignal) => Promise<{ readonly more: boolean; readonly pauseMs?: number }>

/** The door of the queue: which use case answers to which wake-up. A wake-up carries nothing; the rows say what to do. */
export const createSteps = (passes: Readonly<Record<Step, Pass>>): Readonly<Record<Step, Pass>> => passes
