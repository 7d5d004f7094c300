import { toDuration, toTimestamp } from '#engine/cel/conversions.ts'
import { readPattern } from '#engine/cel/pattern.ts'
import { CelFailure } from '#engine/cel/value.ts'
import { type CelNode, refuse } from './cel-syntax.ts'
import { isPrototypeName } from './event-fields.ts'

/** The parts that a part is made of. */
export function partsOf(node: CelNode): readonly CelNode[] {
  switch (node.kind) {
    case 'literal':
    case 'name':
      return []
    case 'select':
    case 'has':
      return [node.of]
    case 'list':
      return node.items
    case 'map':
      return node.entries.flatMap(({ key, value }) => [key, value])
    case 'bind':
      return [node.value, node.body]
    case 'macro':
      return [node.over, ...(node.test === undefined ? [] : [node.test]), node.body]
    case 'call':
      return node.args
  }
}

/** Refuses parts that are CEL, and in a rule can only be a slip or worse: wherever they stand, they never work. */
export function refuseBadParts(node: CelNode): void {
  if (node.kind === 'literal') refuseHugeNumber(node)
  else if (node.kind === 'select' || node.kind === 'has') refusePrototype(node.field, node.at)
  else if (node.kind === 'call') refuseBadConstants(node)
  else if (node.kind === 'bind') refuseEvent(node.variable, node.at)
  else if (node.kind === 'macro') {
    refuseEvent(node.variable, node.at)
    if (node.second !== undefined) refuseEvent(node.second, node.at)
  }
  partsOf(node).forEach(refuseBadParts)
}

type Of<Kind extends CelNode['kind']> = Extract<CelNode, { kind: Kind }>

function refuseHugeNumber({ literal, at }: Of<'literal'>): void {
  if (literal.type === 'double' && !Number.isFinite(literal.value))
    refuse('rule-cel-unsupported', at, 'This number is too large.')
  if (literal.type === 'int' && !Number.isSafeInteger(Number(literal.value)))
    refuse('rule-cel-unsupported', at, 'Whole numbers reach from -(2^53 - 1) to 2^53 - 1.')
}

function refusePrototype(field: string, at: number): void {
  if (isPrototypeName(field)) refuse('rule-field-unknown', at, `No event has a field "${field}".`)
}

function refuseEvent(variable: string, at: number): void {
  if (variable === 'event') refuse('rule-type-mismatch', at, 'A variable cannot be called "event".')
}

const isText = (node: CelNode | undefined): node is Of<'literal'> & { literal: { type: 'string' } } =>
  node?.kind === 'literal' && node.literal.type === 'string'

/** A text that stands in the rule and is to become something else either does so always or never. */
function refuseBadConstants({ name, args, at }: Of<'call'>): void {
  const [first, second] = args
  if (name === '_?._' && isText(second)) refusePrototype(second.literal.value, at)
  if (name === 'matches' && isText(second) && readPattern(second.literal.value) instanceof CelFailure)
    refuse('rule-regex-unsafe', second.at, 'This is no regular expression of RE2, or is too large.')
  if (!isText(first) || args.length !== 1) return
  const { value } = first.literal
  const isBad =
    (name === 'timestamp' && toTimestamp(value) instanceof CelFailure) ||
    (name === 'duration' && toDuration(value) instanceof CelFailure)
  if (isBad) refuse('rule-type-mismatch', first.at, `"${value.slice(0, 40)}" is no ${name}.`)
}
