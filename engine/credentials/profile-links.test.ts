import fc from 'fast-check'
import { expect, test } from 'vitest'
import { asInstant, parseInstant } from '#engine/shared/instant.ts'
import { linkedInUrl, mailtoUrl } from './profile-links.ts'

const badge = {
  id: 'c1',
  name: 'First aid & more',
  issuer: 'Academy',
  awardedAt: parseInstant('2026-11-30T23:30:00Z') ?? asInstant(0),
  url: 'https://badges.example.org/credentials/c1?share=a-b_c',
}

test('LinkedIn is told name, issuer, months, address and id', () => {
  const validUntil = parseInstant('2028-01-31T00:00:00Z') ?? asInstant(0)
  const { origin, pathname, searchParams } = new URL(linkedInUrl({ ...badge, validUntil }))
  expect(origin + pathname).toBe('https://www.linkedin.com/profile/add')
  expect(Object.fromEntries(searchParams)).toEqual({
    startTask: 'CERTIFICATION_NAME',
    name: 'First aid & more',
    organizationName: 'Academy',
    issueYear: '2026',
    issueMonth: '11',
    expirationYear: '2028',
    expirationMonth: '1',
    certUrl: badge.url,
    certId: 'c1',
  })
  expect(linkedInUrl(badge)).not.toContain('expiration')
})

test('whatever a badge is called, a letter has the two parts that it should, and no third', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), fc.constantFrom('nl', 'en'), (name, language) => {
      const parts = mailtoUrl({ ...badge, name }, language).split(/[?&]/)
      expect(parts.map((part) => part.split('=')[0])).toEqual(['mailto:', 'subject', 'body'])
      expect(decodeURIComponent(parts[2] ?? '')).toContain(badge.url)
    }),
  )
})
