import { formatInstant, type Instant } from '#engine/shared/instant.ts'
import { unreachable } from '#engine/shared/never.ts'
import { judgeAnchor } from '#engine/verification/checks/anchor.ts'
import type { AnchorFact } from '#engine/verification/verification-facts.ts'
import type { AnchorSummary, Check, Outcome } from '#engine/verification/verification-report.ts'
import type { ReadDecision } from './decision-document.ts'
import type { ReplayGap, ReplayResult } from './replay-decision.ts'

export type ReplayCheckName =
  /** The decision document fits its receipt, and the receipt leads to a batch on chain. */
  | 'decision-anchor'
  /** The same for the rule version. */
  | 'rule-anchor'
  /** The rule version is the one that the decision names. */
  | 'rule-version'
  /** The rule version was on chain no later than the decision. */
  | 'order'
  /** The rule version gives the same decision on the events. */
  | 'replay'

export interface ReplayCheck extends Omit<Check, 'name'> {
  readonly name: ReplayCheckName
}

export interface ReplayFacts {
  readonly checkedAt: Instant
  readonly issuer: string
  /** The member at fault where the document cannot be read as a decision. */
  readonly decision: ReadDecision | { readonly unreadable: string }
  readonly decisionAnchor: AnchorFact
  readonly ruleAnchor: AnchorFact
  readonly isNamedRule: boolean
  /** As the rule version names it; undefined where that cannot be read. */
  readonly slug?: string
  /** Undefined where there was nothing to replay: a document could not be read. */
  readonly replay?: ReplayResult | { readonly kind: 'rule-unreadable'; readonly reason: string }
}

export interface ReplayReport {
  /** `broken`: a receipt does not hold, or the rule is another one, so that a replay says nothing. */
  readonly verdict: 'same' | 'different' | 'broken' | 'undecided'
  readonly checkedAt: Instant
  readonly issuer: string
  readonly checks: readonly ReplayCheck[]
  readonly decision?: Pick<
    ReadDecision,
    'achievement' | 'subject' | 'rule' | 'ruleVersion' | 'occurrence' | 'outcome' | 'metAt' | 'decidedAt'
  >
  /** What the rule version calls the achievement. */
  readonly slug?: string
  readonly decisionAnchor?: AnchorSummary
  readonly ruleAnchor?: AnchorSummary
  readonly replay?: ReplayFacts['replay']
  /** What the report does not say, one English sentence each. */
  readonly notProved: readonly string[]
}

/** Turns what was found out into a report: one failed check breaks it, one that could not be made leaves it open. */
export function reportReplay(facts: ReplayFacts): ReplayReport {
  const { decision, decisionAnchor, ruleAnchor, replay } = facts
  const checks = [
    named('decision-anchor', judgeAnchor(decisionAnchor)),
    named('rule-anchor', judgeAnchor(ruleAnchor)),
    judgeVersion(facts),
    judgeOrder(decisionAnchor, ruleAnchor),
    judgeReplay(facts),
  ]
  return {
    verdict: verdictOf(checks),
    checkedAt: facts.checkedAt,
    issuer: facts.issuer,
    checks,
    ...('unreadable' in decision ? {} : { decision: summarise(decision) }),
    ...(facts.slug === undefined ? {} : { slug: facts.slug }),
    ...('summary' in decisionAnchor ? { decisionAnchor: decisionAnchor.summary } : {}),
    ...('summary' in ruleAnchor ? { ruleAnchor: ruleAnchor.summary } : {}),
    ...(replay === undefined ? {} : { replay }),
    notProved: notProved(decisionAnchor, checks),
  }
}

function verdictOf(checks: readonly ReplayCheck[]): ReplayReport['verdict'] {
  const failed = checks.filter(({ outcome }) => outcome === 'failed')
  if (failed.some(({ name }) => name !== 'replay')) return 'broken'
  if (failed.length > 0) return 'different'
  return checks.some(({ outcome }) => outcome === 'unknown') ? 'undecided' : 'same'
}

const check = (name: ReplayCheckName, outcome: Outcome, code: string, detail: string): ReplayCheck => ({
  name,
  outcome,
  code,
  detail,
})

const named = (name: ReplayCheckName, { outcome, code, detail }: Check): ReplayCheck =>
  check(name, outcome, code, detail)

