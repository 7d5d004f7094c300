import type { LeafTrace } from '#engine/rules/explain/trace.ts'
import { unreachable } from '#engine/shared/never.ts'
import type {
  AchievementRef,
  FactNode,
  ForeignBadge,
  LeafNode,
  ResolvedRule,
  RuleDocument,
  RuleNode,
} from './rule-document.ts'

/** Calls back for each leaf of a rule with its JSON pointer, in document order. */
export function visitLeaves<Achievement>(
  node: RuleNode<Achievement>,
  path: string,
  visit: (leaf: LeafNode<Achievement>, path: string, isNegated: boolean) => void,
): void {
  visitNodes(node, path, (child, at) => {
    if ('not' in child) visit(child.not, `${at}/not`, true)
    else if (!('all' in child || 'any' in child || 'nOf' in child)) visit(child, at, false)
  })
}

/** Calls back for every part, a group before its children; what stands in a `not` is not called back for. */
export function visitNodes<Achievement>(
  node: RuleNode<Achievement>,
  path: string,
  visit: (node: RuleNode<Achievement>, path: string) => void,
): void {
  visit(node, path)
  const each = (children: readonly RuleNode<Achievement>[], at: string) => {
    children.forEach((child, index) => {
      visitNodes(child, `${at}/${index}`, visit)
    })
  }
  if ('all' in node) each(node.all, `${path}/all`)
  else if ('any' in node) each(node.any, `${path}/any`)
  else if ('nOf' in node) each(node.of, `${path}/of`)
}

/** The achievements of this organisation that a rule asks to be held, or not to be held; each as often as it is named. */
export function askedAchievements<Achievement>(node: RuleNode<Achievement>): readonly Achievement[] {
  const asked: Achievement[] = []
  visitLeaves(node, '', (leaf) => {
    if ('holds' in leaf && !isForeign(leaf.holds)) asked.push(leaf.holds)
  })
  return asked
}

const isForeign = <Achievement>(holds: Achievement | ForeignBadge): holds is ForeignBadge =>
  typeof holds === 'object' && holds !== null && 'foreign' in holds

/** The operator of a leaf. */
export function kindOf<Achievement>(leaf: LeafNode<Achievement>): LeafTrace['kind'] {
  const kind = LEAF_KINDS.find((name) => name in leaf)
  return kind ?? unreachable(leaf as never)
}

const FACT_KINDS = ['attribute', 'cohort', 'competency', 'code', 'nomination', 'attested'] as const
/** Operators that are also members of others come last. */
const LEAF_KINDS = [
  ...(['sequence', 'holds', 'anniversary', 'absence', 'streak', 'distinctOf', 'distinct', 'count'] as const),
  ...(['sum', 'avg', 'min', 'max', 'rate', 'first', 'last'] as const),
  ...FACT_KINDS,
  'event',
] as const

export const isFactLeaf = <Achievement>(leaf: LeafNode<Achievement>): leaf is FactNode =>
  FACT_KINDS.some((kind) => kind in leaf)

/** What a rule asks for in all: `when`, and beside it the cohort and the claim code that the rule itself names. */
export function wholeOf(rule: ResolvedRule): RuleNode<AchievementRef>
export function wholeOf(rule: RuleDocument): RuleNode
export function wholeOf({
  when,
  cohort,
  gate,
}: ResolvedRule | RuleDocument): RuleNode<AchievementRef | string> {
  const conditions: FactNode[] = []
  if (cohort !== undefined) conditions.push({ cohort })
  if (gate?.code !== undefined) conditions.push({ code: gate.code })
  return conditions.length === 0
    ? when
    : ({ all: [when, ...conditions] } as RuleNode<AchievementRef | string>)
}
