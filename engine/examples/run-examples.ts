import { assignSubjects, type GivenEvent } from '#engine/events/given-events.ts'
import { identifierText } from '#engine/events/identifier.ts'
import type { StoredEvent } from '#engine/events/learning-event.ts'
import type { ActiveRule } from '#engine/rules/compile/active-rule.ts'
import { compileRules } from '#engine/rules/compile/rule-set.ts'
import { resolveRule } from '#engine/rules/document/resolve-rule.ts'
import type { RuleCatalogue, RuleDocument } from '#engine/rules/document/rule-document.ts'
import type { Holding } from '#engine/rules/evaluate/evaluation.ts'
import { type NamedRecipients, recipientsOf } from '#engine/rules/evaluate/recipients.ts'
import { type Simulation, simulate } from '#engine/rules/evaluate/simulate.ts'
import { progress } from '#engine/rules/explain/explain.ts'
import { explainInWords } from '#engine/rules/explain/words.ts'
import type { Hash } from '#engine/shared/hash.ts'
import type { EventId, RuleId, RuleVersionId, SubjectId } from '#engine/shared/ids.ts'
import { asInstant, formatInstant, type Instant } from '#engine/shared/instant.ts'
import type { ExpectedAward, RuleExamples } from './rule-examples.ts'

/** A rule of a folder, under the name by which the folder knows it. */
export interface NamedRule {
  readonly name: string
  readonly document: RuleDocument
}

export interface RulesTogether {
  /** All rules that are in force together: an award of one may be asked for by another. */
  readonly rules: readonly NamedRule[]
  readonly catalogue: RuleCatalogue
}

export interface ExampleRun {
  /** The rule whose examples these are. */
  readonly name: string
  readonly events: readonly GivenEvent[]
  readonly examples: RuleExamples
}

/** One expectation that was not met, in words, with what was wanted and what was found. */
export interface Disappointment {
  readonly what: string
  readonly expected: string
  readonly found: string
}

/** Runs the examples of a rule and says what differs from what is expected. */
export type RunExamples = (run: ExampleRun) => readonly Disappointment[]

/**
 * Makes rules ready for the examples of each of them. They are compiled once; where one of them says `notBefore` or
 * `deadline` from its activation, once per moment at which examples are looked at. Pure.
 */
export function prepareExamples(together: RulesTogether, sha256: Hash): RunExamples {
  const compile = compileOnce(together, sha256)
  return (run) => {
    const stage = setUp(run, together.catalogue, compile)
    return [...compareAwards(run, stage), ...compareWords(run, stage), ...compareNearMisses(run, stage)]
  }
}

interface Stage {
  readonly now: Instant
  readonly ruleSet: ReturnType<typeof compileRules>
  readonly rule: ActiveRule
  readonly events: readonly StoredEvent[]
  readonly simulation: Simulation
}

interface Compiled {
  readonly ruleSet: Stage['ruleSet']
  readonly byName: ReadonlyMap<string, ActiveRule>
}

function compileOnce({ rules, catalogue }: RulesTogether, sha256: Hash): (now: Instant) => Compiled {
  const hasRelative = rules.some(
    ({ document: { notBefore, deadline } }) => isRelative(notBefore) || isRelative(deadline),
  )
  const known = new Map<Instant | undefined, Compiled>()
  return (now) => {
    const key = hasRelative ? now : undefined
    const before = known.get(key)
    if (before !== undefined) return before
    const active = rules.map((rule) => activate(rule, catalogue, now, sha256))
    const compiled = {
      ruleSet: compileRules(active, sha256),
      byName: new Map(active.map((rule) => [rule.ruleId as string, rule])),
    }
    known.set(key, compiled)
    return compiled
  }
}

/** `-P1Y` or `P30D`: from the activation. */
const isRelative = (moment: string | undefined): boolean => moment !== undefined && /^-?P/.test(moment)

function setUp(
  { name, events: given, examples }: ExampleRun,
  catalogue: RuleCatalogue,
  compile: (now: Instant) => Compiled,
): Stage {
  const own = assignSubjects(
    given.map(({ event }, at) => ({ event, id: `${event.sourceId} (${at})` as EventId })),
  )
  const last = own.reduce((latest, { time }) => Math.max(latest, time), 0)
  const now = examples.now ?? asInstant(last)
  const { ruleSet, byName } = compile(now)
  const rule = byName.get(name)
  if (rule === undefined) throw new Error('Examples were run for a rule that is not among the rules.')
  const holdings = new Map(
    [...examples.holdings].map(([learner, held]) => [
      learner as SubjectId,
      held.flatMap(({ achievement, since }): Holding[] => {
        const found = catalogue.achievements.get(achievement)
        return found === undefined ? [] : [{ achievementId: found.id, since }]
      }),
    ]),
  )
  const named = spread(ruleSet, own, { isNearMiss: false })
  const missed = spread(ruleSet, own, { isNearMiss: true })
  const counting = [...own, ...named]
  const simulation = simulate(ruleSet, counting, { until: now, holdings })
  return { now, ruleSet, rule, events: [...counting, ...missed], simulation }
}

