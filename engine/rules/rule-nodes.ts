import { unreachable } from '#engine/shared/never.ts'
import type { EventLeaf, HoldsNode, RuleNode } from './rule-document.ts'

/** Calls back for each leaf of a rule with its JSON pointer, in document order. */
export function visitLeaves<Achievement>(
  node: RuleNode<Achievement>,
  path: string,
  visit: {
    readonly event: (leaf: EventLeaf, path: string, isNegated: boolean) => void
    readonly holds: (leaf: HoldsNode<Achievement>, path: string) => void
  },
): void {
  const each = (children: readonly RuleNode<Achievement>[], at: string) => {
    children.forEach((child, index) => {
      visitLeaves(child, `${at}/${index}`, visit)
    })
  }
  if ('all' in node) each(node.all, `${path}/all`)
  else if ('any' in node) each(node.any, `${path}/any`)
  else if ('nOf' in node) each(node.of, `${path}/of`)
  else if ('not' in node) visit.event(node.not, `${path}/not`, true)
  else if ('holds' in node) visit.holds(node, path)
  else if ('event' in node || 'count' in node || 'distinctOf' in node) visit.event(node, path, false)
  else unreachable(node)
}
