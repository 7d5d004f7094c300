import { expect, test } from 'vitest'
import type { EventId } from '#engine/shared/ids.ts'
import { asInstant } from '#engine/shared/instant.ts'
import { tellEvents } from './tell-events.ts'

const DAY = 86_400_000
const events = new Map(
  Array.from({ length: 20 }, (_, day) => [
    `e${day}` as EventId,
    { type: 'completed', time: asInstant(day * DAY), activity: `module-${day}` },
  ]),
)
const leaf = (evidence: readonly string[], more: object = {}) => ({ kind: 'count', evidence, ...more })

test('events are told by what they do for the rule, oldest first, each once', () => {
  const trace = {
    kind: 'all',
    children: [
      leaf(['e2', 'e1'], { nearMiss: { eventId: 'e5', conjunct: 'x' } }),
      leaf(['e1']),
      { kind: 'not', children: [leaf(['e3'])] },
    ],
  }
  expect(tellEvents(trace, events, 'en')).toEqual([
    'Events that count: completed module-1, 1970-01-02 (UTC); completed module-2, 1970-01-03 (UTC).',
    'Events that a negative looks at: completed module-3, 1970-01-04 (UTC).',
    'Came close: completed module-5, 1970-01-06 (UTC).',
  ])
  expect(tellEvents(trace, events, 'nl')[0]).toMatch(/^Gebeurtenissen die meetellen: /)
})

test('many are cut short, and what is not known any more is left out', () => {
  const [line] = tellEvents(leaf([...events.keys()]), events, 'en')
  expect(line).toMatch(/module-9, 1970-01-10 \(UTC\); and 10 more\.$/)
  expect(tellEvents(leaf(['gone']), events, 'en')).toEqual([])
})
