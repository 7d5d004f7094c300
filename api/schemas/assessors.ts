import * as z from 'zod'
import { MANDATE_STATES } from '#engine/achievements/assessor-mandate.ts'
import { Email, Id, LanguageTag, Time, text } from './common.ts'

const EvidenceUrl = z.url({ protocol: /^https?$/, hostname: z.regexes.domain }).max(2000)

export const NewMandate = z
  .strictObject({
    memberId: Id.optional().describe('A membership.'),
    email: Email.optional().describe(
      'Instead of it: of a member, or of somebody who is thereby invited to become one who may read.',
    ),
    name: text(200).describe('On the public page only if the assessor agrees.'),
    qualification: text(2000).describe('Public. Names nobody.'),
    evidenceUrl: EvidenceUrl.optional().describe('Public.'),
    from: Time.optional().describe('Default: now.'),
    until: Time.optional(),
    criteria: z.array(z.string().max(60)).max(50).default([]).describe('Ids of criteria; none: all of them.'),
    language: LanguageTag.default('en').describe('Of the mail.'),
  })
  .refine(({ memberId, email }) => (memberId === undefined) !== (email === undefined), {
    message: 'Either memberId or email',
    path: ['email'],
  })
  .meta({
    id: 'NewMandate',
    examples: [
      {
        email: 'noor@example.org',
        name: 'Noor Bakker',
        qualification: 'Certified first-aid instructor, ten years of practice',
        until: '2027-09-01T00:00:00Z',
        criteria: ['practical'],
        language: 'nl',
      },
    ],
  })

export const Mandate = z
  .strictObject({
    id: Id,
    achievementId: Id,
    accountId: Id.nullable().describe('Null until the invitation is accepted.'),
    invitationId: Id.nullable(),
    email: z.string(),
    name: z.string(),
    qualification: z.string(),
    evidenceUrl: z.string().nullable(),
    criteria: z.array(z.string()).describe('None: all of them.'),
    from: Time,
    until: Time.nullable(),
    state: z.enum(MANDATE_STATES).describe('By the clock. Only `active` may assess.'),
    showsName: z.boolean().describe('The assessor agreed to be named on the public page.'),
    givenBy: z.string(),
    givenAt: Time,
    end: z.strictObject({ at: Time, by: z.string(), reason: z.string() }).nullable(),
  })
  .meta({
    id: 'Mandate',
    examples: [
      {
        id: '0197a2c0-0000-7000-8000-000000000a01',
        achievementId: '0197a2c0-0000-4000-8000-000000000001',
        accountId: null,
        invitationId: '0197a2c0-0000-7000-8000-000000000e01',
        email: 'noor@example.org',
        name: 'Noor Bakker',
        qualification: 'Certified first-aid instructor, ten years of practice',
        evidenceUrl: null,
        criteria: ['practical'],
        from: '2026-11-26T09:00:00Z',
        until: '2027-09-01T00:00:00Z',
        state: 'invited',
        showsName: false,
        givenBy: 'account:0197a2c0-0000-4000-8000-000000000002',
        givenAt: '2026-11-26T09:00:00Z',
        end: null,
      },
    ],
  })

export const NameShown = z.strictObject({ showsName: z.boolean() })