function judgeVersion({ decision, isNamedRule }: ReplayFacts): ReplayCheck {
  if ('unreadable' in decision) {
    const place = decision.unreadable === '' ? '' : ` (/${decision.unreadable})`
    const detail = `The document is no decision that can be read${place}.`
    return check('rule-version', 'failed', 'decision-unreadable', detail)
  }
  return isNamedRule
    ? check('rule-version', 'passed', 'rule-version-named', 'The decision names this very rule version.')
    : check('rule-version', 'failed', 'rule-version-other', 'The decision names another rule version.')
}

/** A rule that was written after the fact would fit anything. */
function judgeOrder(decision: AnchorFact, rule: AnchorFact): ReplayCheck {
  const decided = 'summary' in decision ? decision.summary.anchoredAt : undefined
  const ruled = 'summary' in rule ? rule.summary.anchoredAt : undefined
  if (decided === undefined || ruled === undefined)
    return check(
      'order',
      'unknown',
      'order-unknown',
      'Which of the two was anchored first could not be told.',
    )
  if (ruled > decided)
    return check('order', 'failed', 'rule-later', 'The rule version was anchored after the decision.')
  return ruled < decided
    ? check('order', 'passed', 'rule-first', 'The rule version was anchored before the decision.')
    : check('order', 'passed', 'rule-together', 'Both were anchored together.')
}

function judgeReplay({ replay }: ReplayFacts): ReplayCheck {
  const unknown = (code: string, detail: string) => check('replay', 'unknown', code, detail)
  if (replay === undefined)
    return check('replay', 'not_applicable', 'not-replayed', 'There was nothing to replay.')
  switch (replay.kind) {
    case 'same': {
      const detail = `On the ${replay.events} events given, the rule version decides the same.`
      return check('replay', 'passed', 'replay-same', detail)
    }
    case 'different': {
      const parts = replay.differences.map(({ part }) => part).join(', ')
      const detail = `On the ${replay.events} events given, the rule version decides otherwise: ${parts}.`
      return check('replay', 'failed', 'replay-different', detail)
    }
    case 'rule-unreadable':
      return unknown('rule-unreadable', `This version of waarmerk cannot read the rule: ${replay.reason}`)
    case 'unknown':
      return unknown(replay.reasons[0]?.code ?? 'unknown', tellGaps(replay.reasons))
    default:
      return unreachable(replay)
  }
}

function tellGaps(reasons: readonly ReplayGap[]): string {
  const [altered, missing] = [count(reasons, 'event-altered'), count(reasons, 'event-missing')]
  const parts = [
    ...(missing === 0 ? [] : [`${missing} not given`]),
    ...(altered === 0 ? [] : [`${altered} given with other content`]),
  ]
  const unclear = reasons.find(({ code }) => code === 'person-unclear')
  if (unclear !== undefined)
    return 'The events name several people together, and it depends on which of them the decision is about: give their export.'
  return `Of the events that the decision rests on: ${parts.join(', ')}.`
}

const count = (reasons: readonly ReplayGap[], code: ReplayGap['code']): number =>
  reasons.filter((reason) => reason.code === code).length

function summarise(decision: ReadDecision): NonNullable<ReplayReport['decision']> {
  const { achievement, subject, rule, ruleVersion, occurrence, outcome, metAt, decidedAt } = decision
  return { achievement, subject, rule, ruleVersion, occurrence, outcome, metAt, decidedAt }
}

function notProved(anchor: AnchorFact, checks: readonly ReplayCheck[]): readonly string[] {
  const independent = 'summary' in anchor ? anchor.summary.independent : undefined
  const at = 'summary' in anchor ? anchor.summary.anchoredAt : undefined
  return [
    'That the events are true, or that none was withheld.',
    'That the person should have the award: a replay follows the rule and judges neither the rule nor the person.',
    ...(at === undefined
      ? []
      : [`When the decision was made: only that it existed by ${formatInstant(at)}.`]),
    ...(checks.some(({ code }) => code === 'rule-together')
      ? ['That the rule was there before the decision: the chain got both at once.']
      : []),
    ...(independent === false ? ['That somebody else than the issuer keeps the chain.'] : []),
    'That the award still stands: it may have been taken back since.',
  ]
}
