import * as z from 'zod'
import { Id, Time } from './common.ts'
import { VerificationReport } from './verification.ts'

export const ImportedBadge = z
  .strictObject({
    id: Id,
    name: z
      .string()
      .nullable()
      .describe('As the badge says, like all of it: that it stands there makes nothing true.'),
    description: z.string().nullable(),
    achievement: z.string().nullable(),
    issuer: z
      .strictObject({
        id: z.string(),
        name: z.string().nullable(),
        domain: z.string().nullable(),
        known: z.boolean().describe('This server knows the issuer.'),
      })
      .nullable(),
    validFrom: Time.nullable(),
    validUntil: Time.nullable(),
    verdict: z
      .enum(['valid', 'invalid', 'undecided'])
      .describe(
        'When it was last checked. `undecided`: the signature holds, and something else could not be told, such as who the issuer is.',
      ),
    checkedAt: Time,
    matchesHolder: z
      .enum(['yes', 'no', 'unknown'])
      .describe(
        '`yes`: it names an address or DID that you have proven. `no`: it names an address, and none that you have proven. `unknown`: it names nobody in a way that can be compared.',
      ),
    importedAt: Time,
  })
  .meta({
    id: 'ImportedBadge',
    examples: [
      {
        id: '0197a2c0-0000-7000-8000-000000000001',
        name: 'Rescuer',
        description: 'Rescues.',
        achievement: 'https://badges.example.org/achievements/rescuer',
        issuer: {
          id: 'did:web:badges.example.org',
          name: 'Example',
          domain: 'badges.example.org',
          known: false,
        },
        validFrom: '2026-01-01T00:00:00Z',
        validUntil: null,
        verdict: 'undecided',
        checkedAt: '2026-11-26T10:00:00Z',
        matchesHolder: 'yes',
        importedAt: '2026-11-26T10:00:00Z',
      },
    ],
  })

export const CheckedBadge = z
  .strictObject({ badge: ImportedBadge, report: VerificationReport })
  .meta({ id: 'CheckedBadge' })
