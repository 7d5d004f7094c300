import type { MailLanguage } from '#engine/notifications/mail-kind.ts'
import { isMailKind } from '#engine/notifications/mail-kinds.ts'
import type { mail_template } from '#prisma'
import type { MailTemplateStore, StoredMailTemplate } from '#services/ports/mail-template-store.ts'
import { date, instant, type Transaction } from './rows.ts'

export function mailTemplateStore(tx: Transaction): MailTemplateStore {
  return {
    list: async (organisationId) =>
      (await tx.mail_template.findMany({ where: { organisation_id: organisationId } })).flatMap(toTemplate),
    find: async (organisationId, kind, language) =>
      (
        await tx.mail_template.findMany({ where: { organisation_id: organisationId, kind, language } })
      ).flatMap(toTemplate)[0],
    write: async (organisationId, seen, { kind, language, texts, changedAt }) => {
      const data = {
        subject: texts?.subject ?? null,
        text: texts?.text ?? null,
        changed_at: date(changedAt),
        revision: seen + 1,
      }
      const key = { organisation_id: organisationId, kind, language }
      const { count } =
        seen === 0
          ? await tx.mail_template.createMany({ data: [{ ...key, ...data }], skipDuplicates: true })
          : await tx.mail_template.updateMany({ where: { ...key, revision: seen }, data })
      return count === 1 ? seen + 1 : undefined
    },
  }
}

// A kind that the product no longer has is passed over: nobody is sent it.
const toTemplate = (row: mail_template): readonly StoredMailTemplate[] =>
  isMailKind(row.kind)
    ? [
        {
          kind: row.kind,
          language: row.language as MailLanguage,
          ...(row.subject === null || row.text === null
            ? {}
            : { texts: { subject: row.subject, text: row.text } }),
          revision: row.revision,
          changedAt: instant(row.changed_at),
        },
      ]
    : []
