import type { TypedNode } from '#engine/rules/cel/cel-check.ts'
import { compilePredicate } from '#engine/rules/cel/cel-compile.ts'
import { type Conjunct, INDEXED_FIELDS } from '#engine/rules/cel/cel-conjuncts.ts'
import { costOf } from '#engine/rules/cel/cel-cost.ts'
import { printCel } from '#engine/rules/cel/cel-print.ts'
import { NO_EVENT } from '#engine/rules/cel/no-event.ts'

/** Whether the conditions contradict each other in a way that is plain to see. False says nothing. */
export function isNeverTrue(conjuncts: readonly Conjunct[]): boolean {
  return (
    conjuncts.some(({ node }) => isNeverSo(node) || isImpossibleScore(node)) ||
    INDEXED_FIELDS.some((field) => allowedValues(conjuncts, field)?.length === 0)
  )
}

/** Which values of an indexed field pass all of the conjuncts; undefined: any. */
export function allowedValues(
  conjuncts: readonly Conjunct[],
  field: (typeof INDEXED_FIELDS)[number],
): readonly string[] | undefined {
  let allowed: readonly string[] | undefined
  for (const { index } of conjuncts) {
    if (index?.field !== field) continue
    const values = new Set(index.values)
    allowed = allowed === undefined ? index.values : allowed.filter((value) => values.has(value))
  }
  return allowed
}

/** A condition that reads nothing has one answer: `false`, `1 == 2`. */
function isNeverSo(node: TypedNode): boolean {
  // A few characters of nested macros may count to thousands of millions: what it costs is known before it is done.
  if (costOf(node) > MOST_STEPS) return false
  if (/\b(?:event|value|join)\b/.test(printCel(node))) return false
  return compilePredicate(node)(NO_EVENT) !== true
}

/** Some tens of microseconds. */
const MOST_STEPS = 1000

/** A scaled score lies between -1 and 1; who writes 70 meant 0.7. */
function isImpossibleScore(node: TypedNode): boolean {
  if (node.kind !== 'call') return false
  const [left, right] = node.args
  if (left === undefined || right === undefined) return false
  if (isScore(left) && right.kind === 'literal') return beyond(node.name, Number(right.literal.value))
  if (isScore(right) && left.kind === 'literal')
    return beyond(MIRRORED[node.name] ?? '', Number(left.literal.value))
  return false
}

const isScore = (node: TypedNode): boolean =>
  node.kind === 'select' && node.of.kind === 'variable' && node.of.name === 'event' && node.field === 'score'

const MIRRORED: Readonly<Record<string, string>> = {
  '_<_': '_>_',
  '_<=_': '_>=_',
  '_>_': '_<_',
  '_>=_': '_<=_',
  '_==_': '_==_',
}

function beyond(operator: string, value: number): boolean {
  switch (operator) {
    case '_>_':
      return value >= 1
    case '_>=_':
      return value > 1
    case '_<_':
      return value <= -1
    case '_<=_':
      return value < -1
    case '_==_':
      return value > 1 || value < -1
    default:
      return false
  }
}
