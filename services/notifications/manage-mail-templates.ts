import { actorOf, type Principal } from '#engine/access/rights.ts'
import { errors } from '#engine/errors/catalogue.ts'
import {
  LINK,
  MAIL_LANGUAGES,
  type MailLanguage,
  type MailTemplate,
} from '#engine/notifications/mail-kind.ts'
import { isMailKind, MAIL_KIND_NAMES, type MailKindName, mailKind } from '#engine/notifications/mail-kinds.ts'
import { checkMailTemplate, type MailValues } from '#engine/notifications/mail-template.ts'
import type { OrganisationId } from '#engine/shared/ids.ts'
import type { Instant } from '#engine/shared/instant.ts'
import { requireRight } from '#services/access/authorise.ts'
import type { AuditTrail } from '#services/audit/audit-trail.ts'
import { composeMail } from '#services/mail/compose-mail.ts'
import type { MailText } from '#services/mail/mail-layout.ts'
import type { Clock } from '#services/ports/clock.ts'
import type { Database } from '#services/ports/database.ts'
import type { StoredMailTemplate } from '#services/ports/mail-template-store.ts'
import type { Stores } from '#services/ports/stores.ts'

export interface ManageMailTemplatesNeeds {
  readonly database: Database
  readonly clock: Clock
  readonly audit: AuditTrail
  readonly origin: string
}

/** How a kind of mail is worded in one language now. */
export interface MailTemplateView {
  readonly kind: MailKindName
  readonly language: MailLanguage
  readonly texts: MailTemplate
  /** Our own words; those of the organisation otherwise. */
  readonly isStandard: boolean
  /** 0 where it was never changed. */
  readonly revision: number
  readonly changedAt?: Instant
}

/** How an organisation words the mails that are sent in its name. All of it asks for the right `administer`. */
export const createManageMailTemplates = ({ database, clock, audit, origin }: ManageMailTemplatesNeeds) => {
  const inOrganisation = <T>(
    principal: Principal,
    organisationId: OrganisationId,
    work: (stores: Stores) => Promise<T>,
  ): Promise<T> =>
    database.inOrganisation(organisationId, async (stores) => {
      await requireRight(stores, principal, 'administer', organisationId)
      return work(stores)
    })

  const write = async (
    stores: Stores,
    principal: Principal,
    organisationId: OrganisationId,
    { kind, language }: KindAndLanguage,
    seen: number,
    texts: MailTemplate | undefined,
  ): Promise<MailTemplateView> => {
    const before = await stores.mailTemplates.find(organisationId, kind, language)
    const current = before?.revision ?? 0
    if (current !== seen) throw errors.preconditionFailed({ current })
    const after = { kind, language, changedAt: clock.now(), ...(texts === undefined ? {} : { texts }) }
    const revision = await stores.mailTemplates.write(organisationId, seen, after)
    if (revision === undefined) throw errors.preconditionFailed({})
    await audit(stores, {
      organisationId,
      at: after.changedAt,
      actor: actorOf(principal),
      action: texts === undefined ? 'mail_template.reset' : 'mail_template.changed',
      targetType: 'organisation',
      targetId: organisationId,
      detail: { kind, language, revision },
    })
    return viewOf(kind, language, { ...after, revision })
  }

  return {
    /** Every kind that can be worded anew, in each language. */
    list: (principal: Principal, organisationId: OrganisationId): Promise<readonly MailTemplateView[]> =>
      inOrganisation(principal, organisationId, async (stores) => {
        const stored = await stores.mailTemplates.list(organisationId)
        return MAIL_KIND_NAMES.filter((kind) => mailKind(kind).changeable).flatMap((kind) =>
          MAIL_LANGUAGES.map((language) =>
            viewOf(
              kind,
              language,
              stored.find((each) => each.kind === kind && each.language === language),
            ),
          ),
        )
      }),

    find: (
      principal: Principal,
      organisationId: OrganisationId,
      kind: string,
      language: MailLanguage,
    ): Promise<MailTemplateView> =>
      inOrganisation(principal, organisationId, async (stores) => {
        const name = changeable(kind)
        return viewOf(name, language, await stores.mailTemplates.find(organisationId, name, language))
      }),

    /**
     * Throws `precondition-failed` when it was changed since revision `seen`, `template-malformed`,
     * `template-variable-unknown`, `template-link-missing`.
     */
    change: (
      principal: Principal,
      organisationId: OrganisationId,
      kind: string,
      language: MailLanguage,
      seen: number,
      texts: MailTemplate,
    ): Promise<MailTemplateView> =>
      inOrganisation(principal, organisationId, async (stores) => {
        const name = changeable(kind)
        checkMailTemplate(mailKind(name), texts)
        return write(stores, principal, organisationId, { kind: name, language }, seen, texts)
      }),

    /** Goes back to our own words. Throws `precondition-failed`. */
    reset: (
      principal: Principal,
      organisationId: OrganisationId,
      kind: string,
      language: MailLanguage,
      seen: number,
    ): Promise<MailTemplateView> =>
      inOrganisation(principal, organisationId, async (stores) =>
        write(stores, principal, organisationId, { kind: changeable(kind), language }, seen, undefined),
      ),

    /**
     * The mail as it would be sent: with these texts, or the ones that count now; with these values, or the samples.
     * Saves and sends nothing. Throws as `change` does.
     */
    preview: (
      principal: Principal,
      organisationId: OrganisationId,
      kind: string,
      language: MailLanguage,
      {
        texts,
        values,
      }: { readonly texts?: MailTemplate; readonly values?: Readonly<Record<string, string | boolean>> },
    ): Promise<MailText> =>
      inOrganisation(principal, organisationId, async (stores) => {
        const name = changeable(kind)
        const { variables } = mailKind(name)
        const known = Object.keys(variables)
        const unknown = Object.keys(values ?? {}).filter((each) => !known.includes(each))
        if (unknown.length > 0)
          throw errors.templateVariableUnknown({ variables: unknown, known: [LINK, ...known] })
        if (texts !== undefined) checkMailTemplate(mailKind(name), texts)
        const stored = await stores.mailTemplates.find(organisationId, name, language)
        const template = texts ?? stored?.texts
        const sender = (await stores.organisations.find(organisationId))?.name
        return composeMail(
          { kind: name, language, url: `${origin}/#sample`, values: values ?? samplesOf(name) },
          { ...(template === undefined ? {} : { template }), ...(sender === undefined ? {} : { sender }) },
        )
      }),
  }
}

interface KindAndLanguage {
  readonly kind: MailKindName
  readonly language: MailLanguage
}

/** One that an organisation words: those of the installation are, to it, none at all. */
function changeable(kind: string): MailKindName {
  if (!isMailKind(kind) || !mailKind(kind).changeable)
    throw errors.notFound({ what: 'mail template', id: kind })
  return kind
}

const viewOf = (
  kind: MailKindName,
  language: MailLanguage,
  stored: StoredMailTemplate | undefined,
): MailTemplateView => ({
  kind,
  language,
  texts: stored?.texts ?? mailKind(kind).texts[language],
  isStandard: stored?.texts === undefined,
  revision: stored?.revision ?? 0,
  ...(stored === undefined ? {} : { changedAt: stored.changedAt }),
})

const samplesOf = (kind: MailKindName): MailValues =>
  Object.fromEntries(Object.entries(mailKind(kind).variables).map(([name, { sample }]) => [name, sample]))
