import type { LeafNode, RuleDocument } from '#engine/rules/document/rule-document.ts'
import { isFactLeaf, visitLeaves, visitNodes } from '#engine/rules/document/rule-nodes.ts'
import type { Findings } from './rule-findings.ts'

/** Whether it is clear how often a rule awards, and where its negatives end. */
export function checkOccurrence(document: RuleDocument, { faults }: Findings): void {
  const { occurrence, deadline, renewal } = document
  visitNodes(document.when, '/when', (node, path) => {
    if (!('not' in node)) return
    if ('absence' in node.not || 'anniversary' in node.not)
      faults.push({
        code: 'rule-negative-operand',
        path: `${path}/not`,
        message: 'An absence or an anniversary comes about by waiting: it cannot be excluded.',
      })
    const lacks =
      (node.until === 'deadline' && deadline === undefined) ||
      (node.until === 'period' && occurrence.kind !== 'period')
    if (lacks)
      faults.push({
        code: 'rule-negative-end',
        path: `${path}/until`,
        message:
          node.until === 'deadline' ? 'The rule has no deadline.' : 'The rule does not award once a period.',
      })
  })
  const unclear = (path: string, message: string) =>
    faults.push({ code: 'rule-occurrence-unclear', path, message })
  if (renewal !== undefined && occurrence.kind !== 'once')
    unclear('/renewal', 'Only an award that is given once can be renewed.')
  if (occurrence.kind === 'once') return
  const counting: LeafNode[] = []
  visitLeaves(document.when, '/when', (leaf, _, isNegated) => {
    if (!isNegated && looksAtEvents(leaf)) counting.push(leaf)
  })
  if (counting.length === 0)
    unclear('/occurrence', 'No part looks at events, by which one time could be told from another.')
  if (occurrence.kind !== 'unlimited') return
  const [only] = counting
  if (counting.length > 1)
    unclear('/occurrence', 'Several parts look at events: it is not clear which of them make it once more.')
  else if (only !== undefined && ('sequence' in only || 'absence' in only || 'anniversary' in only))
    unclear('/occurrence', 'A sequence, an absence or an anniversary cannot be met time and again.')
}

const looksAtEvents = (leaf: LeafNode): boolean => !('holds' in leaf || isFactLeaf(leaf))
