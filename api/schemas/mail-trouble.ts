import * as z from 'zod'
import { MAIL_TROUBLES } from '#engine/notifications/mail-trouble.ts'
import { Time } from './common.ts'

/** Why the newest mail about something did not arrive. */
export const MailTrouble = z
  .strictObject({
    cause: z
      .enum(MAIL_TROUBLES)
      .describe(
        '`refused`: a mail server did not take it. `returned`: one took it and sent it back. `held`: nothing is sent to the address, since an earlier mail did not arrive. `failed`: it never got there.',
      ),
    at: Time.nullable().describe('Since when it is known.'),
    status: z.string().nullable().describe('What the other side said: `550`, `5.1.1`.'),
  })
  .meta({
    id: 'MailTrouble',
    examples: [{ cause: 'returned', at: '2026-11-26T09:00:00Z', status: '5.1.1' }],
  })

export const mailTroubleOf = (what: string) =>
  MailTrouble.optional().describe(
    `Why the newest mail about ${what} did not arrive; absent where nothing is known to be wrong.`,
  )
