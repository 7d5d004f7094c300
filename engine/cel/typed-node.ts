import type { CelLiteral, CelMacro } from './syntax.ts'
import type { CelType } from './type.ts'

/** A syntax tree whose every part has a type, and whose names are resolved. */
export type TypedNode =
  | { readonly kind: 'literal'; readonly type: CelType; readonly literal: CelLiteral }
  /** A variable of the environment. */
  | { readonly kind: 'variable'; readonly type: CelType; readonly name: string }
  /** A variable that a macro or `cel.bind` brings. */
  | { readonly kind: 'local'; readonly type: CelType; readonly name: string }
  /** The name of a type as a value. */
  | { readonly kind: 'type-name'; readonly type: CelType; readonly name: string }
  | {
      readonly kind: 'select' | 'has'
      readonly type: CelType
      readonly of: TypedNode
      readonly field: string
    }
  | {
      readonly kind: 'list'
      readonly type: CelType
      readonly items: readonly TypedNode[]
      readonly optional: readonly number[]
    }
  | { readonly kind: 'map'; readonly type: CelType; readonly entries: readonly TypedEntry[] }
  | {
      readonly kind: 'call'
      readonly type: CelType
      readonly name: string
      readonly args: readonly TypedNode[]
      readonly member: boolean
    }
  | TypedMacro
  | {
      readonly kind: 'bind'
      readonly type: CelType
      readonly variable: string
      readonly value: TypedNode
      readonly body: TypedNode
    }

export interface TypedEntry {
  readonly key: TypedNode
  readonly value: TypedNode
  readonly optional: boolean
}

export interface TypedMacro {
  readonly kind: 'macro'
  readonly type: CelType
  readonly macro: CelMacro
  readonly over: TypedNode
  readonly variable: string
  readonly second: string | undefined
  readonly test: TypedNode | undefined
  readonly body: TypedNode
}

/** The nodes right below, in the order in which they are evaluated. */
export function childrenOf(node: TypedNode): readonly TypedNode[] {
  switch (node.kind) {
    case 'select':
    case 'has':
      return [node.of]
    case 'list':
      return node.items
    case 'map':
      return node.entries.flatMap(({ key, value }) => [key, value])
    case 'call':
      return node.args
    case 'macro':
      return [node.over, ...(node.test === undefined ? [] : [node.test]), node.body]
    case 'bind':
      return [node.value, node.body]
    default:
      return []
  }
}

/** The same node with other nodes below it. */
export function mapChildren(node: TypedNode, change: (child: TypedNode) => TypedNode): TypedNode {
  switch (node.kind) {
    case 'select':
    case 'has':
      return { ...node, of: change(node.of) }
    case 'list':
      return { ...node, items: node.items.map(change) }
    case 'map':
      return {
        ...node,
        entries: node.entries.map((entry) => ({
          ...entry,
          key: change(entry.key),
          value: change(entry.value),
        })),
      }
    case 'call':
      return { ...node, args: node.args.map(change) }
    case 'macro':
      return {
        ...node,
        over: change(node.over),
        test: node.test && change(node.test),
        body: change(node.body),
      }
    case 'bind':
      return { ...node, value: change(node.value), body: change(node.body) }
    default:
      return node
  }
}
