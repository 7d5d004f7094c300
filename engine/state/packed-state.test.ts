import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { EventId } from '#engine/shared/ids.ts'
import { asInstant, type Instant } from '#engine/shared/instant.ts'
import type { ItemsState, LeafState } from './leaf-state.ts'
import { packState, unpackState } from './packed-state.ts'

const KNOWN = ['https://courses.example.org/module-1', 'https://courses.example.org/module-2', '']

const text = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.constantFrom(...KNOWN, 'https://courses.example.org/module-3', '😀a', '😁a', '😀b'),
)
const id = fc.oneof(fc.uuid(), text)
const time = fc.oneof(
  fc.integer({ min: Date.UTC(2026, 0, 1), max: Date.UTC(2027, 0, 1) }),
  fc.integer({ min: -8.64e15, max: 8.64e15 }),
)
const item = fc.record(
  {
    time: time.map(asInstant),
    eventId: id as fc.Arbitrary<EventId>,
    source: text,
    sourceId: id,
    value: text,
    context: text,
    key: text,
    number: fc.oneof(fc.double(), fc.integer()),
    // What some later version may add.
    later: fc.jsonValue().map((value) => JSON.parse(JSON.stringify(value))),
  },
  { requiredKeys: ['time', 'eventId', 'source', 'sourceId'], noNullPrototype: true },
)
const items = fc.record(
  {
    kind: fc.constant('items' as const),
    items: fc.array(item, { maxLength: 6 }),
    latched: fc.constant(true as const),
    dropped: fc.constant(true as const),
    later: fc.record({ until: fc.integer() }, { noNullPrototype: true }),
  },
  { requiredKeys: ['kind', 'items'], noNullPrototype: true },
)
const voids = fc.record(
  { kind: fc.constant('voids' as const), voided: fc.array(fc.tuple(text, text)) },
  { noNullPrototype: true },
)
const state = fc.oneof({ weight: 5, arbitrary: items }, voids) as fc.Arbitrary<LeafState>

describe('a packed state', () => {
  test('unpacks to what was packed, with and without known texts', () => {
    fc.assert(
      fc.property(state, fc.constantFrom([], KNOWN), (given, known) => {
        expect(unpackState(packState(given, known), known)).toStrictEqual(given)
      }),
      { numRuns: 2000 },
    )
  })

  test('is read as it was written with the former bits', () => {
    const written =
      'iAChCgzk3t7tzBAZMAARI0cSOBIxI0EjRWeABXhttps://lms.example.orgBDe-1BBahCgz6BAZMAAhI0cSOBIxI0EjRWeAYADB2CA'
    const item = (number: number) => ({
      time: asInstant(Date.UTC(2026, 0, 1) + number * 60_000),
      eventId: `0193000${number}-1234-7123-8123-123412345678` as EventId,
      source: 'https://lms.example.org',
      sourceId: `e-${number}`,
      value: 'a',
    })
    expect(unpackState(written)).toEqual({ kind: 'items', items: [item(1), item(2)] })
  })

  test('is the same text for the same state, whatever the order of its members', () => {
    fc.assert(
      fc.property(items, (given) => {
        const turned = {
          ...given,
          items: given.items.map((each) => Object.fromEntries(Object.entries(each).toReversed())),
        } as unknown as ItemsState
        const plain = given as unknown as ItemsState
        expect(packState(turned)).toBe(packState(plain))
      }),
    )
  })

  test('can be stored: it has no half of a surrogate pair and no NUL where the state has none', () => {
    const storable = fc.string({ unit: 'grapheme' }).filter((each) => each.isWellFormed() && !/\0/.test(each))
    fc.assert(
      fc.property(fc.array(storable, { maxLength: 6 }), (sourceIds) => {
        const packed = packState(itemsOf(sourceIds))
        expect(packed.isWellFormed() && !packed.includes('\0')).toBe(true)
      }),
    )
  })

  test('of two events takes less than two thirds of what its JSON without names would', () => {
    const given: ItemsState = {
      kind: 'items',
      items: [1, 2].map((module) => ({
        time: asInstant(Date.UTC(2026, 0, module)),
        eventId: `01936f2e-7a10-7c3d-8b00-00000000000${module}` as EventId,
        source: 'https://lms.example.org/bench',
        sourceId: `3f0c9a52-6a57-4a5e-9d0b-00000000000${module}`,
        value: `https://courses.example.org/activities/course-1/module-${module}`,
      })),
    }
    const values = given.items.flatMap((each) => Object.values(each)).join('')
    expect(packState(given).length).toBeLessThan((values.length * 2) / 3)
  })

  test('that is none is refused', () => {
    expect(() => unpackState('x')).toThrow()
    expect(() => unpackState(packState(itemsOf([KNOWN[0] ?? '']), KNOWN))).toThrow()
  })
})

const itemsOf = (sourceIds: readonly string[]): ItemsState => ({
  kind: 'items',
  items: sourceIds.map((sourceId, index) => ({
    time: index as Instant,
    eventId: 'event' as EventId,
    source: 'source',
    sourceId,
  })),
})
