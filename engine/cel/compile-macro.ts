import { CelMap, entriesOf, sizeOfMap } from './cel-map.ts'
import { onceSteps, turnSteps } from './cost.ts'
import type { Frame, Run } from './frame.ts'
import { EXHAUSTED, MAX_ELEMENTS, TOO_MANY } from './meter.ts'
import type { TypedMacro, TypedNode } from './typed-node.ts'
import type { CelResult, CelValue } from './value.ts'
import { CelFailure, CelOptional, isList, isMap, NO_VALUE } from './value.ts'

type Scope = readonly string[]
type Compile<Input> = (node: TypedNode, scope: Scope) => Run<Input>

const NO_ELEMENTS = new CelFailure('what is looked through is neither a list nor a map')
const NO_TRUTH = new CelFailure('a condition on elements gives neither true nor false')
const NO_OPTIONAL = new CelFailure('what is asked for its value is no optional')
const NO_ENTRY = new CelFailure('an element becomes no entry of a map, or one whose key is there already')

/** What a loop does with each element: `undefined` goes on, anything else is the result. */
type Step<Input> = (frame: Frame<Input>, element: CelValue, key: CelValue) => CelResult | undefined

/** The macros as loops. Each turn pays for the whole of the body, but for the macros in it, which pay themselves. */
export function compileMacro<Input>(node: TypedMacro, scope: Scope, compile: Compile<Input>): Run<Input> {
  const { macro } = node
  if (macro === 'optMap' || macro === 'optFlatMap') return compileOptional(node, scope, compile)
  const loop = new Loop(node, scope, compile)
  switch (macro) {
    case 'all':
      return quantifier(loop, false)
    case 'exists':
      return quantifier(loop, true)
    case 'exists_one':
      return exactlyOne(loop)
    case 'filter':
      return filtering(loop)
    case 'map':
    case 'transformList':
      return listing(loop)
    case 'transformMap':
      return mapping(loop)
    case 'transformMapEntry':
      return mappingEntries(loop)
  }
}

class Loop<Input> {
  readonly body: Run<Input>
  readonly test: Run<Input> | undefined
  readonly over: Run<Input>
  readonly slot: number
  readonly hasTwo: boolean
  /** Of one turn. */
  readonly steps: number

  constructor(node: TypedMacro, scope: Scope, compile: Compile<Input>) {
    const inner = [...scope, node.variable, ...(node.second === undefined ? [] : [node.second])]
    this.body = compile(node.body, inner)
    this.test = node.test && compile(node.test, inner)
    this.over = compile(node.over, scope)
    this.slot = scope.length
    this.hasTwo = node.second !== undefined
    this.steps = turnSteps(node) + onceSteps(node.body) + (node.test === undefined ? 0 : onceSteps(node.test))
  }

  /** Goes through the elements until a step has a result. One variable goes through the keys of a map. */
  run(frame: Frame<Input>, step: Step<Input>, range = this.over(frame)): CelResult | undefined {
    if (range instanceof CelFailure) return range
    if (isList(range)) {
      if (range.length > MAX_ELEMENTS) return TOO_MANY
      for (let index = 0; index < range.length; index++) {
        const result = this.#turn(frame, range[index] ?? null, this.hasTwo ? BigInt(index) : null, step)
        if (result !== undefined) return result
      }
      return undefined
    }
    if (!isMap(range)) return NO_ELEMENTS
    if (sizeOfMap(range) > MAX_ELEMENTS) return TOO_MANY
    for (const [key, value] of entriesOf(range)) {
      const result = this.#turn(frame, this.hasTwo ? value : key, key, step)
      if (result !== undefined) return result
    }
    return undefined
  }

  #turn(frame: Frame<Input>, element: CelValue, key: CelValue, step: Step<Input>): CelResult | undefined {
    frame.left -= this.steps
    if (frame.left < 0) return EXHAUSTED
    if (this.hasTwo) {
      frame.locals[this.slot] = key
      frame.locals[this.slot + 1] = element
    } else frame.locals[this.slot] = element
    return step(frame, element, key)
  }

  /** Whether the element is to be transformed; a failure where that cannot be told. */
  passes(frame: Frame<Input>): boolean | CelFailure {
    if (this.test === undefined) return true
    const truth = this.test(frame)
    return typeof truth === 'boolean' ? truth : truth instanceof CelFailure ? truth : NO_TRUTH
  }
}

