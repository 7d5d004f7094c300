import type { Principal } from '#engine/access/rights.ts'
import type { OrganisationId } from '#engine/shared/ids.ts'
import { requireRight } from '#services/access/authorise.ts'
import type { Batch } from '#services/ports/anchoring-store.ts'
import type { AuditEntry } from '#services/ports/audit-store.ts'
import type { Chain } from '#services/ports/chain.ts'
import type { Database } from '#services/ports/database.ts'
import type { StoredMail } from '#services/ports/mail-store.ts'
import type { Page, PageRequest } from '#services/ports/page.ts'

/** What an organisation sees of itself at a glance. */
export const createOverview = ({
  database,
  chain,
}: {
  readonly database: Database
  readonly chain: Chain
}) => ({
  numbers: (principal: Principal, organisationId: OrganisationId) =>
    database.inOrganisation(organisationId, async (stores) => {
      await requireRight(stores, principal, 'read', organisationId)
      const { items: batches } = await stores.anchoring.listBatches(organisationId, { limit: 10 })
      return {
        events: await stores.events.counts(organisationId),
        awards: await stores.awards.counts(organisationId),
        claims: await stores.claims.counts(organisationId),
        batches,
        chain: { ...chain.address, independent: chain.independent },
      }
    }),

  batches: (principal: Principal, organisationId: OrganisationId, page: PageRequest): Promise<Page<Batch>> =>
    database.inOrganisation(organisationId, async (stores) => {
      await requireRight(stores, principal, 'read', organisationId)
      return stores.anchoring.listBatches(organisationId, page)
    }),

  audit: (
    principal: Principal,
    organisationId: OrganisationId,
    page: PageRequest,
  ): Promise<Page<AuditEntry>> =>
    database.inOrganisation(organisationId, async (stores) => {
      await requireRight(stores, principal, 'administer', organisationId)
      return stores.audit.list(organisationId, page)
    }),

  /**
   * The outbox, for the owner. Where no mail server is set up it is how mail is read at all; where there is one, the
   * links of a mail are for whom it was sent to: they sign in as that person, whom other organisations know too.
   */
  mail: (principal: Principal, organisationId: OrganisationId): Promise<readonly StoredMail[]> =>
    database.inOrganisation(organisationId, async (stores) => {
      await requireRight(stores, principal, 'administer', organisationId)
      const mails = await stores.mail.list(organisationId, 100)
      if (principal.kind === 'operator') return mails
      return mails.map((mail) =>
        mail.state === 'held'
          ? mail
          : { ...mail, text: withoutTokens(mail.text), html: withoutTokens(mail.html) },
      )
    }),
})

/** Our links carry their secret in the fragment. */
const withoutTokens = (text: string): string => text.replaceAll(/#[\w-]{20,}/g, '#…')
