import { type AstNode, parse, type Sources } from './compiled-contracts.ts'
import { childrenOf, edited, rangeOf, type TextEdit } from './text-edits.ts'

/**
 * The same contracts in a form in which everything can have a switch: constants become functions, the numbers of assembly
 * become variables before it, and its statements conditional. Each line keeps its number.
 */
export async function openUp(sources: Sources): Promise<Sources> {
  const asts = await parse(sources)
  const opened = new Map<string, Buffer>()
  for (const [path, source] of sources) {
    const ast = asts.get(path)
    if (ast === undefined) throw new Error(`${path} has no AST.`)
    const text = edited(source, editsOf(source, ast, constantsIn([...asts.values()]))).toString()
    // A switch reads something, so that nothing is pure any more.
    opened.set(path, Buffer.from(withoutPure(text)))
  }
  return opened
}

export const withoutPure = (text: string): string => text.replace(/\bpure\b/g, 'view')

/** Ids of all constants. */
function constantsIn(asts: readonly AstNode[]): ReadonlySet<unknown> {
  const ids = new Set<unknown>()
  const visit = (node: AstNode): void => {
    if (node.nodeType === 'VariableDeclaration' && node['constant'] === true) ids.add(node['id'])
    for (const child of childrenOf(node)) visit(child)
  }
  for (const ast of asts) visit(ast)
  return ids
}

function editsOf(source: Buffer, ast: AstNode, constants: ReadonlySet<unknown>): readonly TextEdit[] {
  const edits: TextEdit[] = []
  const text = (start: number, end: number): string => source.subarray(start, end).toString()

  const asFunction = (declaration: AstNode, isOfFile: boolean): void => {
    const [start, end] = rangeOf(declaration)
    const [valueStart, valueEnd] = rangeOf(declaration['value'] as AstNode)
    const type = text(...rangeOf(declaration['typeName'] as AstNode))
    const visibility = isOfFile ? '' : `${String(declaration['visibility'])} `
    const lines = text(start, valueStart).replace(/[^\n]/g, '')
    const head = `function ${String(declaration['name'])}() ${visibility}view returns (${type}) { return ${lines}`
    edits.push({ start, end: valueStart, to: head }, { start: valueEnd, end: end + 1, to: '; }' })
  }

  const openAssembly = (block: AstNode): void => {
    const [start] = rangeOf(block)
    let variables = ''
    const variable = (type: string, value: string): string => {
      const name = `yul${start}_${variables.length}`
      variables += `${type} ${name} = ${value}; `
      return name
    }
    const visit = (node: AstNode): void => {
      const [from, to] = rangeOf(node)
      if (node.nodeType === 'YulLiteral')
        edits.push({ start: from, end: to, to: variable('uint256', text(from, to)) })
      const isStatement = node.nodeType === 'YulExpressionStatement' || node.nodeType === 'YulAssignment'
      if (isStatement) edits.push({ start: from, end: from, to: `if ${variable('bool', 'true')} { ` })
      for (const child of childrenOf(node)) visit(child)
      if (isStatement) edits.push({ start: to, end: to, to: ' }' })
    }
    visit(block['AST'] as AstNode)
    edits.push({ start, end: start, to: variables })
  }

  const visit = (node: AstNode, parent: AstNode | undefined): void => {
    if (node.nodeType === 'ImportDirective') return
    if (node.nodeType === 'InlineAssembly') {
      openAssembly(node)
      return
    }
    if (constants.has(node['id']) && node.nodeType === 'VariableDeclaration')
      asFunction(node, parent?.nodeType === 'SourceUnit')
    const isUse = node.nodeType === 'Identifier' || node.nodeType === 'MemberAccess'
    const [, end] = rangeOf(node)
    if (isUse && constants.has(node['referencedDeclaration'])) edits.push({ start: end, end, to: '()' })
    for (const child of childrenOf(node)) visit(child, node)
  }
  visit(ast, undefined)
  return edits
}
