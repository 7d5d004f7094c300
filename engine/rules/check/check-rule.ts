import type {
  RuleCatalogue,
  RuleDocument,
  RuleFault,
  RuleNode,
  RuleWarning,
} from '#engine/rules/document/rule-document.ts'
import { longestTerm } from '#engine/shared/calendar-term.ts'
import { parseDuration } from '#engine/shared/duration.ts'
import { parseInstant } from '#engine/shared/instant.ts'
import { checkLeaves } from './check-leaves.ts'
import { checkOccurrence } from './check-occurrence.ts'
import { checkReferences } from './check-references.ts'
import { windowsBeyond } from './check-windows.ts'
import type { Findings } from './rule-findings.ts'

export interface RuleCheck {
  readonly faults: readonly RuleFault[]
  readonly warnings: readonly RuleWarning[]
}

/**
 * Says everything that is wrong with a rule before it is saved, each with its code and place (RULES.md, "Save time").
 * A rule without faults can be resolved and compiled. Bounded: looks at no more than `CEL_LIMITS.tokens` of CEL.
 */
export function checkRule(document: RuleDocument, catalogue: RuleCatalogue): RuleCheck {
  const findings: Findings = { faults: [], warnings: [] }
  checkReferences(document, catalogue, findings)
  checkLeaves(document, catalogue, findings)
  if (catalogue.retention !== undefined) findings.faults.push(...windowsBeyond(document, catalogue.retention))
  checkOccurrence(document, findings)
  checkCounts(document.when, '/when', findings)
  checkQuorums(document, catalogue, findings)
  checkTimes(document, catalogue, findings)
  checkRenewal(document, catalogue, findings)
  return findings
}

function checkCounts(node: RuleNode, path: string, findings: Findings): void {
  const impossible = (at: string, need: number, have: number) => {
    const message = `${need} are asked for where there are ${have}.`
    if (need > have) findings.faults.push({ code: 'rule-quorum-impossible', path: at, message })
  }
  const each = (children: readonly RuleNode[], at: string) => {
    children.forEach((child, index) => {
      checkCounts(child, `${at}/${index}`, findings)
    })
  }
  if ('all' in node) each(node.all, `${path}/all`)
  else if ('any' in node) each(node.any, `${path}/any`)
  else if ('nOf' in node) {
    impossible(`${path}/nOf`, node.nOf, node.of.length)
    each(node.of, `${path}/of`)
  } else if ('not' in node) checkCounts(node.not, `${path}/not`, findings)
  else if ('distinctOf' in node) impossible(`${path}/distinctOf`, node.distinctOf, node.in.length)
}

function checkQuorums({ gate }: RuleDocument, { approvers }: RuleCatalogue, { faults }: Findings): void {
  const code = 'rule-quorum-impossible'
  if (gate?.approval !== undefined && approvers !== undefined && gate.approval.quorum > approvers)
    faults.push({
      code,
      path: '/gate/approval/quorum',
      message: `${gate.approval.quorum} people are to approve, and ${approvers} may.`,
    })
  if (gate?.endorsement !== undefined && gate.endorsement.quorum > gate.endorsement.of.length)
    faults.push({
      code,
      path: '/gate/endorsement/quorum',
      message: `${gate.endorsement.quorum} are to endorse, and ${gate.endorsement.of.length} are named.`,
    })
}

function checkTimes(
  { deadline, notBefore }: RuleDocument,
  { now }: RuleCatalogue,
  { faults, warnings }: Findings,
): void {
  if (deadline === undefined) return
  const end = parseInstant(deadline)
  const start = notBefore === undefined ? undefined : parseInstant(notBefore)
  if (end !== undefined && start !== undefined && end <= start)
    faults.push({
      code: 'rule-range-empty',
      path: '/deadline',
      message: 'The deadline is over before events begin to count.',
    })
  if (end !== undefined && now !== undefined && end <= now)
    warnings.push({ code: 'rule-deadline-past', path: '/deadline', message: 'The deadline has passed.' })
}

/** A renewal that can never come about, or that says more than it does. */
function checkRenewal(
  { achievement, renewal }: RuleDocument,
  { validFor }: RuleCatalogue,
  { warnings }: Findings,
): void {
  if (renewal === undefined || validFor === undefined) return
  const term = validFor.get(achievement)
  if (term === undefined) {
    const message = 'Badges of this achievement have no end, so there is nothing to renew.'
    warnings.push({ code: 'rule-renewal-endless', path: '/renewal', message })
    return
  }
  const longest = longestTerm(term)
  if (longest !== undefined && (parseDuration(renewal.before) ?? 0) > longest)
    warnings.push({
      code: 'rule-renewal-too-early',
      path: '/renewal/before',
      message: `A badge is valid for ${term}: events from before it was earned renew nothing.`,
    })
}
