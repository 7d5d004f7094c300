import { ANY_EVENT_TYPE } from '#engine/rules/cel/cel-check.ts'
import type {
  AchievementRef,
  EventLeaf,
  LeafNode,
  ResolvedRule,
  RuleNode,
} from '#engine/rules/document/rule-document.ts'
import { isFactLeaf, kindOf, wholeOf } from '#engine/rules/document/rule-nodes.ts'
import { toHex, utf8 } from '#engine/shared/bytes.ts'
import { canonicalJson } from '#engine/shared/canonical-json.ts'
import { type Duration, parseDuration } from '#engine/shared/duration.ts'
import type { Hash } from '#engine/shared/hash.ts'
import type { AchievementId } from '#engine/shared/ids.ts'
import { type Instant, parseInstant } from '#engine/shared/instant.ts'
import type { Json } from '#engine/shared/json.ts'
import type { LeafReading } from '#engine/state/read-leaf.ts'
import type { ActiveRule } from './active-rule.ts'
import type {
  CompiledLeafNode,
  CompiledMeasured,
  CompiledNode,
  CompiledOccurrence,
  CompiledRule,
  LeafRef,
} from './compiled-rule.ts'
import { planFact, planForeign } from './plan-fact.ts'
import type { LeafPlan, PlanScope } from './plan-leaf.ts'
import { planPart, planPenalty, planSteps } from './plan-part.ts'

export type UnrankedRule = Omit<CompiledRule, 'rank'>

/** A leaf as the rules that read it add to it. */
export interface LeafDraft {
  readonly hash: string
  readonly plan: LeafPlan
  /** By the text of each, so that equal ones count once. */
  readonly readings: Map<string, LeafReading>
  /** Whether every rule that reads it does so in a way that a later item cannot change. */
  mayLatch: boolean
  /** The longest window and lateness over all readings; undefined: unbounded. */
  reach: { readonly window: Duration; readonly lateness: Duration } | undefined
}

