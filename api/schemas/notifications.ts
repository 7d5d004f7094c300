import * as z from 'zod'
import { MAIL_LANGUAGES } from '#engine/notifications/mail-kind.ts'
import { EMAIL_CHOICES } from '#engine/notifications/notification-kind.ts'
import { NOTIFICATION_KIND_NAMES } from '#engine/notifications/notification-kinds.ts'
import { Id, PageQuery, Time } from './common.ts'

export const NotificationQuery = PageQuery.omit({ organisation: true }).extend({
  unread: z.enum(['true', 'false']).default('false').describe('Only what was not read yet.'),
  language: z.enum(MAIL_LANGUAGES).optional().describe('Default: the language of the account.'),
})

export const NotificationParams = z.strictObject({ id: Id })

export const Notification = z
  .strictObject({
    id: Id,
    kind: z.enum(NOTIFICATION_KIND_NAMES),
    organisation: z.strictObject({ id: Id, slug: z.string(), name: z.string() }),
    text: z.string().describe('Worded now, in the language of its reader.'),
    page: z.string().describe('Path of the page that it is about.'),
    createdAt: Time,
    readAt: Time.nullable(),
  })
  .meta({ id: 'Notification' })

export const NotificationPage = z
  .strictObject({
    items: z.array(Notification),
    next: z.string().nullable().describe('Cursor of the next page.'),
    unread: z.int().describe('How many are unread in all.'),
  })
  .meta({
    id: 'NotificationPage',
    examples: [
      {
        items: [
          {
            id: '0195f3a0-7c1e-4b52-9d3e-2f6b8c1d4e5f',
            kind: 'award-waiting',
            organisation: {
              id: '0195f39e-1a2b-4c3d-8e4f-5a6b7c8d9e0f',
              slug: 'voorbeeldschool',
              name: 'Voorbeeldschool',
            },
            text: 'An award of "First aid" waits for approval.',
            page: '/console/voorbeeldschool/awards',
            createdAt: '2026-11-26T09:00:00Z',
            readAt: null,
          },
        ],
        next: null,
        unread: 1,
      },
    ],
  })

const EmailChoice = z
  .enum(EMAIL_CHOICES)
  .describe('`daily` and `weekly`: together with others, in one mail. `off`: not by mail.')

export const DigestSetting = z
  .strictObject({
    timeZone: z.string().min(1).max(60).describe('As IANA names it: `Europe/Amsterdam`.'),
    hour: z.int().min(0).max(23).describe('When digests are made, by the clocks there.'),
    weekday: z.int().min(1).max(7).describe('Of the weekly one; 1 is Monday.'),
  })
  .meta({ id: 'DigestSetting', examples: [{ timeZone: 'Europe/Amsterdam', hour: 8, weekday: 1 }] })

export const NotificationPreferences = z
  .strictObject({
    kinds: z.array(
      z.strictObject({
        kind: z.string(),
        description: z.string(),
        inApp: z.boolean(),
        email: EmailChoice,
        mandatory: z.boolean().describe('It cannot be turned off.'),
        mailOnly: z.boolean().describe('It never stands in the application.'),
      }),
    ),
    digest: DigestSetting,
  })
  .meta({
    id: 'NotificationPreferences',
    examples: [
      {
        kinds: [
          {
            kind: 'award-waiting',
            description: 'An award waits for approval',
            inApp: true,
            email: 'daily' as const,
            mandatory: false,
            mailOnly: false,
          },
        ],
        digest: { timeZone: 'Europe/Amsterdam', hour: 8, weekday: 1 },
      },
    ],
  })

export const NotificationPreferencesChange = z
  .strictObject({
    kinds: z
      .array(z.strictObject({ kind: z.string().min(1).max(60), inApp: z.boolean(), email: EmailChoice }))
      .max(100)
      .default([])
      .describe('Those that are left out stay as they are.'),
    digest: DigestSetting.optional(),
  })
  .meta({
    id: 'NotificationPreferencesChange',
    examples: [{ kinds: [{ kind: 'award-waiting', inApp: true, email: 'weekly' }] }],
  })

export const PreferencesQuery = z.strictObject({ language: z.enum(MAIL_LANGUAGES).default('en') })
export const UnsubscribeParams = z.strictObject({ token: z.string().min(20).max(400) })
