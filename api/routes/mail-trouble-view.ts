import type * as z from 'zod'
import type { MailTrouble } from '#api/schemas/mail-trouble.ts'
import type { MailTrouble as KnownTrouble } from '#engine/notifications/mail-trouble.ts'
import { timeOrNull } from './shown.ts'

/** As a member of what it is about. */
export const showMailTrouble = (
  trouble: KnownTrouble | undefined,
): { readonly mailTrouble?: z.input<typeof MailTrouble> } =>
  trouble === undefined
    ? {}
    : {
        mailTrouble: { cause: trouble.cause, at: timeOrNull(trouble.at), status: trouble.status ?? null },
      }
