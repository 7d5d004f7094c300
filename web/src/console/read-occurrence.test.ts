import { expect, test } from 'vitest'
import { readOccurrence } from './read-occurrence.ts'

test.each([
  ['once', { kind: 'once' }],
  ['renewal:2', { kind: 'renewal', number: '2' }],
  ['period:2026-W48@Europe/Amsterdam', { kind: 'period', period: '2026-W48', zone: 'Europe/Amsterdam' }],
  [`ctx:${'0'.repeat(64)}`, { kind: 'context' }],
  [`event:${'0'.repeat(64)}`, { kind: 'event' }],
  ['something-newer:1', { kind: 'other', text: 'something-newer:1' }],
])('the occasion %s is read', (text, occurrence) => {
  expect(readOccurrence(text)).toEqual(occurrence)
})
