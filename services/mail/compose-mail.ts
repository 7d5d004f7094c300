import { type MailTemplate, mailLanguage } from '#engine/notifications/mail-kind.ts'
import { mailKind } from '#engine/notifications/mail-kinds.ts'
import { renderMailTemplate } from '#engine/notifications/mail-template.ts'
import { layOut, type MailText } from './mail-layout.ts'
import type { MailMessage } from './mail-message.ts'

/** Words a mail: by the template of the organisation that sends it, or by ours. */
export function composeMail(
  { kind: name, language, url, values }: MailMessage,
  {
    template,
    ...layout
  }: {
    readonly template?: MailTemplate
    readonly sender?: string
    readonly footer?: { readonly label: string; readonly url: string }
  } = {},
): MailText {
  const kind = mailKind(name)
  const standard = kind.texts[mailLanguage(language)]
  return layOut(renderMailTemplate(kind, template ?? standard, values, standard), { url, ...layout })
}
