import * as z from 'zod'
import { BUNDLE_UNDO_OUTCOMES } from '#engine/direct-awards/bundle-undo.ts'
import { Id, LanguageTag, listOf, OrganisationQuery, PageQuery, Time, text, webAddress } from './common.ts'
import { mailTroubleOf } from './mail-trouble.ts'
import { SubjectParticulars, SubjectParticularsShown } from './subject-particulars.ts'

export const DirectAwardState = z.enum([
  'scheduled',
  'unaccepted',
  'claimed',
  'rejected',
  'revoked',
  'expired',
  'deleted',
])

/** A person, as an offer can be made to them. */
const Recipient = z
  .string()
  .min(3)
  .max(500)
  .describe('An address (`ann@example.org` or `mailto:…`), `eppn:ann@example.edu` or `did:…`.')

const EvidenceItem = z
  .strictObject({
    url: webAddress(2000).optional(),
    name: text(500).optional(),
    description: text(2000).optional(),
    narrative: text(10_000).optional().describe('Markdown.'),
    genre: text(200).optional(),
    audience: text(200).optional().describe('For whom it is meant.'),
  })
  .refine((item) => Object.values(item).some((value) => value !== undefined), 'At least one member')

const ResultItem = z.strictObject({
  resultDescription: z
    .string()
    .min(1)
    .max(100)
    .describe('The id of a result description of the achievement.'),
  value: text(500),
})

const ReminderDays = z
  .array(z.int().min(1).max(730))
  .max(10)
  .refine((days) => days.every((day, at) => at === 0 || day > (days[at - 1] ?? 0)), 'Rising, each once')
  .describe('Days after it was sent, all before the expiry.')
const ExpiryDays = z.int().min(1).max(3650).describe('Days after it was sent.')

const NARRATIVE = 'Why this person: Markdown. Stands in the credential.'
const MESSAGE = 'To the earner: stands in the mails and nowhere else.'

/** What is said of one person. */
const Content = {
  narrative: text(10_000).describe(NARRATIVE).optional(),
  evidence: z.array(EvidenceItem).max(20).optional(),
  results: z.array(ResultItem).max(50).optional(),
  particulars: SubjectParticulars.optional(),
  language: LanguageTag.optional().describe('Of the mails. Default: that of the achievement.'),
  message: text(2000).describe(MESSAGE).optional(),
}

export const NewDirectAward = z
  .strictObject({
    achievementId: Id.describe('Awarded in its published version.'),
    identifier: Recipient,
    ...Content,
    scheduledAt: Time.optional().describe('Not to be sent before. Default: now.'),
    reminderDays: ReminderDays.optional(),
    expiryDays: ExpiryDays.optional(),
  })
  .meta({
    id: 'NewDirectAward',
    examples: [
      {
        achievementId: '01978f6e-3b1f-7c55-8a44-1d2f3a4b5c6d',
        identifier: 'ann@example.org',
        narrative: 'Ann led the evacuation drill of 12 November.',
        evidence: [{ url: 'https://example.org/drill', name: 'Report of the drill' }],
        particulars: {
          activityStartDate: '2026-11-12T09:00:00Z',
          activityEndDate: '2026-11-12T12:00:00Z',
          role: 'Leader of the drill',
        },
        language: 'nl',
        message: 'Gefeliciteerd!',
      },
    ],
  })

export const DirectAwardChange = z
  .strictObject({
    identifier: Recipient.optional().describe('Another one gets a fresh offer; the first link and code end.'),
    narrative: text(10_000).nullable().optional().describe(NARRATIVE),
    evidence: z.array(EvidenceItem).max(20).optional(),
    results: z.array(ResultItem).max(50).optional(),
    particulars: SubjectParticulars.nullable()
      .optional()
      .describe('In place of all that were there; null takes them away.'),
    language: LanguageTag.optional(),
    message: text(2000).nullable().optional().describe(MESSAGE),
    scheduledAt: Time.optional().describe('While it is scheduled.'),
  })
  .meta({ id: 'DirectAwardChange', examples: [{ identifier: 'anna@example.org' }] })

