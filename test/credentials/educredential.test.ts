import { expect, test } from 'vitest'
import { achievementBytes } from '#engine/credentials/achievement-document.ts'
import { buildBadgeCredential } from '#engine/credentials/badge-credential.ts'
import { EDUCREDENTIAL_CONTEXT, OB_CONTEXT, VC_CONTEXT } from '#engine/credentials/contexts.ts'
import type { Educredential } from '#engine/credentials/educredential.ts'
import { endorsableBytes } from '#engine/credentials/endorsable-bytes.ts'
import type { JsonObject } from '#engine/shared/json.ts'
import { achievement, badge, sign, verifierOf } from '#test/verification/sample-issuer.ts'

const profile: Educredential = {
  participationType: 'onsite or blended',
  assessmentType: 'application of a skill',
  supervisionType: 'onsite with identity verification',
  identityChecked: true,
  educationProgramIdentifier: 25_743,
  ects: 2.5,
  sbu: 70,
  timeInvestment: 70,
}
const unsigned = buildBadgeCredential(badge({ achievement: { ...achievement, educredential: profile } }))

test('a badge of the educredential profile has a third context, can be signed and verifies', async () => {
  expect(unsigned['@context']).toEqual([VC_CONTEXT, OB_CONTEXT, EDUCREDENTIAL_CONTEXT])
  const report = await verifierOf().verify({ document: await sign(unsigned) })
  expect(report.verdict).toBe('valid')
  expect(report.checks.find(({ name }) => name === 'schema')).toMatchObject({ outcome: 'passed' })
  expect(report.credential?.achievement?.educredential).toEqual(profile)
})

test.each([
  ['participationType', 'online'],
  ['assessmentType', 'portfolio'],
  ['supervisionType', 'supervised online'],
  ['identityChecked', false],
  ['educationProgramIdentifier', 1],
  ['ECTS', 30],
  ['SBU', 1],
  ['timeInvestment', 1],
])('its %s is under the signature', async (name, value) => {
  const signed = await sign(unsigned)
  const subject = signed['credentialSubject'] as JsonObject
  const changed = { ...(subject['achievement'] as JsonObject), [name]: value }
  const document = { ...signed, credentialSubject: { ...subject, achievement: changed } }
  expect((await verifierOf().verify({ document })).verdict).toBe('invalid')
})

test('an achievement of the profile is served with the same contexts, over which an endorser signs', () => {
  const described = { ...achievement, educredential: profile }
  const served = JSON.parse(new TextDecoder().decode(achievementBytes(described, false)))
  expect(served['@context']).toEqual([VC_CONTEXT, OB_CONTEXT, EDUCREDENTIAL_CONTEXT])
  const inside = (unsigned['credentialSubject'] as JsonObject)['achievement'] as JsonObject
  expect(endorsableBytes(inside)).toEqual(achievementBytes(described, false))
})

test('a badge that is told in several languages keeps to the schema, and its words are under the signature', async () => {
  const inOtherLanguages = [
    {
      id: `${achievement.id}?language=nl`,
      inLanguage: 'nl',
      name: 'Eerste hulp',
      description: 'Helpt.',
      narrative: 'Een toets.',
    },
  ]
  const signed = await sign(
    buildBadgeCredential(badge({ achievement: { ...achievement, inOtherLanguages } })),
  )
  const report = await verifierOf().verify({ document: signed })
  expect(report.verdict).toBe('valid')
  expect(report.checks.find(({ name }) => name === 'schema')).toMatchObject({ outcome: 'passed' })
  expect(report.credential?.inLanguages).toMatchObject([
    { language: 'en', name: achievement.name },
    { language: 'nl', name: 'Eerste hulp', description: 'Helpt.', criteria: 'Een toets.' },
  ])
  const text = JSON.stringify(signed).replace('Een toets.', 'Niets.')
  expect((await verifierOf().verify({ document: JSON.parse(text) })).verdict).toBe('invalid')
})
