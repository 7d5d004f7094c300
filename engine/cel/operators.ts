import { type ArithmeticName, calculate } from './arithmetic.ts'
import { areEqual } from './equal.ts'
import type { Frame, Run } from './frame.ts'
import type { Meter } from './meter.ts'
import { compareValues } from './order.ts'
import { matchText, readPattern } from './pattern.ts'
import type { CelResult, CelValue } from './value.ts'
import { CelFailure, CelOptional, MISFIT } from './value.ts'

/** The closures of operators. Where JSON gives doubles, texts and truth values, nothing is looked up. */

export function unary<Input>(run: Run<Input>, operate: (value: CelValue) => CelResult): Run<Input> {
  return (frame) => {
    const value = run(frame)
    return value instanceof CelFailure ? value : operate(value)
  }
}

export function binary<Input>(
  left: Run<Input>,
  right: Run<Input>,
  operate: (a: CelValue, b: CelValue, meter: Meter) => CelResult,
): Run<Input> {
  return (frame) => {
    const a = left(frame)
    if (a instanceof CelFailure) return a
    const b = right(frame)
    return b instanceof CelFailure ? b : operate(a, b, frame)
  }
}

/** `&&` and `||` need only one side to know: the other may fail. CEL's logic is symmetric in this. */
export function junction<Input>(left: Run<Input>, right: Run<Input>, decisive: boolean): Run<Input> {
  return (frame) => {
    const a = left(frame)
    if (a === decisive) return decisive
    const b = right(frame)
    if (b === decisive) return decisive
    if (a instanceof CelFailure) return a
    if (b instanceof CelFailure) return b
    return typeof a === 'boolean' && typeof b === 'boolean' ? !decisive : MISFIT
  }
}

/** Doubles are what JSON has: each operator knows them by heart. */
export function arithmetic<Input>(name: ArithmeticName, left: Run<Input>, right: Run<Input>): Run<Input> {
  const onDoubles = DOUBLES[name]
  return (frame) => {
    const a = left(frame)
    if (a instanceof CelFailure) return a
    const b = right(frame)
    if (b instanceof CelFailure) return b
    if (onDoubles !== undefined && typeof a === 'number' && typeof b === 'number') return onDoubles(a, b)
    return calculate(name, a, b, frame)
  }
}

const DOUBLES: Readonly<Partial<Record<ArithmeticName, (a: number, b: number) => number>>> = {
  '_+_': (a, b) => a + b,
  '_-_': (a, b) => a - b,
  '_*_': (a, b) => a * b,
  '_/_': (a, b) => a / b,
}

const NO_TRUTH = new CelFailure('the condition of "? :" gives neither true nor false')

export function choice<Input>(test: Run<Input>, yes: Run<Input>, no: Run<Input>): Run<Input> {
  return (frame) => {
    const truth = test(frame)
    if (truth === true) return yes(frame)
    if (truth === false) return no(frame)
    return truth instanceof CelFailure ? truth : NO_TRUTH
  }
}

export function equalToConstant<Input>(run: Run<Input>, constant: CelValue, whenEqual: boolean): Run<Input> {
  if (typeof constant === 'string' || typeof constant === 'boolean')
    return (frame) => {
      const value = run(frame)
      return value instanceof CelFailure ? value : (value === constant) === whenEqual
    }
  return (frame) => {
    const value = run(frame)
    if (value instanceof CelFailure) return value
    if (typeof value === typeof constant && typeof value !== 'object')
      return (value === constant) === whenEqual
    const equal = areEqual(value, constant, frame)
    return typeof equal === 'boolean' ? equal === whenEqual : equal
  }
}

type OrderName = '_<_' | '_<=_' | '_>_' | '_>=_'
type ComparisonName = OrderName | '_==_' | '_!=_'

export function order<Input>(name: OrderName, left: Run<Input>, right: Run<Input>): Run<Input> {
  const onDoubles = COMPARED[name]
  return (frame) => {
    const a = left(frame)
    if (a instanceof CelFailure) return a
    const b = right(frame)
    if (b instanceof CelFailure) return b
    if (typeof a === 'number' && typeof b === 'number') return onDoubles(a, b)
    const sign = compareValues(a, b, frame)
    return typeof sign === 'number' ? onDoubles(sign, 0) : sign
  }
}

export const COMPARED: Readonly<Record<ComparisonName, (a: number, b: number) => boolean>> = {
  '_==_': (a, b) => a === b,
  '_!=_': (a, b) => a !== b,
  '_<_': (a, b) => a < b,
  '_<=_': (a, b) => a <= b,
  '_>_': (a, b) => a > b,
  '_>=_': (a, b) => a >= b,
}

export const isComparison = (name: string): name is ComparisonName => Object.hasOwn(COMPARED, name)

export function inTexts<Input>(run: Run<Input>, texts: ReadonlySet<CelValue>): Run<Input> {
  return unary(run, (value) => texts.has(value))
}

export function matching<Input>(run: Run<Input>, source: string): Run<Input> {
  const pattern = readPattern(source)
  if (pattern instanceof CelFailure) return () => pattern
  return (frame) => {
    const text = run(frame)
    return text instanceof CelFailure ? text : matchText(text, pattern, frame)
  }
}

/** `or` and `orValue` evaluate their second part only where the first has no value. */
export function orOther<Input>(run: Run<Input>, other: Run<Input>, unwraps: boolean): Run<Input> {
  return (frame: Frame<Input>) => {
    const value = run(frame)
    if (value instanceof CelFailure) return value
    if (!(value instanceof CelOptional)) return MISFIT
    if (value.value === undefined) return other(frame)
    return unwraps ? value.value : value
  }
}
