import * as z from 'zod'
import { EXPERT_REVIEW_STATES, VERDICTS } from '#engine/achievements/expert-review.ts'
import { AchievementDefinition } from './achievements.ts'
import { Email, Id, LanguageTag, Time, text } from './common.ts'

export const NewExpertReview = z
  .strictObject({
    email: Email,
    language: LanguageTag.default('en').describe('Of the mail.'),
    message: text(2000).optional().describe('Stands in the mail.'),
  })
  .meta({
    id: 'NewExpertReview',
    examples: [{ email: 'expert@example.org', language: 'nl', message: 'Klopt het niveau?' }],
  })

export const ExpertReview = z
  .strictObject({
    id: Id,
    email: z.string(),
    language: z.string(),
    message: z.string().nullable(),
    state: z.enum(EXPERT_REVIEW_STATES),
    requestedBy: z.string(),
    requestedAt: Time,
    sentAt: Time.describe('Last.'),
    timesSent: z.int(),
    expiresAt: Time,
    viewedAt: Time.nullable(),
    closedAt: Time.nullable(),
    answer: z
      .strictObject({
        verdict: z.enum(VERDICTS),
        remarks: z.string().nullable(),
        name: z.string().describe('In the expert’s own words, and not proven.'),
        organisation: z.string().nullable(),
        qualification: z.string().nullable(),
        digest: z.string().describe('SHA-256 of the canonical JSON of the definition that it is about.'),
        stale: z.boolean().describe('The version was edited since: the answer does not count any more.'),
      })
      .nullable(),
  })
  .meta({
    id: 'ExpertReview',
    examples: [
      {
        id: '0197a2c0-0000-7000-8000-000000000b01',
        email: 'expert@example.org',
        language: 'nl',
        message: null,
        state: 'answered',
        requestedBy: 'account:0197a2c0-0000-4000-8000-000000000002',
        requestedAt: '2026-11-26T09:00:00Z',
        sentAt: '2026-11-26T09:00:00Z',
        timesSent: 1,
        expiresAt: '2026-12-10T09:00:00Z',
        viewedAt: '2026-11-27T09:00:00Z',
        closedAt: '2026-11-27T09:30:00Z',
        answer: {
          verdict: 'agrees_with_remarks',
          remarks: 'Name the protocol.',
          name: 'Sam de Vries',
          organisation: 'Red Cross',
          qualification: 'Instructor',
          digest: 'a'.repeat(64),
          stale: false,
        },
      },
    ],
  })

export const ExpertReviews = z
  .strictObject({
    items: z.array(ExpertReview),
    digest: z.string().describe('Of what the version says now.'),
    standing: z.strictObject({
      need: z.int().describe('How many must agree before it is published (settings of the organisation).'),
      have: z.int().describe('How many experts agree with what it says now, with remarks or without.'),
      disagree: z.int(),
      open: z.int(),
      stale: z.int(),
      isEnough: z.boolean(),
    }),
  })
  .meta({ id: 'ExpertReviews' })

export const ExpertReviewRequest = z
  .strictObject({
    state: z.enum(EXPERT_REVIEW_STATES),
    organisationName: z.string(),
    issuerName: z.string(),
    message: z.string().nullable(),
    version: z.int(),
    definition: AchievementDefinition,
    image: z.string().nullable(),
    digest: z.string().describe('The answer names it.'),
    expiresAt: Time,
  })
  .meta({ id: 'ExpertReviewRequest' })

export const ExpertAnswer = z
  .strictObject({
    verdict: z.enum(VERDICTS),
    remarks: text(10_000).optional().describe('Must be there unless the verdict is `agrees`.'),
    name: text(200),
    organisation: text(200).optional(),
    qualification: text(1000).optional(),
    digest: z
      .string()
      .regex(/^[0-9a-f]{64}$/)
      .describe('As it was shown.'),
  })
  .refine(({ verdict, remarks }) => verdict === 'agrees' || remarks !== undefined, {
    message: 'Say what the remarks are',
    path: ['remarks'],
  })
  .meta({
    id: 'ExpertAnswer',
    examples: [
      {
        verdict: 'agrees_with_remarks',
        remarks: 'Name the protocol.',
        name: 'Sam de Vries',
        organisation: 'Red Cross',
        qualification: 'Instructor',
        digest: 'a'.repeat(64),
      },
    ],
  })