/** Events once more for whom they name by the path of a rule, and what takes such an event back for them as well. */
function spread(
  ruleSet: Stage['ruleSet'],
  own: readonly StoredEvent[],
  { isNearMiss }: Pick<NamedRecipients, 'isNearMiss'>,
): readonly StoredEvent[] {
  const named = own.flatMap((event) =>
    recipientsOf(ruleSet, event)
      .filter((each) => each.isNearMiss === isNearMiss)
      .flatMap(({ path, identifiers }) =>
        identifiers.map(
          (identifier): StoredEvent => ({
            ...event,
            subjectId: identifierText(identifier) as SubjectId,
            recipient: path,
          }),
        ),
      ),
  )
  const voids = own.filter((event) => event.voids !== undefined)
  const back = named.flatMap(({ subjectId, source, sourceId, recipient }) =>
    voids
      .filter((event) => event.source === source && event.voids === sourceId)
      .map(
        (event): StoredEvent => ({ ...event, subjectId, ...(recipient === undefined ? {} : { recipient }) }),
      ),
  )
  return [...named, ...back]
}

function activate(rule: NamedRule, catalogue: RuleCatalogue, at: Instant, sha256: Hash): ActiveRule {
  const { document } = resolveRule(rule.document, catalogue, { at, sha256 })
  return {
    ruleId: rule.name as RuleId,
    ruleVersionId: rule.name as RuleVersionId,
    achievementId: document.achievement.id,
    status: 'active',
    document,
  }
}

function compareAwards({ examples }: ExampleRun, stage: Stage): readonly Disappointment[] {
  const found = stage.simulation.decisions
    .filter(({ ruleId, outcome }) => ruleId === stage.rule.ruleId && outcome !== 'retracted')
    .map(({ subjectId, metAt, occurrence, outcome }) => ({
      learner: subjectId as string,
      ...{ metAt, occurrence, outcome },
    }))
  const left = [...found]
  const missing = examples.awards.filter((wanted) => {
    const at = left.findIndex((award) => fits(wanted, award))
    if (at >= 0) left.splice(at, 1)
    return at < 0
  })
  const disappointments = missing.map((wanted): Disappointment => {
    // The same person's other award is what was found instead.
    const at = left.findIndex(({ learner }) => learner === wanted.learner)
    const [instead] = at < 0 ? [] : left.splice(at, 1)
    return {
      what: wanted.learner,
      expected: printAward(wanted),
      found: instead === undefined ? whyNot(wanted.learner, stage) : printAward(instead),
    }
  })
  const surplus = left.map(
    (award): Disappointment => ({
      what: award.learner,
      expected: 'no award',
      found: printAward(award),
    }),
  )
  return [...disappointments, ...surplus]
}

function fits(wanted: ExpectedAward, found: Required<ExpectedAward>): boolean {
  const { learner, metAt, occurrence, outcome } = wanted
  return (
    learner === found.learner &&
    (metAt === undefined || metAt === found.metAt) &&
    (occurrence === undefined || occurrence === found.occurrence) &&
    (outcome === undefined || outcome === found.outcome)
  )
}

const printAward = ({ metAt, occurrence, outcome }: ExpectedAward): string =>
  [
    outcome ?? 'award',
    ...(metAt === undefined ? [] : [`met at ${formatInstant(metAt)}`]),
    ...(occurrence === undefined ? [] : [`occurrence ${occurrence}`]),
  ].join(', ')

function whyNot(learner: string, stage: Stage): string {
  const lines = tell(learner, stage, 'en')
  return `no award${lines.length === 0 ? '' : `: ${lines.map((line) => line.trim()).join(' ')}`}`
}

function compareWords({ examples }: ExampleRun, stage: Stage): readonly Disappointment[] {
  return [...examples.words].flatMap(([learner, wanted]) => {
    const found = tell(learner, stage, examples.language)
    const isSame = found.length === wanted.length && found.every((line, at) => line === wanted[at])
    return isSame
      ? []
      : [{ what: `words for ${learner}`, expected: wanted.join('\n'), found: found.join('\n') }]
  })
}

function compareNearMisses({ examples }: ExampleRun, stage: Stage): readonly Disappointment[] {
  return examples.nearMisses.flatMap(({ learner, conjunct }) => {
    const misses = nearMissesOf(progressOf(learner, stage)?.trace)
    return misses.includes(conjunct)
      ? []
      : [{ what: `near miss of ${learner}`, expected: conjunct, found: misses.join(', ') || 'none' }]
  })
}

function progressOf(learner: string, { now, ruleSet, rule, events, simulation }: Stage) {
  const subjectId = learner as SubjectId
  return progress(ruleSet, rule.ruleId, {
    now,
    subjectId,
    states: simulation.states,
    holdings: simulation.holdings.get(subjectId) ?? [],
    events: events.filter((event) => event.subjectId === subjectId),
  })
}

function tell(learner: string, stage: Stage, language: 'en' | 'nl'): readonly string[] {
  const found = progressOf(learner, stage)
  if (found === undefined) return []
  const sentences = explainInWords(found.trace, stage.rule.document, language)
  return sentences.map(({ depth, text }) => `${'  '.repeat(depth)}${text}`)
}

function nearMissesOf(trace: unknown): readonly string[] {
  if (typeof trace !== 'object' || trace === null) return []
  return Object.entries(trace).flatMap(([name, part]) =>
    name === 'nearMiss' ? [String((part as { conjunct?: unknown }).conjunct)] : nearMissesOf(part),
  )
}
