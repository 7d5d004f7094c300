import { expect, test } from 'vitest'
import { asInstant } from '#engine/shared/instant.ts'
import { type AwardChange, awardChangeMail } from './award-change-mail.ts'
import { composeMail } from './compose-mail.ts'

const CHANGES: readonly AwardChange[] = [
  'corrected',
  'reissued',
  'reinstated',
  'suspended',
  'revoked',
  'expiring',
]
const about = { url: 'https://badges.example.org/credentials/1', achievement: 'EHBO', issuer: 'School' }

test.each(CHANGES)('an earner reads in either language what became of a badge that was %s', (change) => {
  const [dutch, english] = ['nl-NL', 'de'].map((language) =>
    composeMail(
      awardChangeMail({
        ...about,
        change,
        language,
        reason: 'Cijfer <fout>',
        until: asInstant(Date.UTC(2029, 0, 1)),
      }),
    ),
  )
  for (const mail of [dutch, english]) {
    expect(mail?.subject).toContain('EHBO')
    expect(mail?.text).toContain('Cijfer <fout>')
    expect(mail?.html).not.toContain('<fout>')
    expect(mail?.text).toContain('2029-01-01')
    expect(mail?.text).toContain(about.url)
  }
  expect(dutch?.text).toContain('Badge bekijken')
  expect(english?.text).toContain('View the badge')
  expect(dutch?.subject).not.toBe(english?.subject)
})
