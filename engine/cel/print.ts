import type { CelLiteral } from './syntax.ts'
import type { TypedMacro, TypedNode } from './typed-node.ts'

/**
 * The one text of a checked expression: full brackets, doubles with a point, strings as JSON writes them.
 * Expressions that differ in white space or in `1` for `1.0` only have the same text, so what is made of them can be
 * shared. The text is CEL again, with the same meaning.
 */
export function printExpression(node: TypedNode): string {
  const print = printExpression
  switch (node.kind) {
    case 'literal':
      return printLiteral(node.literal)
    case 'variable':
    case 'local':
    case 'type-name':
      return node.name
    case 'select':
      return `${print(node.of)}.${printField(node.field)}`
    case 'has':
      return `has(${print(node.of)}.${printField(node.field)})`
    case 'list': {
      const items = node.items.map((item, at) => `${node.optional.includes(at) ? '?' : ''}${print(item)}`)
      return `[${items.join(', ')}]`
    }
    case 'map': {
      const entries = node.entries.map(
        ({ key, value, optional }) => `${optional ? '?' : ''}${print(key)}: ${print(value)}`,
      )
      return `{${entries.join(', ')}}`
    }
    case 'macro':
      return printMacro(node)
    case 'bind':
      return `cel.bind(${node.variable}, ${print(node.value)}, ${print(node.body)})`
    case 'call':
      return printCall(node.name, node.args.map(print), node.member)
  }
}

function printMacro({ over, macro, variable, second, test, body }: TypedMacro): string {
  const parts = [second, test && printExpression(test), printExpression(body)]
  const args = [variable, ...parts.filter((part) => part !== undefined)]
  return `${printExpression(over)}.${macro}(${args.join(', ')})`
}

function printCall(name: string, args: readonly string[], member: boolean): string {
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
    case '_[?_]':
      return `${first}[?${second}]`
    case '_?._':
      return `${first}.?${printField(JSON.parse(second))}`
    case '@in':
      return `(${first} in ${second})`
    default:
      if (name.startsWith('_')) return `(${first} ${name.replaceAll('_', '')} ${second})`
      // `x.size()` is `size(x)`: one text for one meaning.
      return member && name !== 'size'
        ? `${first}.${name}(${args.slice(1).join(', ')})`
        : `${name}(${args.join(', ')})`
  }
}

const printField = (field: string): string => (/^[A-Za-z_]\w*$/.test(field) ? field : `\`${field}\``)

function printLiteral(literal: CelLiteral): string {
  switch (literal.type) {
    case 'string':
      return printString(literal.value)
    case 'bytes':
      return `b"${Array.from(literal.value, (byte) => `\\x${byte.toString(16).padStart(2, '0')}`).join('')}"`
    case 'uint':
      return `${literal.value}u`
    case 'double':
      return printDouble(literal.value)
    default:
      return String(literal.value)
  }
}

function printDouble(value: number): string {
  if (!Number.isFinite(value)) return `double("${value}")`
  const text = Object.is(value, -0) ? '-0' : String(value)
  return /[.e]/.test(text) ? text : `${text}.0`
}

/** JSON's escapes are all escapes of CEL, too. */
const printString = (text: string): string => JSON.stringify(text)
