import type { CompiledRule } from '#engine/rules/compile/compiled-rule.ts'
import type { EventId } from '#engine/shared/ids.ts'
import type { LeafTrace, Trace } from './trace.ts'

/** The events of the part that the rule names as evidence; undefined where it names none. In the order of the trace. */
export function evidenceOf({ rule }: CompiledRule, trace: Trace): readonly EventId[] | undefined {
  const { evidence } = rule.document
  if (evidence === undefined) return undefined
  const part = partOf(trace, evidence)
  return part === undefined ? [] : [...new Set(leavesOf(part).flatMap((leaf) => leaf.evidence))]
}

/** The part of a trace with this id. */
export function partOf(trace: Trace, id: string): Trace | undefined {
  if (trace.id === id) return trace
  if (!('children' in trace)) return undefined
  for (const child of trace.children) {
    const found = partOf(child, id)
    if (found !== undefined) return found
  }
  return undefined
}

/** The leaves below a part, those of a `not` left out: they are what is not there. */
export function leavesOf(trace: Trace): readonly LeafTrace[] {
  if (!('children' in trace)) return [trace]
  return trace.kind === 'not' ? [] : trace.children.flatMap(leavesOf)
}
