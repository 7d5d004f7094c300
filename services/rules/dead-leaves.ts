import { resolveRule } from '#engine/rules/document/resolve-rule.ts'
import type { RuleCatalogue, RuleDocument, RuleFault } from '#engine/rules/document/rule-document.ts'
import { evaluate } from '#engine/rules/evaluate/evaluate.ts'
import { progress } from '#engine/rules/explain/explain.ts'
import { DAY_MS } from '#engine/shared/duration.ts'
import type { OrganisationId, RuleId, SubjectId } from '#engine/shared/ids.ts'
import { asInstant, type Instant } from '#engine/shared/instant.ts'
import type { Hashes } from '#services/ports/hashes.ts'
import type { Stores } from '#services/ports/stores.ts'
import { draftRule } from './draft-rule-set.ts'
import { traceLeaves } from './trace-leaves.ts'

/** Leaves that wait for events to come, by their operator: others are about people, or about what does not happen. */
const COUNTING: ReadonlySet<string> = new Set(
  'event count distinct distinctOf sum avg min max rate streak first last'.split(' '),
)

/** How many events are looked at, at most: some 100 ms. */
const NEWEST = 5_000

/**
 * Parts of a rule that none of the organisation's newest events would have met: perhaps a type is misspelt, or nothing
 * of it is sent any more. What must *not* happen is no part of it. Nothing is said where there are no events at all.
 */
export async function deadLeafWarnings(
  stores: Stores,
  organisationId: OrganisationId,
  document: RuleDocument,
  setting: {
    readonly now: Instant
    readonly days: number
    readonly hashes: Hashes
    readonly catalogue: RuleCatalogue
  },
): Promise<readonly RuleFault<'rule-dead'>[]> {
  const { now, days, hashes, catalogue } = setting
  const since = asInstant(now - days * DAY_MS)
  const events = await stores.evaluation.recent(organisationId, since, NEWEST)
  if (events.length === 0) return []
  const { document: resolved } = resolveRule(document, catalogue, { at: now, sha256: hashes.sha256 })
  const { ruleSet, ruleId } = draftRule('draft' as RuleId, resolved, hashes)
  const nothing = { states: new Map(), outcomes: new Map(), holdings: new Map() }
  const { states } = evaluate(ruleSet, { now, events, reconsider: [], ...nothing })
  const met = new Set([...states.values()].map(({ leafHash }) => leafHash))
  const question = { now, subjectId: 'nobody' as SubjectId, states: new Map(), holdings: [] }
  const trace = progress(ruleSet, ruleId, question)?.trace
  const which =
    events.length < NEWEST
      ? `No event of the last ${days} days has`
      : `None of the newest ${NEWEST} events has`
  return (trace === undefined ? [] : traceLeaves(trace))
    .filter(({ path, trace: leaf }) => COUNTING.has(leaf.kind) && !path.endsWith('/not'))
    .filter(({ trace: leaf }) => !met.has(leaf.leafHash))
    .map(({ path }) => ({ code: 'rule-dead', path, message: `${which} met this part.` }))
}