export const DirectAward = z
  .strictObject({
    id: Id,
    achievementId: Id,
    achievementVersionId: Id,
    issuerId: Id,
    identifier: z.string().nullable().describe('`type:value`; null once nobody is named in it any more.'),
    pseudonym: z.string().nullable().describe('Then this instead: the same for the same identifier.'),
    state: DirectAwardState,
    possible: z
      .array(z.string())
      .describe('What can be done about it: change, resend, undo (until `undoUntil`), delete, revoke.'),
    narrative: z.string().nullable(),
    evidence: z.array(
      z.strictObject({
        url: z.string().optional(),
        name: z.string().optional(),
        description: z.string().optional(),
        narrative: z.string().optional(),
        genre: z.string().optional(),
        audience: z.string().optional(),
      }),
    ),
    results: z.array(z.strictObject({ resultDescription: z.string(), value: z.string() })),
    particulars: SubjectParticularsShown.nullable(),
    language: z.string(),
    message: z.string().nullable(),
    createdBy: z.string(),
    createdAt: Time,
    scheduledAt: Time,
    sentAt: Time.nullable(),
    expiresAt: Time.nullable(),
    claimedAt: Time.nullable(),
    endedAt: Time.nullable(),
    undoUntil: Time.nullable().describe('While it is open.'),
    reason: z.string().nullable(),
    awardId: Id.nullable().describe('Once it is claimed.'),
    mailsSent: z.int(),
    mailTrouble: mailTroubleOf('it'),
    remindersDone: z.int(),
    reminderDays: z.array(z.int()),
    expiryDays: z.int(),
    bundleId: Id.nullable(),
    bundleRow: z.int().nullable(),
    revision: z.int(),
  })
  .meta({ id: 'DirectAward' })

export const MadeDirectAward = z
  .strictObject({
    directAward: DirectAward,
    awardCode: z
      .string()
      .nullable()
      .describe('Shown this once, also to be handed to the earner; null where it is still the one before.'),
    claimUrl: z.string().nullable().describe('Where the code is typed, with the code in it.'),
  })
  .meta({ id: 'MadeDirectAward' })

export const DirectAwardQuery = PageQuery.extend({
  state: DirectAwardState.optional(),
  achievementId: Id.optional(),
  bundleId: Id.optional(),
  identifier: Recipient.optional(),
})

export const DirectAwardStatisticsQuery = OrganisationQuery.extend({
  achievementId: Id.optional(),
  bundleId: Id.optional(),
  identifier: Recipient.optional(),
})

export const DirectAwardStatistics = z
  .strictObject({
    sent: z.int().describe('All that were made: claimed + rejected + revoked + expired + deleted + open.'),
    open: z.int().describe('scheduled + unaccepted.'),
    scheduled: z.int(),
    unaccepted: z.int(),
    claimed: z.int(),
    rejected: z.int(),
    revoked: z.int(),
    revokedAfterClaim: z.int().describe('Of those revoked.'),
    expired: z.int(),
    deleted: z.int(),
  })
  .meta({ id: 'DirectAwardStatistics' })

export const DirectAwardReason = z
  .strictObject({ reason: text(1000) })
  .meta({ id: 'DirectAwardReason', examples: [{ reason: 'Sent to the wrong class.' }] })

export const QrQuery = OrganisationQuery.extend({ format: z.enum(['png', 'svg']).default('png') })

export const ClaimByCode = z
  .strictObject({ code: z.string().min(1).max(100) })
  .meta({ id: 'ClaimByCode', examples: [{ code: '7K3M-Q0XD-4H2P-9RTV' }] })

export const OfferedDirectAward = z
  .strictObject({
    id: Id,
    achievementId: Id,
    achievementName: z.string(),
    issuerName: z.string(),
    image: z.string().nullable(),
    identifier: z.string().describe('To which of your identities it was sent.'),
    awardedAt: Time,
    expiresAt: Time,
  })
  .meta({ id: 'OfferedDirectAward' })

export const DirectAwardSettings = z
  .strictObject({
    reminderDays: z.array(z.int()),
    expiryDays: z.int(),
    keepDays: z.int(),
    undoSeconds: z.int(),
  })
  .meta({ id: 'DirectAwardSettings' })

