import type { LeafTrace, Trace } from '#engine/rules/explain/trace.ts'

export interface PlacedLeaf {
  /** JSON pointer into the rule document. */
  readonly path: string
  readonly trace: LeafTrace
}

/** The leaves of a trace with their places in the document that it was made by, in document order. */
export function traceLeaves(trace: Trace, path = '/when'): readonly PlacedLeaf[] {
  if (!('children' in trace)) return [{ path, trace }]
  if (trace.kind === 'not') return trace.children.flatMap((child) => traceLeaves(child, `${path}/not`))
  const member = trace.kind === 'nOf' ? 'of' : trace.kind
  return trace.children.flatMap((child, at) => traceLeaves(child, `${path}/${member}/${at}`))
}
