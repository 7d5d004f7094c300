import { EVENT_TYPES } from '#engine/events/event-vocabulary.ts'
import { parseDuration } from '#engine/shared/duration.ts'
import { MAX_COST } from './cel/cel-cost.ts'
import { CEL_LIMITS, CelRefusal, measureCel } from './cel/cel-syntax.ts'
import { type LeafPlan, planLeaf } from './leaf-plan.ts'
import { isNeverTrue } from './never-true.ts'
import type {
  EventLeaf,
  RuleCatalogue,
  RuleDocument,
  RuleFault,
  RuleNode,
  RuleWarning,
} from './rule-document.ts'
import { visitLeaves } from './rule-nodes.ts'

export interface RuleCheck {
  readonly faults: readonly RuleFault[]
  readonly warnings: readonly RuleWarning[]
}

/** How far prerequisites may reach, and how far one award may set off others in one evaluation. */
export const CASCADE_DEPTH = 16

/**
 * Says everything that is wrong with a rule before it is saved, each with its code and place (RULES.md, "Save time").
 * A rule without faults can be resolved and compiled. Bounded: looks at no more than `CEL_LIMITS.tokens` of CEL.
 */
export function checkRule(document: RuleDocument, catalogue: RuleCatalogue): RuleCheck {
  const faults: RuleFault[] = []
  const warnings: RuleWarning[] = []
  checkAchievement(document.achievement, '/achievement', catalogue, faults)
  checkLeaves(document, catalogue, faults, warnings)
  checkCounts(document.when, '/when', faults)
  checkApprovers(document, catalogue, faults)
  return { faults, warnings }
}

function checkAchievement(slug: string, path: string, catalogue: RuleCatalogue, faults: RuleFault[]): void {
  if (!catalogue.achievements.has(slug))
    faults.push({ code: 'rule-achievement-unknown', path, message: `There is no achievement "${slug}".` })
}

function checkLeaves(
  document: RuleDocument,
  catalogue: RuleCatalogue,
  faults: RuleFault[],
  warnings: RuleWarning[],
): void {
  const eventTypes = { has: (type: string) => EVENT_TYPES.has(type) || catalogue.eventTypes.has(type) }
  if (!isReadable(document, faults)) return
  let cost = 0
  visitLeaves(document.when, '/when', {
    event(leaf, path) {
      checkWindow(leaf, path, catalogue, faults)
      const plan = planOrFault(leaf, path, eventTypes, faults)
      if (plan === undefined) return
      const wasBounded = cost <= MAX_COST
      cost += plan.cost
      if (wasBounded && cost > MAX_COST)
        faults.push({
          code: 'rule-cost-unbounded',
          path: leaf.where === undefined ? path : `${path}/where`,
          message: `For one event the rule could take ${cost} steps; at most ${MAX_COST} are allowed.`,
        })
      warnings.push(...warningsOf(plan, path))
    },
    holds(leaf, path) {
      checkAchievement(leaf.holds, `${path}/holds`, catalogue, faults)
      checkCycle(document.achievement, leaf.holds, `${path}/holds`, catalogue, faults)
    },
  })
}

/** Counts the parts of all expressions before any of them is parsed. */
function isReadable(document: RuleDocument, faults: RuleFault[]): boolean {
  let tokens = 0
  visitLeaves(document.when, '/when', {
    event({ where }, path) {
      if (where === undefined || tokens > CEL_LIMITS.tokens) return
      tokens += measureCel(where).tokens
      if (tokens <= CEL_LIMITS.tokens) return
      const message = `The expressions of a rule have at most ${CEL_LIMITS.tokens} parts together.`
      faults.push({ code: 'rule-too-large', path: `${path}/where`, message })
    },
    holds() {},
  })
  return tokens <= CEL_LIMITS.tokens
}

function planOrFault(
  leaf: EventLeaf,
  path: string,
  eventTypes: { has(type: string): boolean },
  faults: RuleFault[],
): LeafPlan | undefined {
  let member = 'where'
  try {
    return planLeaf(leaf, eventTypes, (name) => {
      member = name
    })
  } catch (error) {
    if (!(error instanceof CelRefusal)) throw error
    const { code, message } = error.fault
    const place = member === 'where' && error.fault.at > 0 ? ` (character ${error.fault.at + 1})` : ''
    faults.push({ code, path: `${path}/${member}`, message: `${message}${place}` })
    return undefined
  }
}

function warningsOf(plan: LeafPlan, path: string): readonly RuleWarning[] {
  const warnings: RuleWarning[] = []
  if (plan.conjuncts.every(({ index }) => index === undefined))
    warnings.push({ code: 'rule-leaf-unfiltered', path, message: 'This part looks at every event.' })
  if (isNeverTrue(plan.conjuncts))
    warnings.push({ code: 'rule-never-true', path, message: 'No event can meet this.' })
  return warnings
}

function checkWindow(leaf: EventLeaf, path: string, { retention }: RuleCatalogue, faults: RuleFault[]): void {
  if (leaf.within === undefined || retention === undefined) return
  if ((parseDuration(leaf.within) ?? 0) > retention)
    faults.push({
      code: 'rule-window-beyond-retention',
      path: `${path}/within`,
      message: 'Events are deleted before the window is over.',
    })
}

/** Follows what the prerequisite itself asks for, as the other rules of the organisation stand now. */
function checkCycle(
  achievement: string,
  prerequisite: string,
  path: string,
  { prerequisites }: RuleCatalogue,
  faults: RuleFault[],
): void {
  const seen = new Set<string>()
  let layer = [prerequisite]
  for (let depth = 1; layer.length > 0; depth++) {
    if (layer.includes(achievement)) {
      const message = `"${prerequisite}" in its turn asks for "${achievement}".`
      faults.push({ code: 'rule-cycle', path, message })
      return
    }
    if (depth > CASCADE_DEPTH) {
      const message = `Prerequisites reach at most ${CASCADE_DEPTH} achievements far.`
      faults.push({ code: 'rule-too-deep', path, message })
      return
    }
    const next = layer.flatMap((slug) => prerequisites.get(slug) ?? []).filter((slug) => !seen.has(slug))
    for (const slug of next) seen.add(slug)
    layer = [...new Set(next)]
  }
}

function checkCounts(node: RuleNode, path: string, faults: RuleFault[]): void {
  const impossible = (at: string, need: number, have: number) => {
    const message = `${need} are asked for where there are ${have}.`
    if (need > have) faults.push({ code: 'rule-quorum-impossible', path: at, message })
  }
  const each = (children: readonly RuleNode[], at: string) => {
    children.forEach((child, index) => {
      checkCounts(child, `${at}/${index}`, faults)
    })
  }
  if ('all' in node) each(node.all, `${path}/all`)
  else if ('any' in node) each(node.any, `${path}/any`)
  else if ('nOf' in node) {
    impossible(`${path}/nOf`, node.nOf, node.of.length)
    each(node.of, `${path}/of`)
  } else if ('not' in node) checkCounts(node.not, `${path}/not`, faults)
  else if ('distinctOf' in node) impossible(`${path}/distinctOf`, node.distinctOf, node.in.length)
}

function checkApprovers({ gate }: RuleDocument, { approvers }: RuleCatalogue, faults: RuleFault[]): void {
  if (gate === undefined || approvers === undefined || gate.approval.quorum <= approvers) return
  faults.push({
    code: 'rule-quorum-impossible',
    path: '/gate/approval/quorum',
    message: `${gate.approval.quorum} people are to approve, and ${approvers} may.`,
  })
}
