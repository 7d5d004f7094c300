import type { TypedNode } from './cel-check.ts'
import type { CelLiteral } from './cel-syntax.ts'

/**
 * The one text of a checked expression: full brackets, doubles with a point, strings as JSON writes them.
 * Expressions that differ in white space or in `1` for `1.0` only have the same text, so their leaves are shared.
 * The text is CEL again, with the same meaning.
 */
export function printCel(node: TypedNode): string {
  switch (node.kind) {
    case 'literal':
      return printLiteral(node.literal)
    case 'moment':
      return `${node.type.kind}(${printString(node.text)})`
    case 'event':
      return 'event'
    case 'variable':
      return node.name
    case 'select':
      return `${printCel(node.of)}.${node.field}`
    case 'has':
      return `has(${printCel(node.of)}.${node.field})`
    case 'list':
      return `[${node.items.map(printCel).join(', ')}]`
    case 'macro':
      return `${printCel(node.over)}.${node.macro}(${node.variable}, ${printCel(node.body)})`
    case 'call':
      return printCall(node.name, node.args.map(printCel))
  }
}

function printCall(name: string, args: readonly string[]): string {
  const [first = '', second = '', third = ''] = args
  switch (name) {
    case '!_':
      return `!(${first})`
    case '-_':
      return `-(${first})`
    case '_?_:_':
      return `(${first} ? ${second} : ${third})`
    case '_[_]':
      return `${first}[${second}]`
    case '@in':
      return `(${first} in ${second})`
    case 'size':
      return `size(${first})`
    case 'startsWith':
    case 'endsWith':
    case 'contains':
      return `${first}.${name}(${second})`
    default:
      return `(${first} ${name.replaceAll('_', '')} ${second})`
  }
}

function printLiteral(literal: CelLiteral): string {
  switch (literal.type) {
    case 'string':
      return printString(literal.value)
    case 'double': {
      const text = Object.is(literal.value, -0) ? '-0' : String(literal.value)
      return /[.e]/.test(text) ? text : `${text}.0`
    }
    default:
      return String(literal.value)
  }
}

/** JSON's escapes are all escapes of CEL, too. */
const printString = (text: string): string => JSON.stringify(text)
