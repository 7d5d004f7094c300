import type { JsonObject } from '#engine/shared/json.ts'
import { textIn } from '#engine/shared/localised-text.ts'
import type { MailLanguage } from './mail-kind.ts'
import { type MailValues, renderSentence } from './mail-template.ts'
import { type NotificationKindName, notificationKind } from './notification-kinds.ts'

export interface TellingOrganisation {
  readonly id: string
  readonly slug: string
}

/** What a notification says, in the language of whoever reads it now, and the path of its page. */
export function wordNotification(
  name: NotificationKindName,
  data: JsonObject,
  organisation: TellingOrganisation,
  language: MailLanguage,
): { readonly text: string; readonly page: string } {
  const kind = notificationKind(name)
  return {
    text: renderSentence(kind.texts[language], valuesIn(data, language)),
    page: renderSentence(kind.page, { organisation: organisation.slug, organisationId: organisation.id }),
  }
}

/** Data as a template takes it: a text in several languages in this one, numbers in figures. */
export const valuesIn = (data: JsonObject, language: MailLanguage): MailValues =>
  Object.fromEntries(
    Object.entries(data).map(([name, value]) => [
      name,
      typeof value === 'boolean'
        ? value
        : typeof value === 'object' && value !== null
          ? textIn(value as Readonly<Record<string, string>>, language, 'en')
          : String(value ?? ''),
    ]),
  )
