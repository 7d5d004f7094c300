import * as z from 'zod'
import { Id, PageQuery, Time, text } from './common.ts'

const ConfirmationState = z.enum(['asked', 'confirmed', 'refused', 'withdrawn', 'expired'])

export const NewClaimConfirmation = z
  .strictObject({
    identityId: Id.describe('The identity that is shown to the awarder: one of `GET /v1/account`.'),
    message: text(1000).optional(),
  })
  .meta({
    examples: [
      {
        identityId: '0190a7c2-5c1e-7d43-9a55-0c5a6e0b7f11',
        message: 'My school address ended in July; I am Ann de Boer, class 4B.',
      },
    ],
  })

const shared = {
  id: Id,
  state: ConfirmationState,
  achievementName: z.string(),
  issuerName: z.string(),
  shown: z.strictObject({ type: z.string(), value: z.string() }).describe('How the learner signed in.'),
  message: z.string().nullable(),
  askedAt: Time,
  expiresAt: Time,
  decidedAt: Time.nullable(),
  reason: z.string().nullable().describe('Of a refusal.'),
}
const example = {
  id: '7f3f4c1e-7d0c-4a58-8f26-1f1d6b1f3a11',
  state: 'asked',
  achievementName: 'First aid basics',
  issuerName: 'First Aid Academy',
  shown: { type: 'email', value: 'ann@home.example.org' },
  message: 'My school address ended in July; I am Ann de Boer, class 4B.',
  askedAt: '2026-11-26T09:10:00.000Z',
  expiresAt: '2026-12-10T09:10:00.000Z',
  decidedAt: null,
  reason: null,
}
/** For the learner: the address to which the badge went stays partly hidden. */
export const OwnClaimConfirmation = z
  .strictObject({ ...shared, sentTo: z.string().describe('Partly hidden.') })
  .meta({ id: 'OwnClaimConfirmation', examples: [{ ...example, sentTo: 'a•••@school.example.org' }] })

/** For the awarder. */
export const ClaimConfirmation = z
  .strictObject({
    ...shared,
    sentTo: z.strictObject({ type: z.string(), value: z.string() }),
    achievementId: Id,
    directAwardId: Id.nullable().describe('Of a badge that was awarded directly.'),
    awardId: Id.nullable().describe('Of a direct award once it is claimed.'),
    subjectId: Id.nullable(),
    decidedBy: z.string().nullable(),
  })
  .meta({
    id: 'ClaimConfirmation',
    examples: [
      {
        ...example,
        sentTo: { type: 'email', value: 'ann@school.example.org' },
        awardId: '0190a7c2-5c1e-7d43-9a55-0c5a6e0b7f12',
        achievementId: '0190a7c2-5c1e-7d43-9a55-0c5a6e0b7f13',
        directAwardId: null,
        subjectId: '0190a7c2-5c1e-7d43-9a55-0c5a6e0b7f14',
        decidedBy: null,
      },
    ],
  })
export const ClaimConfirmationQuery = PageQuery.extend({ state: ConfirmationState.optional() })
export const ClaimRefusal = z
  .strictObject({ reason: text(1000).describe('The learner sees it.') })
  .meta({ examples: [{ reason: 'We do not know this address. Come by the office with your card.' }] })
