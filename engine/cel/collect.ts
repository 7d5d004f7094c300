import type { Run } from './frame.ts'
import type { CelFunction } from './functions.ts'
import { CelFailure, CelOptional, type CelValue, MISFIT } from './value.ts'

/** The values of several parts; the first failure is the failure of all. */
export function collect<Input>(items: readonly Run<Input>[]): Run<Input> {
  return (frame) => {
    const values: CelValue[] = []
    for (const item of items) {
      const value = item(frame)
      if (value instanceof CelFailure) return value
      values.push(value)
    }
    return values
  }
}

/** As `collect`, where some of the parts are optionals that may have no value. */
export function collectOptional<Input>(
  items: readonly Run<Input>[],
  optional: ReadonlySet<number>,
): Run<Input> {
  return (frame) => {
    const values: CelValue[] = []
    for (const [index, item] of items.entries()) {
      const value = item(frame)
      if (value instanceof CelFailure) return value
      if (!optional.has(index)) values.push(value)
      else if (!(value instanceof CelOptional)) return MISFIT
      else if (value.value !== undefined) values.push(value.value)
    }
    return values
  }
}

export function apply<Input>(operate: CelFunction, args: readonly Run<Input>[]): Run<Input> {
  const collected = collect(args)
  return (frame) => {
    const values = collected(frame)
    return values instanceof CelFailure ? values : operate(values as readonly CelValue[], frame)
  }
}
