import type { AstNode } from './compiled-contracts.ts'
import { childrenOf, rangeOf, type TextEdit } from './text-edits.ts'

/** One small fault. */
export interface Mutant {
  /** Stays the same as long as the text around does: file, function, kind, text, and which of several alike. */
  readonly name: string
  readonly kind: MutantKind
  readonly file: string
  readonly line: number
  /** An expression is exchanged for others, a statement is left out. */
  readonly form: 'expression' | 'statement'
  readonly edits: readonly TextEdit[]
}

export type MutantKind = 'negated' | 'operator' | 'boundary' | 'constant' | 'left out' | 'swapped'

const BOUNDARY: Readonly<Record<string, string>> = { '<': '<=', '<=': '<', '>': '>=', '>=': '>' }
const EXCHANGED: Readonly<Record<string, string>> = {
  '==': '!=',
  '!=': '==',
  '&&': '||',
  '||': '&&',
  '&': '|',
  '|': '&',
  '+': '-',
  '-': '+',
  '*': '+',
  '<<': '>>',
  '>>': '<<',
  '+=': '-=',
  '|=': '&=',
  '>>=': '<<=',
}

/** All mutants of a source that was opened up. */
export function findMutants(path: string, source: Buffer, ast: AstNode): readonly Mutant[] {
  const file = path.replace(/^.*\//, '')
  const found: Mutant[] = []
  const seen = new Map<string, number>()
  let place = file

  const text = (node: AstNode): string => source.subarray(...rangeOf(node)).toString()
  const add = (
    kind: MutantKind,
    node: AstNode,
    what: string,
    edits: readonly TextEdit[],
    form: Mutant['form'] = 'expression',
  ): void => {
    const key = `${place}: ${kind}: ${what.replace(/\s+/g, ' ')}`
    const times = (seen.get(key) ?? 0) + 1
    seen.set(key, times)
    const line = source.subarray(0, rangeOf(node)[0]).toString().split('\n').length
    found.push({ name: times === 1 ? key : `${key} (${times})`, kind, file, line, form, edits })
  }
  const exchange = (kind: MutantKind, node: AstNode, to: string): void => {
    const [start, end] = rangeOf(node)
    add(kind, node, `${text(node)} → ${to}`, [{ start, end, to }])
  }

  const mutateBinary = (node: AstNode, left: AstNode, right: AstNode, isCondition: boolean): void => {
    const operator = String(node['operator'])
    const [boundary, exchanged] = [BOUNDARY[operator], EXCHANGED[operator]]
    if (boundary !== undefined) {
      exchange('boundary', node, `${text(left)} ${boundary} ${text(right)}`)
      if (!isCondition) exchange('negated', node, `!(${text(node)})`)
    }
    // A condition that is an equation is negated already.
    if (exchanged !== undefined && !(isCondition && /^[!=]=$/.test(operator)))
      exchange('operator', node, `(${text(left)}) ${exchanged} (${text(right)})`)
  }

  const mutateLiteral = (node: AstNode, parent: AstNode | undefined): void => {
    if (node['kind'] === 'bool') exchange('constant', node, text(node) === 'true' ? 'false' : 'true')
    if (node['kind'] === 'number' && !isShifted(node, parent)) exchange('constant', node, `${text(node)} + 1`)
    if (node['kind'] !== 'string') return
    // Any letter is as good as another. Of a string that is hashed, the hash has the switch: it takes no string of two kinds.
    const other = text(node).replace(/^"./, '"?')
    if (parent?.nodeType === 'FunctionCall') exchange('constant', parent, `keccak256(${other})`)
    else exchange('constant', node, other)
  }

  /** Those of one type, each with the next. */
  const swap = (call: AstNode, args: readonly AstNode[]): void => {
    const byType = Map.groupBy(args, typeOf)
    for (const [type, alike] of byType) {
      if (/^(?:int_const|literal_string)/.test(type)) continue
      for (const [i, one] of alike.entries()) {
        const other = alike[i + 1]
        if (other === undefined || text(one) === text(other)) continue
        const [oneAt, otherAt] = [rangeOf(one), rangeOf(other)]
        add('swapped', call, `${text(one)} ↔ ${text(other)} in ${text(call)}`, [
          { start: oneAt[0], end: oneAt[1], to: text(other) },
          { start: otherAt[0], end: otherAt[1], to: text(one) },
        ])
      }
    }
  }

  const visit = (node: AstNode, parent: AstNode | undefined): void => {
    if (node.nodeType === 'FunctionDefinition') place = `${file} ${String(node['name']) || 'constructor'}`
    const isCondition =
      parent?.['condition'] === node && /^(?:(?:If|While|For)Statement|Conditional)$/.test(parent.nodeType)
    if (isCondition) exchange('negated', node, `!(${text(node)})`)
    if (node.nodeType === 'BinaryOperation')
      mutateBinary(node, node['leftExpression'] as AstNode, node['rightExpression'] as AstNode, isCondition)
    if (node.nodeType === 'Assignment')
      mutateBinary(node, node['leftHandSide'] as AstNode, node['rightHandSide'] as AstNode, false)
    // A condition that is a negation is negated already.
    if (node.nodeType === 'UnaryOperation' && (isCondition ? /^~$/ : /^[!~]$/).test(String(node['operator'])))
      exchange('operator', node, text(node['subExpression'] as AstNode))
    if (node.nodeType === 'UnaryOperation' && node['operator'] === '++' && node['prefix'] === true)
      exchange('operator', node, `--${text(node['subExpression'] as AstNode)}`)
    if (node.nodeType === 'Literal') mutateLiteral(node, parent)
    if (node.nodeType === 'FunctionCall' && node['kind'] !== 'typeConversion')
      swap(node, node['arguments'] as readonly AstNode[])
    if (node.nodeType === 'TupleExpression')
      swap(
        node,
        (node['components'] as readonly (AstNode | null)[]).filter((part) => part !== null),
      )
    // Without its step a loop never ends: that kills a mutant too, but only after all its gas.
    if (isLeftOut(node) && parent?.['loopExpression'] !== node) {
      const [start, end] = rangeOf(node)
      add('left out', node, text(node), [{ start, end, to: '' }], 'statement')
    }
    for (const child of childrenOf(node)) visit(child, node)
  }
  visit(ast, undefined)
  return found
}

/** Statements, but for those that set a pointer to storage: it must be set. */
function isLeftOut(node: AstNode): boolean {
  if (!/^(?:Expression|Emit|Revert)Statement$|^Return$/.test(node.nodeType)) return false
  const assigned = node['expression'] as AstNode | undefined
  if (assigned?.nodeType === 'Assignment')
    return !typeOf(assigned['leftHandSide'] as AstNode).endsWith('storage pointer')
  return true
}

/** `1 << n`: behind a switch it would be of another type. */
function isShifted(node: AstNode, parent: AstNode | undefined): boolean {
  return (
    parent?.nodeType === 'BinaryOperation' && parent['operator'] === '<<' && parent['leftExpression'] === node
  )
}

function typeOf(node: AstNode): string {
  return (node['typeDescriptions'] as { readonly typeString?: string } | undefined)?.typeString ?? ''
}
