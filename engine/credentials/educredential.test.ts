import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  ASSESSMENT_TYPES,
  EDUCREDENTIAL_TYPE,
  type Educredential,
  educredentialMembers,
  PARTICIPATION_TYPES,
  readEducredential,
  SUPERVISION_TYPES,
  usesEducredential,
} from './educredential.ts'

const profile = fc.record(
  {
    participationType: fc.constantFrom(...PARTICIPATION_TYPES),
    assessmentType: fc.constantFrom(...ASSESSMENT_TYPES),
    supervisionType: fc.constantFrom(...SUPERVISION_TYPES),
    identityChecked: fc.boolean(),
    educationProgramIdentifier: fc.nat(),
    ects: fc.double({ min: 0, max: 240, noNaN: true }),
    sbu: fc.nat(),
    timeInvestment: fc.nat(),
  },
  { requiredKeys: [] },
) satisfies fc.Arbitrary<Educredential>

test('what is written is read again', () => {
  fc.assert(
    fc.property(profile, (given) => {
      const achievement = { type: ['Achievement', EDUCREDENTIAL_TYPE], ...educredentialMembers(given) }
      expect(readEducredential(achievement)).toEqual(given)
    }),
  )
})

test('whatever stands in an achievement of somebody else, only words and numbers of the profile come out', () => {
  fc.assert(
    fc.property(
      fc.dictionary(fc.constantFrom('assessmentType', 'ECTS', 'SBU', 'identityChecked'), fc.jsonValue()),
      (members) => {
        const read = readEducredential({ ...(members as object), type: EDUCREDENTIAL_TYPE }) ?? {}
        expect([undefined, ...ASSESSMENT_TYPES]).toContain(read.assessmentType)
        for (const value of [read.ects, read.sbu]) expect(['undefined', 'number']).toContain(typeof value)
        expect(['undefined', 'boolean']).toContain(typeof read.identityChecked)
      },
    ),
  )
})

test('an achievement of another type does not use it, whatever members it has', () => {
  expect(readEducredential({ type: ['Achievement'], ECTS: 3 })).toBeUndefined()
  const achievement = { type: ['Achievement', EDUCREDENTIAL_TYPE] }
  expect(usesEducredential(achievement)).toBe(true)
  expect(usesEducredential({ credentialSubject: { achievement } })).toBe(true)
  expect(usesEducredential({ credentialSubject: [{ achievement: 'urn:x' }] })).toBe(false)
})
