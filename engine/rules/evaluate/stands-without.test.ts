import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { StoredEvent } from '#engine/events/learning-event.ts'
import { compileRules } from '#engine/rules/compile/rule-set.ts'
import { activeRule, catalogueOf, ruleFor, testHash } from '#engine/rules/testing/build-rules.ts'
import type { EventId, SubjectId } from '#engine/shared/ids.ts'
import { asInstant } from '#engine/shared/instant.ts'
import { standsWithout } from './stands-without.ts'

const DAY = 86_400_000
const NEED = 3
const subjectId = 'ann' as SubjectId
const rule = activeRule(
  ruleFor('basics', { count: NEED, where: "event.type == 'completed'" }),
  catalogueOf('basics'),
)
const ruleSet = compileRules([rule], testHash)

const event = (n: number, type: string): StoredEvent => ({
  id: `e${n}` as EventId,
  subjectId,
  source: n % 2 === 0 ? 'urn:lms:even' : 'urn:lms:odd',
  sourceId: `e${n}`,
  type,
  time: asInstant((n + 1) * DAY),
  actor: { type: 'id', value: 'ann' },
  activity: `a${n}`,
  data: {},
})

test('an award by counting falls exactly where what is left does not make up the number', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom('completed', 'viewed'), { maxLength: 12 }), (types) => {
      const history = types.map((type, n) => event(n, type))
      const completed = history.filter(({ type }) => type === 'completed')
      const left = completed.filter(({ source }) => source !== 'urn:lms:odd')
      const expected = completed.length < NEED ? 'unknown' : left.length < NEED ? 'falls' : 'stands'
      const verdict = standsWithout(
        ruleSet,
        { ruleId: rule.ruleId, subjectId, occurrence: 'once' },
        history,
        { without: ({ source }) => source === 'urn:lms:odd', until: asInstant(100 * DAY), holdings: [] },
      )
      expect(verdict).toBe(expected)
    }),
  )
})
