import type { AstNode } from './compiled-contracts.ts'

/** What stands between two byte offsets, and what shall stand there. */
export interface TextEdit {
  readonly start: number
  readonly end: number
  readonly to: string
}

/** Applies edits that do not overlap; those at one place in their order. */
export function edited(source: Buffer, edits: readonly TextEdit[]): Buffer {
  const parts: Buffer[] = []
  let at = 0
  for (const { start, end, to } of edits.toSorted((a, b) => a.start - b.start || a.end - b.end)) {
    parts.push(source.subarray(at, start), Buffer.from(to))
    at = end
  }
  return Buffer.concat([...parts, source.subarray(at)])
}

export function rangeOf({ src }: AstNode): readonly [number, number] {
  const [start = 0, length = 0] = src.split(':').map(Number)
  return [start, start + length]
}

export const isNode = (value: unknown): value is AstNode =>
  typeof value === 'object' && value !== null && 'nodeType' in value && 'src' in value

/** The nodes right below this one. */
export function childrenOf(node: AstNode): readonly AstNode[] {
  return Object.values(node).flatMap((member) => (Array.isArray(member) ? member : [member]).filter(isNode))
}