export const DirectAwardSettingsChange = z
  .strictObject({
    reminderDays: ReminderDays.optional(),
    expiryDays: ExpiryDays.optional(),
    keepDays: z
      .int()
      .min(0)
      .max(3650)
      .optional()
      .describe('Days after it came to nothing, until nobody is named in it any more.'),
    undoSeconds: z.int().min(0).max(86_400).optional().describe('For how long it can be undone.'),
  })
  .meta({ id: 'DirectAwardSettingsChange', examples: [{ reminderDays: [14, 28], expiryDays: 42 }] })

/** One row of a list: what is wrong with it is told for itself. */
export const BundleRowInput = z.strictObject({ identifier: Recipient, ...Content })

const BundleSettings = {
  achievementId: Id.describe('Awarded in its published version.'),
  name: text(200).optional().describe('By which people find it again.'),
  language: Content.language,
  message: Content.message,
  scheduledAt: Time.optional().describe('Nobody is sent anything before. Default: now.'),
  expiryDays: ExpiryDays.optional(),
}

export const NewBundle = z
  .strictObject({
    ...BundleSettings,
    reminderDays: ReminderDays.optional(),
    rows: z
      .array(z.unknown())
      .min(1)
      .max(10_000)
      .describe(
        'Each as a new direct award: `identifier`, and where wanted `narrative`, `evidence`, `results`, `particulars`, `language`, `message`.',
      ),
  })
  .meta({
    id: 'NewDirectAwardBundle',
    examples: [
      {
        achievementId: '01978f6e-3b1f-7c55-8a44-1d2f3a4b5c6d',
        name: 'Class of 2026',
        rows: [
          { identifier: 'ann@example.org', narrative: 'Led the drill.' },
          { identifier: 'ben@example.org' },
        ],
      },
    ],
  })

/** What a CSV cannot say of all its rows stands in the query. */
export const BundleQuery = OrganisationQuery.extend({
  ...BundleSettings,
  achievementId: Id.optional().describe('With CSV.'),
  expiryDays: z
    .string()
    .regex(/^[1-9]\d{0,3}$/, 'Days in digits')
    .transform(Number)
    .pipe(ExpiryDays)
    .optional(),
  reminderDays: z
    .string()
    .regex(/^\d{1,3}(?:,\d{1,3}){0,9}$/)
    .optional()
    .describe('With CSV: `14,28`.'),
})

const BundleRowState = z.enum(['waiting', 'awarded', 'refused'])
const BundleRow = z
  .strictObject({
    row: z.int().describe('1 is the first; in CSV the first after the header.'),
    state: BundleRowState,
    directAwardId: Id.nullable(),
    undo: z
      .enum(BUNDLE_UNDO_OUTCOMES)
      .nullable()
      .describe(
        'Where the list was undone: `undone`, `too_late` (it was awarded too long before), `claimed` before, or `over` already.',
      ),
    faults: z.array(z.strictObject({ column: z.string(), code: z.string(), message: z.string() })),
  })
  .meta({ id: 'DirectAwardBundleRow' })

export const BundlePreview = z
  .strictObject({ total: z.int(), good: z.int(), refused: z.int(), rows: z.array(BundleRow) })
  .meta({ id: 'DirectAwardBundlePreview' })

export const Bundle = z
  .strictObject({
    id: Id,
    name: z.string(),
    achievementId: Id,
    achievementVersionId: Id,
    state: z.enum(['running', 'done']),
    total: z.int(),
    awarded: z.int(),
    refused: z.int(),
    waiting: z.int(),
    directAwards: DirectAwardStatistics,
    scheduledAt: Time.nullable(),
    createdBy: z.string(),
    createdAt: Time,
    finishedAt: Time.nullable(),
    undoUntil: Time.nullable().describe('Until when the last of it can be undone.'),
    undo: z
      .strictObject({
        state: z.enum(['running', 'done']),
        askedBy: z.string(),
        askedAt: Time,
        doneAt: Time.nullable(),
        undone: z.int(),
        tooLate: z.int(),
        claimed: z.int(),
        over: z.int(),
      })
      .nullable()
      .describe('Once somebody undoes the list: what became of what it had awarded.'),
  })
  .meta({ id: 'DirectAwardBundle' })

export const BundleRowsQuery = OrganisationQuery.extend({
  state: BundleRowState.optional(),
  after: z.coerce.number().int().min(0).default(0).describe('The number of the last row of the page before.'),
  limit: z.coerce.number().int().min(1).max(1000).default(100),
})
export const BundleRows = listOf(BundleRow)
