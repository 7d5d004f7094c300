/**
 * The syntax tree of an expression, with macros told apart again, so that their cost and meaning are ours.
 * `at` is the offset in the source text.
 */
export type SyntaxNode =
  | { readonly kind: 'literal'; readonly at: number; readonly literal: CelLiteral }
  | { readonly kind: 'name'; readonly at: number; readonly name: string }
  | {
      readonly kind: 'select' | 'has'
      readonly at: number
      readonly of: SyntaxNode
      readonly field: string
    }
  | ListSyntax
  | { readonly kind: 'map'; readonly at: number; readonly entries: readonly EntrySyntax[] }
  | {
      readonly kind: 'call'
      readonly at: number
      readonly name: string
      /** The receiver of a member call comes first. */
      readonly args: readonly SyntaxNode[]
      readonly member?: true
    }
  | MacroSyntax
  | {
      /** `cel.bind(variable, value, body)`. */
      readonly kind: 'bind'
      readonly at: number
      readonly variable: string
      readonly value: SyntaxNode
      readonly body: SyntaxNode
    }

export interface ListSyntax {
  readonly kind: 'list'
  readonly at: number
  readonly items: readonly SyntaxNode[]
  /** Which items have a `?` before them: there when the optional has a value. */
  readonly optional?: readonly number[]
}

export interface EntrySyntax {
  readonly key: SyntaxNode
  readonly value: SyntaxNode
  readonly optional: boolean
}

export interface MacroSyntax {
  readonly kind: 'macro'
  readonly at: number
  readonly macro: CelMacro
  readonly over: SyntaxNode
  readonly variable: string
  /** The second variable, of macros that have index and value, or key and value. */
  readonly second?: string
  /** Only elements that pass are transformed: the middle part of `map(x, test, body)`. */
  readonly test?: SyntaxNode
  readonly body: SyntaxNode
}

export type CelMacro = (typeof MACROS)[number]

export const MACROS = [
  ...(['exists', 'all', 'exists_one', 'map', 'filter'] as const),
  ...(['transformList', 'transformMap', 'transformMapEntry', 'optMap', 'optFlatMap'] as const),
] as const

export type CelLiteral =
  | { readonly type: 'bool'; readonly value: boolean }
  | { readonly type: 'int'; readonly value: bigint }
  | { readonly type: 'uint'; readonly value: bigint }
  | { readonly type: 'double'; readonly value: number }
  | { readonly type: 'string'; readonly value: string }
  | { readonly type: 'bytes'; readonly value: Uint8Array }
  | { readonly type: 'null'; readonly value: null }
