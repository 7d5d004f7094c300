import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { missingClaim, type ProvingClaim, provenIdentities } from './proven-identities.ts'

const PROVES: readonly ProvingClaim[] = [
  { as: 'account', claim: 'sub', homePage: 'https://idp.example.org' },
  { as: 'account', claim: 'eduid', homePage: 'https://eduid.example.org' },
  { as: 'eppn', claim: 'eduperson_principal_name' },
  { as: 'email', claim: 'email' },
]

const texts = (...sources: Record<string, never>[]) =>
  provenIdentities(PROVES, sources).map(({ type, value }) => `${type}:${value}`)
const claims = (value: object) => value as Record<string, never>

describe('what a provider proves', () => {
  test('is read in the order of the settings, in its one form, each once', () => {
    const token = claims({ email: 'Ann@School.example.org', email_verified: true, sub: 'a1' })
    const told = claims({ sub: 'a1', eduid: 'e1', eduperson_principal_name: ['Ann@school.example.org'] })
    expect(texts(token, told)).toEqual([
      'account:https://idp.example.org#a1',
      'account:https://eduid.example.org#e1',
      'eppn:ann@school.example.org',
      'email:ann@school.example.org',
    ])
  })

  test('an address counts only where it is verified, and only by the word of who tells it', () => {
    for (const verified of [false, 'true', 1, null])
      expect(texts(claims({ email: 'a@b.example', email_verified: verified }))).toEqual([])
    expect(texts(claims({ email: 'a@b.example' }))).toEqual([])
    expect(texts(claims({ email_verified: true }), claims({ email: 'a@b.example' }))).toEqual([])
  })

  test('a provider speaks for its own domains where it has some, and not for what ends like them', () => {
    const proves: ProvingClaim[] = [{ as: 'email', claim: 'email', domains: ['school.example'] }]
    const of = (email: string) => provenIdentities(proves, [claims({ email, email_verified: true })]).length
    expect([of('a@school.example'), of('a@evilschool.example'), of('a@sub.school.example')]).toEqual([
      1, 0, 0,
    ])
    expect(of('a@school.example@evil.example')).toBe(0)
  })

  test('whatever it tells, nothing is proven by a claim that is not in the settings', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (told) => {
        for (const { type, value } of provenIdentities(PROVES, [claims({ ...told })])) {
          const known = PROVES.filter((each) => each.as === type).flatMap((each) => told[each.claim])
          expect(known.flat().some((each) => value.includes(String(each).toLowerCase()))).toBe(true)
        }
      }),
    )
  })
})

test('nobody is let in without what is required, in one list or another', () => {
  const required = [{ claim: 'schac_home_organization', values: ['a.example', 'b.example'] }]
  expect(
    missingClaim(required, [claims({}), claims({ schac_home_organization: 'a.example' })]),
  ).toBeUndefined()
  expect(missingClaim(required, [claims({ schac_home_organization: ['c.example'] })])).toBe(
    'schac_home_organization',
  )
  expect(missingClaim(required, [claims({})])).toBe('schac_home_organization')
})