/** A failure of one element does not count when another decides. */
function quantifier<Input>(loop: Loop<Input>, decisive: boolean): Run<Input> {
  const { over, body, slot, steps } = loop
  return (frame) => {
    const range = over(frame)
    if (loop.hasTwo || !isList(range) || range.length > MAX_ELEMENTS)
      return quantify(loop, decisive, frame, range)
    // What most predicates do, without a call for each element.
    let failure: CelFailure | undefined
    for (let index = 0; index < range.length; index++) {
      frame.left -= steps
      if (frame.left < 0) return EXHAUSTED
      frame.locals[slot] = range[index] ?? null
      const truth = body(frame)
      if (truth === decisive) return decisive
      if (typeof truth !== 'boolean') failure ??= truth instanceof CelFailure ? truth : NO_TRUTH
    }
    return failure ?? !decisive
  }
}

function quantify<Input>(
  loop: Loop<Input>,
  decisive: boolean,
  frame: Frame<Input>,
  range: CelResult,
): CelResult {
  let failure: CelFailure | undefined
  const step: Step<Input> = (inner) => {
    const truth = loop.body(inner)
    if (truth === decisive) return decisive
    if (typeof truth !== 'boolean') failure ??= truth instanceof CelFailure ? truth : NO_TRUTH
    return undefined
  }
  return loop.run(frame, step, range) ?? failure ?? !decisive
}

function exactlyOne<Input>(loop: Loop<Input>): Run<Input> {
  return (frame) => {
    let hits = 0
    const failed = loop.run(frame, (inner) => {
      const truth = loop.body(inner)
      if (typeof truth !== 'boolean') return truth instanceof CelFailure ? truth : NO_TRUTH
      hits += Number(truth)
      return undefined
    })
    return failed ?? hits === 1
  }
}

function filtering<Input>(loop: Loop<Input>): Run<Input> {
  return (frame) => {
    const made: CelValue[] = []
    const failed = loop.run(frame, (inner, element) => {
      const truth = loop.body(inner)
      if (typeof truth !== 'boolean') return truth instanceof CelFailure ? truth : NO_TRUTH
      if (truth) made.push(element)
      return undefined
    })
    return failed ?? made
  }
}

/** Goes through the elements that pass the test, with what each becomes. */
function transformed<Input>(
  loop: Loop<Input>,
  frame: Frame<Input>,
  take: (made: CelValue, key: CelValue) => CelFailure | undefined,
): CelResult | undefined {
  return loop.run(frame, (inner, _element, key) => {
    const passes = loop.passes(inner)
    if (passes instanceof CelFailure) return passes
    if (!passes) return undefined
    const made = loop.body(inner)
    return made instanceof CelFailure ? made : take(made, key)
  })
}

function listing<Input>(loop: Loop<Input>): Run<Input> {
  return (frame) => {
    const made: CelValue[] = []
    const failed = transformed(loop, frame, (value) => {
      made.push(value)
      return undefined
    })
    return failed ?? made
  }
}

function mapping<Input>(loop: Loop<Input>): Run<Input> {
  return (frame) => {
    const made: (readonly [CelValue, CelValue])[] = []
    const failed = transformed(loop, frame, (value, key) => {
      made.push([key, value])
      return undefined
    })
    return failed ?? CelMap.of(made) ?? NO_ENTRY
  }
}

function mappingEntries<Input>(loop: Loop<Input>): Run<Input> {
  return (frame) => {
    const made: (readonly [CelValue, CelValue])[] = []
    const failed = transformed(loop, frame, (entry) => {
      if (!isMap(entry) || sizeOfMap(entry) !== 1) return NO_ENTRY
      made.push(...entriesOf(entry))
      return undefined
    })
    return failed ?? CelMap.of(made) ?? NO_ENTRY
  }
}

function compileOptional<Input>(node: TypedMacro, scope: Scope, compile: Compile<Input>): Run<Input> {
  const over = compile(node.over, scope)
  const body = compile(node.body, [...scope, node.variable])
  const slot = scope.length
  const steps = turnSteps(node) + onceSteps(node.body)
  const wraps = node.macro === 'optMap'
  return (frame) => {
    const optional = over(frame)
    if (optional instanceof CelFailure) return optional
    if (!(optional instanceof CelOptional)) return NO_OPTIONAL
    if (optional.value === undefined) return NO_VALUE
    frame.left -= steps
    if (frame.left < 0) return EXHAUSTED
    frame.locals[slot] = optional.value
    const value = body(frame)
    if (value instanceof CelFailure) return value
    return wraps ? new CelOptional(value) : value
  }
}
