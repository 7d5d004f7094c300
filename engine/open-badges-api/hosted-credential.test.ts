import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Instant } from '#engine/shared/instant.ts'
import { hostedCredential, isOlder } from './hosted-credential.ts'

const key = (issuer: unknown, id: unknown) => hostedCredential({ issuer, id } as never)?.key

test('however its two names are encoded, it is the same badge', () => {
  fc.assert(
    fc.property(
      fc.webUrl(),
      fc.string({ minLength: 1 }).map((text) => text.toWellFormed().replaceAll('%', '')),
      fc.constantFrom('', ' ', '\n\t'),
      (issuer, id, space) => {
        const plain = key(issuer, id)
        expect(key({ id: `${space}${issuer}` }, `${encodeURIComponent(id)}${space}`)).toBe(plain)
      },
    ),
  )
})

test('other names are other badges, also where they could be read together', () => {
  fc.assert(
    fc.property(fc.stringMatching(/^[a-z]{1,5}$/), fc.stringMatching(/^[a-z]{1,5}$/), (a, b) => {
      expect(key(a, b)).not.toBe(key(a, `${b}x`))
      expect(key(`${a}x`, b)).not.toBe(key(a, `x${b}`))
    }),
  )
})

test('what has no name, or no issuer, is like nothing else', () => {
  for (const document of [{}, { id: 'urn:x:1' }, { issuer: 'did:example:a' }, { id: 1, issuer: {} }])
    expect(hostedCredential(document)).toBeUndefined()
})

test('percent signs that encode nothing stand for themselves', () => {
  expect(key('did:web:a', 'urn:x:100%')).toBe(key({ id: 'did:web:a' }, 'urn:x:100% '))
})

test('since when it holds is read from either data model, and decides which is older', () => {
  const since = (document: object) => hostedCredential({ id: 'a', issuer: 'b', ...document })?.validFrom
  expect(since({ validFrom: '2026-01-01T00:00:00Z' })).toBe(
    since({ issuanceDate: '2026-01-01T01:00:00+01:00' }),
  )
  expect(since({ validFrom: 'yesterday' })).toBeUndefined()
  const [early, late] = [1 as Instant, 2 as Instant]
  expect([isOlder(early, late), isOlder(late, late), isOlder(late, early)]).toEqual([true, false, false])
  expect([isOlder(undefined, late), isOlder(early, undefined), isOlder(undefined, undefined)]).toEqual([
    true,
    false,
    false,
  ])
})
