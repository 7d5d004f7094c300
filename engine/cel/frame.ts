import type { Meter } from './meter.ts'
import type { CelResult } from './value.ts'

/** One evaluation: what it reads, the variables of its macros, and the steps that it has left. */
export interface Frame<Input> extends Meter {
  readonly input: Input
  /** A variable of `cel.bind` may be a failure, which counts where it is used. */
  readonly locals: CelResult[]
}

export type Run<Input> = (frame: Frame<Input>) => CelResult

/** How the variables of the environment are read. A reader gives undefined where there is nothing. */
export interface Binding<Input> {
  variable(name: string): ((input: Input) => CelResult | undefined) | undefined
  /** A field of a record. */
  field?(record: string, field: string): ((input: Input) => CelResult | undefined) | undefined
}
