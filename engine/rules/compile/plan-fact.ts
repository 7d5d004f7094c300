import { FACT_TYPES } from '#engine/events/fact-events.ts'
import { ANY_EVENT_TYPE, checkExpression, checkPredicate } from '#engine/rules/cel/cel-check.ts'
import { compileText } from '#engine/rules/cel/cel-compile.ts'
import { parseCel } from '#engine/rules/cel/cel-syntax.ts'
import { BOOL, type CelType, DOUBLE, DYN, STRING } from '#engine/rules/cel/cel-type.ts'
import type { AttributeType, FactNode, ForeignBadge } from '#engine/rules/document/rule-document.ts'
import type { Json } from '#engine/shared/json.ts'
import { unreachable } from '#engine/shared/never.ts'
import type { Measure } from '#engine/state/measure.ts'
import { ACTOR } from './event-actor.ts'
import {
  isField,
  isOfType,
  isOneOf,
  keepNumber,
  keepTruth,
  kept,
  type LeafPlan,
  planLeaf,
} from './plan-leaf.ts'

/** What is known of a person is told by events, too: `engine/events/fact-events.ts`. They are always about the actor. */
export interface FactPlan {
  readonly main: LeafPlan
  readonly measure: Measure
}

export interface FactScope {
  readonly attributes?: ReadonlyMap<string, AttributeType>
  /** The achievement that a nomination is for, where it does not say. */
  readonly achievement: string
  readonly inMember: (member: string) => void
}

const ANY = { eventTypes: ANY_EVENT_TYPE }

/** Understands one leaf on a fact. Throws `CelRefusal` for what is wrong with the expression of an `attribute`. */
export function planFact(leaf: FactNode, { attributes, achievement, inMember }: FactScope): FactPlan {
  if ('attribute' in leaf) {
    inMember('is')
    const type = attributes?.get(leaf.attribute)
    const truth = keepTruth(leaf.is, ANY_EVENT_TYPE, {
      types: new Map([['value', type === undefined ? DYN : TYPE_OF[type]]]),
      read: ({ data }) => ({ value: own(data, 'value') }),
    })
    return {
      main: planLeaf(ACTOR, { conditions: isFact(FACT_TYPES.attribute, leaf.attribute), number: truth }),
      measure: { kind: 'last' },
    }
  }
  if ('cohort' in leaf)
    return {
      main: planLeaf(ACTOR, {
        conditions: isFact(FACT_TYPES.cohort, leaf.cohort),
        number: keepTruth('event.data.member == true', ANY_EVENT_TYPE),
      }),
      measure: { kind: 'last' },
    }
  if ('competency' in leaf)
    return {
      main: planLeaf(ACTOR, {
        conditions: isFact(FACT_TYPES.competency, leaf.competency),
        number: keepNumber('event.data.level', ANY_EVENT_TYPE),
      }),
      measure: { kind: 'max', need: leaf.level, atLeast: 1 },
    }
  if ('code' in leaf) return once(FACT_TYPES.code, leaf.code)
  if ('attested' in leaf) return once(FACT_TYPES.attested, leaf.attested)
  if ('nomination' in leaf) {
    const nominator = checkExpression(parseCel('event.data.nominator'), ANY)
    return {
      main: planLeaf(ACTOR, {
        conditions: isFact(FACT_TYPES.nomination, leaf.for ?? achievement),
        value: kept(nominator, compileText(nominator)),
      }),
      measure: { kind: 'distinct', need: leaf.nomination },
    }
  }
  return unreachable(leaf)
}

/** The foreign badges that count; each is held until the moment that its value names, or for good. */
export function planForeign({ foreign, issuers }: ForeignBadge): LeafPlan {
  const from =
    issuers === undefined
      ? []
      : [checkPredicate(isOneOf(parseCel('event.data.issuer'), [...issuers].sort()), ANY)]
  return planLeaf(ACTOR, {
    conditions: [...isFact(FACT_TYPES.badge, foreign), ...from],
    value: {
      text: 'event.data.validUntil',
      read: ({ data }) => String(own(data, 'validUntil') ?? ''),
      cost: 2,
    },
  })
}

const once = (type: string, activity: string): FactPlan => ({
  main: planLeaf(ACTOR, { conditions: isFact(type, activity) }),
  measure: { kind: 'count', need: 1 },
})

const isFact = (type: string, activity: string) => [
  checkPredicate(isOfType(type), ANY),
  checkPredicate(isField('activity', activity), ANY),
]

const own = (data: Readonly<Record<string, Json>>, name: string): Json =>
  Object.hasOwn(data, name) ? (data[name] ?? null) : null

const TYPE_OF: Readonly<Record<AttributeType, CelType>> = {
  string: STRING,
  number: DOUBLE,
  boolean: BOOL,
  strings: { kind: 'list', of: STRING },
}