/** Compiles one rule version. Its leaves are added to `drafts`, which all rules of a set share. Linear in its size. */
export function compileRule(
  rule: ActiveRule,
  order: number,
  drafts: Map<string, LeafDraft>,
  sha256: Hash,
): UnrankedRule {
  const { document } = rule
  const leafHashes = new Set<string>()
  const fragileHashes = new Set<string>()
  const prerequisites = new Set<AchievementId>()
  const notBefore = momentOf(document.notBefore)
  const lateness =
    document.allowedLateness === undefined ? undefined : parseDuration(document.allowedLateness)
  const scope: PlanScope = {
    eventTypes: ANY_EVENT_TYPE,
    recipient: document.recipient,
    ...(document.occurrence.kind === 'context' ? { context: document.occurrence.by } : {}),
    inMember: () => {},
  }
  const isLatching = document.occurrence.kind === 'once' && document.renewal === undefined

  /** Makes the state known under its hash. Without a reading it is read as a whole, and nothing of it may go. */
  const draftOf = (plan: LeafPlan, isEvent: boolean, reading?: LeafReading): LeafRef => {
    const hash = leafHashOf(plan, sha256)
    const reach =
      reading?.window.kind === 'rolling' && lateness !== undefined
        ? { window: reading.window.length, lateness }
        : undefined
    const known = drafts.get(hash)
    const draft = known ?? { hash, plan, readings: new Map(), mayLatch: true, reach }
    drafts.set(hash, draft)
    if (reading === undefined) draft.mayLatch = false
    else draft.readings.set(canonicalJson(reading as unknown as Json), reading)
    if (known !== undefined) draft.reach = widest(draft.reach, reach)
    leafHashes.add(hash)
    return { hash, isEvent }
  }

  const penalties = (document.penalty ?? []).map(({ where, resets }) => ({
    leaf: draftOf(planPenalty(where, scope), true),
    resets: new Set(resets),
  }))
  for (const { leaf } of penalties) fragileHashes.add(leaf.hash)
  const resetsOf = (id: string | undefined): readonly LeafRef[] =>
    id === undefined ? [] : penalties.filter(({ resets }) => resets.has(id)).map(({ leaf }) => leaf)

  const compileEventLeaf = (leaf: EventLeaf, isNegated: boolean): CompiledLeafNode => {
    const plan = planPart(leaf, scope)
    const { how, anchor, join } = plan
    const anchorRef = anchor === undefined ? undefined : draftOf(anchor.plan, true)
    if (anchorRef !== undefined) fragileHashes.add(anchorRef.hash)
    if (how.kind !== 'measured') {
      const main = draftOf(plan.main, true)
      fragileHashes.add(main.hash)
      return {
        form: 'stretch',
        kind: how.kind,
        id: leaf.id,
        leaf: main,
        anchor: anchorRef,
        pick: anchor?.pick ?? 'first',
        notBefore,
        length: how.kind === 'absence' ? how.length : 0,
        after: how.kind === 'anniversary' ? how.after : { years: 0, months: 0, days: 0 },
        zone: how.kind === 'anniversary' ? how.zone : 'UTC',
      }
    }
    const reading: LeafReading = { measure: how.measure, window: how.window, notBefore }
    const resets = resetsOf(leaf.id)
    const isForGood =
      isLatching &&
      !isNegated &&
      resets.length === 0 &&
      join === undefined &&
      anchor === undefined &&
      STEADY.has(how.measure.kind)
    const main = draftOf(plan.main, true, isForGood ? reading : undefined)
    if (isNegated || !STEADY.has(how.measure.kind)) fragileHashes.add(main.hash)
    const joins = join?.joins.map(({ name, plan: joined, within, pick }) => {
      const ref = { name, leaf: draftOf(joined, false), within, pick }
      fragileHashes.add(ref.leaf.hash)
      return ref
    })
    return {
      form: 'measured',
      kind: kindOf(leaf),
      id: leaf.id,
      leaf: main,
      reading,
      anchor: anchorRef,
      resets,
      join:
        join === undefined || joins === undefined
          ? undefined
          : { joins, passes: join.passes, condition: join.condition },
      values: plan.values,
      about: undefined,
    }
  }

  const compileLeaf = (node: LeafNode<AchievementRef>, isNegated: boolean): CompiledLeafNode => {
    if ('sequence' in node)
      return {
        form: 'sequence',
        kind: 'sequence',
        id: node.id,
        steps: planSteps(node, scope).map((step) => {
          const ref = draftOf(step, true)
          if (isNegated) fragileHashes.add(ref.hash)
          return ref
        }),
        within: node.within === undefined ? undefined : parseDuration(node.within),
        notBefore,
        resets: resetsOf(node.id),
      }
    if ('holds' in node) return compileHolds(node, isNegated)
    if (!isFactLeaf(node)) return compileEventLeaf(node, isNegated)
    const { main, measure } = planFact(node, { achievement: document.achievement.slug, inMember: () => {} })
    const reading: LeafReading = { measure, window: { kind: 'life' }, notBefore: undefined }
    const isForGood = !isNegated && isLatching && STEADY.has(measure.kind)
    const leaf = draftOf(main, false, isForGood ? reading : undefined)
    if (isNegated || !STEADY.has(measure.kind)) fragileHashes.add(leaf.hash)
    return {
      form: 'measured',
      kind: kindOf(node),
      id: node.id,
      leaf,
      reading,
      anchor: undefined,
      resets: [],
      join: undefined,
      values: [],
      about: aboutOf(node),
    }
  }

  const compileHolds = (
    node: Extract<LeafNode<AchievementRef>, { holds: unknown }>,
    isNegated: boolean,
  ): CompiledLeafNode => {
    const { holds, id, validAt = 'award' } = node
    if ('foreign' in holds) {
      const leaf = draftOf(planForeign(holds), false)
      if (isNegated) fragileHashes.add(leaf.hash)
      return { form: 'foreign', kind: 'holds', id, leaf, foreign: holds.foreign, validAt }
    }
    prerequisites.add(holds.id)
    const hash = hashText({ operator: 'holds', achievement: holds.id }, sha256)
    return { form: 'holds', kind: 'holds', id, hash, achievement: holds, validAt }
  }

  const compileNode = (node: RuleNode<AchievementRef>): CompiledNode => {
    const group = (
      kind: 'all' | 'any' | 'nOf',
      need: number,
      children: readonly RuleNode<AchievementRef>[],
    ) => ({ kind, id: node.id, need, children: children.map(compileNode) })
    if ('all' in node) return group('all', node.all.length, node.all)
    if ('any' in node) return group('any', 1, node.any)
    if ('nOf' in node) return group('nOf', node.nOf, node.of)
    if ('not' in node)
      return {
        kind: 'not',
        id: node.id,
        leaf: compileLeaf(node.not, true),
        until: node.until ?? 'satisfied',
        settle: node.settle === undefined ? 0 : (parseDuration(node.settle) ?? 0),
      }
    return compileLeaf(node, false)
  }

  const when = compileNode(wholeOf(document))
  const cooldown = document.limits?.cooldown
  return {
    rule,
    order,
    when,
    occurrence: compileOccurrence(document, when),
    deadline: momentOf(document.deadline),
    outcome: outcomeOf(document, rule.status),
    limits: {
      ...document.limits,
      ...(cooldown === undefined ? {} : { cooldownMs: parseDuration(cooldown) ?? 0 }),
    },
    isOnePerPerson: document.onePerPerson ?? false,
    onRetract: document.onRetract ?? 'review',
    notifiesWhenFalse: document.onFalse === 'notify',
    eventLeaves: eventLeavesOf(when),
    leafHashes,
    fragileHashes,
    prerequisites: [...prerequisites],
  }
}

