import type {
  LeafNode,
  RuleCatalogue,
  RuleDocument,
  RuleFault,
} from '#engine/rules/document/rule-document.ts'
import { isFactLeaf, visitLeaves, visitNodes } from '#engine/rules/document/rule-nodes.ts'
import { CASCADE_DEPTH } from '#engine/rules/evaluate/cascade-depth.ts'
import type { Findings } from './rule-findings.ts'

/** Whether everything that a rule names exists: achievements, cohorts, codes, attributes, results, and its own parts. */
export function checkReferences(document: RuleDocument, catalogue: RuleCatalogue, findings: Findings): void {
  const { faults } = findings
  checkAchievement(document.achievement, '/achievement', catalogue, faults)
  checkSlug(document.cohort, '/cohort', 'cohort', catalogue.cohorts, faults)
  checkSlug(document.gate?.code, '/gate/code', 'code', catalogue.codes, faults)
  visitLeaves(document.when, '/when', (leaf, path) => {
    if ('holds' in leaf && typeof leaf.holds === 'string') {
      checkAchievement(leaf.holds, `${path}/holds`, catalogue, faults)
      checkCycle(document.achievement, leaf.holds, `${path}/holds`, catalogue, faults)
    }
    if ('cohort' in leaf) checkSlug(leaf.cohort, `${path}/cohort`, 'cohort', catalogue.cohorts, faults)
    if ('code' in leaf) checkSlug(leaf.code, `${path}/code`, 'code', catalogue.codes, faults)
    if ('attribute' in leaf && catalogue.attributes?.has(leaf.attribute) === false)
      faults.push({
        code: 'rule-attribute-unknown',
        path: `${path}/attribute`,
        message: `There is no attribute "${leaf.attribute.slice(0, 40)}".`,
      })
    if ('nomination' in leaf && leaf.for !== undefined)
      checkAchievement(leaf.for, `${path}/for`, catalogue, faults)
  })
  checkParts(document, catalogue, faults)
}

function checkAchievement(slug: string, path: string, catalogue: RuleCatalogue, faults: RuleFault[]): void {
  if (!catalogue.achievements.has(slug))
    faults.push({ code: 'rule-achievement-unknown', path, message: `There is no achievement "${slug}".` })
}

function checkSlug(
  slug: string | undefined,
  path: string,
  what: 'cohort' | 'code',
  known: ReadonlySet<string> | undefined,
  faults: RuleFault[],
): void {
  if (slug !== undefined && known?.has(slug) === false)
    faults.push({ code: `rule-${what}-unknown`, path, message: `There is no ${what} "${slug}".` })
}

/** What penalties, results and evidence name by the id of a part. */
function checkParts(
  document: RuleDocument,
  { resultDescriptions }: RuleCatalogue,
  faults: RuleFault[],
): void {
  const parts = new Map<string, 'resettable' | 'other'>()
  visitNodes(document.when, '/when', (node) => {
    const isLeaf = !('all' in node || 'any' in node || 'nOf' in node || 'not' in node)
    if (node.id !== undefined) parts.set(node.id, isLeaf && isResettable(node) ? 'resettable' : 'other')
  })
  const unknown = (path: string, id: string) => {
    const message = `No part of the rule has the id "${id}".`
    faults.push({ code: 'rule-id-unknown', path, message })
  }
  ;(document.penalty ?? []).forEach(({ resets }, index) => {
    resets.forEach((id, at) => {
      const path = `/penalty/${index}/resets/${at}`
      if (!parts.has(id)) unknown(path, id)
      else if (parts.get(id) !== 'resettable')
        faults.push({
          code: 'rule-reset-impossible',
          path,
          message: `"${id}" is no part that counts events.`,
        })
    })
  })
  const { evidence, results = [] } = document
  if (evidence !== undefined && !parts.has(evidence)) unknown('/evidence', evidence)
  const described = resultDescriptions?.get(document.achievement)
  results.forEach(({ value, resultDescription }, index) => {
    const id = value.slice(0, value.indexOf('.'))
    if (!parts.has(id)) unknown(`/results/${index}/value`, id)
    if (described?.has(resultDescription) === false)
      faults.push({
        code: 'rule-result-unknown',
        path: `/results/${index}/resultDescription`,
        message: `The achievement describes no result "${resultDescription}".`,
      })
  })
}

const isResettable = (leaf: LeafNode): boolean =>
  'sequence' in leaf || !('holds' in leaf || 'absence' in leaf || 'anniversary' in leaf || isFactLeaf(leaf))

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
