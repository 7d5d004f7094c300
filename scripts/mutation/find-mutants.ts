/** A node of the compiler's AST, as far as it is looked at here. */
export interface AstNode {
  readonly nodeType: string
  /** Byte offset, length, number of the file. */
  readonly src: string
  readonly [member: string]: unknown
}

/** One small fault. */
export interface Mutant {
  /** Stays the same as long as the text around does: file, function, kind, text, and which of several alike. */
  readonly name: string
  readonly line: number
  /** What stands there, and what would stand there instead. */
  readonly from: string
  readonly to: string
  /** Byte offsets. */
  readonly start: number
  readonly end: number
  /**
   * `expression`, `statement`: compiled into the contract behind a switch.
   * `text`: of a constant or of assembly, where there can be no switch; compiled by itself.
   */
  readonly form: 'expression' | 'statement' | 'text'
}

const EXCHANGED: Readonly<Record<string, string>> = {
  '<': '<=',
  '<=': '<',
  '>': '>=',
  '>=': '>',
  '==': '!=',
  '!=': '==',
  '&&': '||',
  '||': '&&',
  '&': '|',
  '|': '&',
  '+': '-',
  '-': '+',
  '<<': '>>',
  '>>': '<<',
}

/** All mutants of a source file, in the order of the text. */
export function findMutants(file: string, source: Buffer, ast: AstNode): readonly Mutant[] {
  const found: Mutant[] = []
  const seen = new Map<string, number>()
  let place = file

  const text = (node: AstNode): string => source.subarray(...range(node)).toString()
  const add = (node: AstNode, kind: string, to: string, form: Mutant['form']): void => {
    const [start, end] = range(node)
    const from = text(node)
    const key = `${place} ${kind} ${oneLine(from)} → ${oneLine(to)}`
    const times = (seen.get(key) ?? 0) + 1
    seen.set(key, times)
    const line = source.subarray(0, start).toString().split('\n').length
    found.push({ name: times === 1 ? key : `${key} (${times})`, line, from, to, start, end, form })
  }

  const visit = (node: AstNode, parent: AstNode | undefined, inConstant: boolean): void => {
    if (node.nodeType === 'FunctionDefinition') place = `${file} ${String(node['name']) || 'constructor'}`
    const isConstant = node.nodeType === 'VariableDeclaration' && node['constant'] === true
    if (isConstant) place = `${file} ${String(node['name'])}`

    if (!inConstant && !isConstant) {
      for (const condition of [node['condition']].filter(isNode)) {
        if (/^(?:If|While|For)Statement$|^Conditional$/.test(node.nodeType))
          add(condition, 'negated', `!(${text(condition)})`, 'expression')
      }
      const operator = String(node['operator'])
      const exchanged = EXCHANGED[operator]
      if (node.nodeType === 'BinaryOperation' && exchanged !== undefined) {
        const [left, right] = [node['leftExpression'] as AstNode, node['rightExpression'] as AstNode]
        add(node, 'operator', `(${text(left)}) ${exchanged} (${text(right)})`, 'expression')
      }
      if (node.nodeType === 'UnaryOperation' && (operator === '!' || operator === '~'))
        add(node, 'operator', text(node['subExpression'] as AstNode), 'expression')
      if (node.nodeType === 'Literal' && node['kind'] === 'number' && !isShifted(node, parent))
        add(node, 'number', `${text(node)} + 1`, 'expression')
      if (/^(?:Expression|Emit|Revert)Statement$|^Return$/.test(node.nodeType))
        add(node, 'left out', '', 'statement')
    } else if (node.nodeType === 'Literal' && inConstant) {
      if (node['kind'] === 'number') add(node, 'number', `(${text(node)} + 1)`, 'text')
      // The type strings of EIP-712, and what is hashed into names.
      if (node['kind'] === 'string') add(node, 'letter', text(node).replace(/^"./, '"?'), 'text')
    }
    if (node.nodeType === 'YulLiteral') add(node, 'number', `${Number(node['value']) + 1}`, 'text')

    // A loop that never ends kills a mutant too, but only after its gas; the step of a loop is left alone.
    for (const [member, child] of Object.entries(node)) {
      if (member === 'loopExpression') continue
      for (const each of Array.isArray(child) ? child : [child])
        if (isNode(each)) visit(each, node, inConstant || isConstant)
    }
  }
  visit(ast, undefined, false)
  return found.sort((a, b) => a.start - b.start || b.end - a.end)
}

/** `1 << n`: one more would be another type, and without a switch too. */
function isShifted(node: AstNode, parent: AstNode | undefined): boolean {
  return (
    parent?.nodeType === 'BinaryOperation' && parent['operator'] === '<<' && parent['leftExpression'] === node
  )
}

/** The source with all mutants but those of form `text` in it, each behind `Mutants.on(number)`. */
export function withSwitches(
  source: Buffer,
  mutants: readonly Mutant[],
  numberOf: (mutant: Mutant) => number,
): string {
  const switched = mutants.filter(({ form }) => form !== 'text')

  // From the outermost in: what a mutant says instead is the plain text, as only one of them is ever on.
  const written = (start: number, end: number, within: readonly Mutant[]): string => {
    let out = ''
    let at = start
    let rest = within
    while (rest.length > 0) {
      const [first, ...others] = rest as [Mutant, ...Mutant[]]
      out += source.subarray(at, first.start).toString()
      const inside = others.filter((other) => other.end <= first.end)
      rest = others.filter((other) => other.end > first.end)
      const plain = written(first.start, first.end, inside)
      const on = `Mutants.on(${numberOf(first)})`
      if (first.form === 'statement') out += statement(on, plain, source, first)
      else out += `(${on} ? (${first.to}) : (${plain}))`
      at = first.end
      if (first.form === 'statement') at = pastSemicolon(source, at)
    }
    return out + source.subarray(at, end).toString()
  }
  return written(0, source.length, switched)
}

function statement(on: string, plain: string, source: Buffer, { end }: Mutant): string {
  const closes = pastSemicolon(source, end) > end || plain.endsWith(';')
  return `if (!${on}) { ${plain}${closes && !plain.endsWith(';') ? ';' : ''} }`
}

/** A statement's range may leave its semicolon out. */
function pastSemicolon(source: Buffer, end: number): number {
  return source[end] === 0x3b ? end + 1 : end
}

const isNode = (value: unknown): value is AstNode =>
  typeof value === 'object' && value !== null && 'nodeType' in value && 'src' in value

function range({ src }: AstNode): [number, number] {
  const [start = 0, length = 0] = src.split(':').map(Number)
  return [start, start + length]
}

const oneLine = (text: string): string => text.replace(/\s+/g, ' ')