/** Measures that an item more can only bring nearer. */
const STEADY: ReadonlySet<string> = new Set(['count', 'distinct', 'max', 'streak'])

const widest = (a: LeafDraft['reach'], b: LeafDraft['reach']): LeafDraft['reach'] =>
  a === undefined || b === undefined
    ? undefined
    : { window: Math.max(a.window, b.window), lateness: Math.max(a.lateness, b.lateness) }

const momentOf = (text: string | undefined): Instant | undefined =>
  text === undefined ? undefined : parseInstant(text)

function outcomeOf({ mode, gate }: ResolvedRule, status: ActiveRule['status']): CompiledRule['outcome'] {
  if (status === 'shadow' || mode === 'suggest') return 'would_award'
  return mode === 'review' || gate?.approval !== undefined ? 'needs_review' : 'award'
}

function compileOccurrence({ occurrence, renewal }: ResolvedRule, when: CompiledNode): CompiledOccurrence {
  switch (occurrence.kind) {
    case 'once':
      return {
        kind: 'once',
        renewsBefore: renewal === undefined ? undefined : (parseDuration(renewal.before) ?? 0),
      }
    case 'period':
      return occurrence
    case 'context':
      return { kind: 'context' }
    case 'unlimited': {
      const [trigger] = triggersOf(when)
      if (trigger === undefined) throw new Error('A rule that awards without limit has no trigger.')
      return { kind: 'unlimited', trigger }
    }
  }
}

/** The parts that count events, those of a `not` left out. */
export function triggersOf(node: CompiledNode): readonly CompiledMeasured[] {
  if ('children' in node) return node.children.flatMap(triggersOf)
  if (node.kind === 'not' || !('form' in node)) return []
  return node.form === 'measured' && node.leaf.isEvent ? [node] : []
}

function eventLeavesOf(node: CompiledNode): readonly LeafRef[] {
  if ('children' in node) return node.children.flatMap(eventLeavesOf)
  if (node.kind === 'not') return []
  switch (node.form) {
    case 'measured':
    case 'stretch':
      return node.leaf.isEvent ? [node.leaf] : []
    case 'sequence':
      return node.steps
    default:
      return []
  }
}

const aboutOf = (node: LeafNode<AchievementRef>): string | undefined => {
  if ('attribute' in node) return node.attribute
  if ('cohort' in node) return node.cohort
  if ('competency' in node) return node.competency
  if ('code' in node) return node.code
  return 'attested' in node ? node.attested : undefined
}

/** 64 hexadecimal digits. Thresholds, windows and `notBefore` are not part of it: leaves that differ in them share their state. */
function leafHashOf({ recipient, predicate, kept }: LeafPlan, sha256: Hash): string {
  return hashText({ recipient, predicate, kept }, sha256)
}

export const hashText = (value: Json, sha256: Hash): string =>
  toHex(sha256(utf8(canonicalJson(value)))).slice(2)
