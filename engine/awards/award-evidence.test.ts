import { expect, test } from 'vitest'
import { asInstant, type Instant, parseInstant } from '#engine/shared/instant.ts'
import { awardEvidence, evidenceEntry, MOST_EVIDENCE } from './award-evidence.ts'

const at = (text: string) => parseInstant(text) as Instant

test('evidence tells type, day and activity, oldest first, and what reads the same once', () => {
  const events = [
    { type: 'completed', time: at('2026-09-02T23:30:00-02:00'), activity: 'https://courses.example.org/b' },
    { type: 'completed', time: at('2026-09-01T09:00:00Z'), activity: 'https://courses.example.org/a' },
    { type: 'completed', time: at('2026-09-01T10:00:00Z'), activity: 'https://courses.example.org/a' },
    { type: 'attended', time: at('2026-09-01T10:00:00Z') },
  ]
  expect(awardEvidence(events).map(evidenceEntry)).toEqual([
    { name: 'completed', narrative: '2026-09-01: completed, https://courses.example.org/a', genre: 'Event' },
    { name: 'attended', narrative: '2026-09-01: attended', genre: 'Event' },
    { name: 'completed', narrative: '2026-09-03: completed, https://courses.example.org/b', genre: 'Event' },
  ])
})

test('nothing else of an event gets into a badge', () => {
  const event = {
    type: 'scored',
    time: at('2026-09-01T09:00:00Z'),
    actor: { type: 'email', value: 'ann@example.org' },
    score: 0.4,
    data: { remark: 'late again' },
    id: 'e1',
  }
  expect(JSON.stringify(awardEvidence([event]).map(evidenceEntry))).not.toMatch(/ann|0\.4|late|e1/)
})

test('of many events the newest are told', () => {
  const events = Array.from({ length: 80 }, (_, n) => ({ type: 't', time: asInstant(n * 86_400_000) }))
  const told = awardEvidence(events)
  expect(told).toHaveLength(MOST_EVIDENCE)
  expect([told[0]?.on, told.at(-1)?.on]).toEqual(['1970-01-31', '1970-03-21'])
})
