import type { Principal } from '#engine/access/rights.ts'
import type { OrganisationId } from '#engine/shared/ids.ts'
import { requireRight } from '#services/access/authorise.ts'
import type { Batch } from '#services/ports/anchoring-store.ts'
import type { AuditEntry } from '#services/ports/audit-store.ts'
import type { Chain } from '#services/ports/chain.ts'
import type { Clock } from '#services/ports/clock.ts'
import type { Database } from '#services/ports/database.ts'
import type { StoredMail } from '#services/ports/mail-store.ts'
import type { Page, PageRequest } from '#services/ports/page.ts'

/** What an organisation sees of itself at a glance. */
export const createOverview = ({
  database,
  clock,
  chain,
  isLocal,
}: {
  readonly database: Database
  readonly clock: Clock
  readonly chain: Chain
  /** PUBLIC_URL is on this very machine. */
  readonly isLocal: boolean
}) => ({
  numbers: (principal: Principal, organisationId: OrganisationId) =>
    database.inOrganisation(organisationId, async (stores) => {
      await requireRight(stores, principal, 'read', organisationId)
      const { items: batches } = await stores.anchoring.listBatches(organisationId, { limit: 10 })
      return {
        events: await stores.events.counts(organisationId),
        awards: await stores.awards.counts(organisationId),
        claims: await stores.claims.counts(organisationId),
        rules: {
          dead: (await stores.health.silentRules(clock.now(), organisationId)).length,
          parkedEvents: await stores.health.parked(organisationId),
        },
        notifications: { parked: await stores.notifications.countParked(organisationId) },
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
   * The outbox, newest first. A link in a mail is for whom it was sent to, whom other organisations know too, so its
   * secret is left out. Only where no mail server is set up *and* the product runs on this very machine, for trying out,
   * the links of held mails are shown: there it is how mail is read at all.
   */
  mail: (
    principal: Principal,
    organisationId: OrganisationId,
    page: PageRequest,
  ): Promise<Page<StoredMail>> =>
    database.inOrganisation(organisationId, async (stores) => {
      await requireRight(stores, principal, 'administer', organisationId)
      const { items, ...rest } = await stores.mail.list(organisationId, page)
      const shown = items.map((mail) =>
        principal.kind === 'operator' || (isLocal && mail.state === 'held')
          ? mail
          : { ...mail, text: withoutTokens(mail.text), html: withoutTokens(mail.html) },
      )
      return { items: shown, ...rest }
    }),
})

/** Our links carry their secret in the fragment; codes are groups of four. */
const withoutTokens = (text: string): string =>
  text
    .replaceAll(/#[\w-]{20,}/g, '#…')
    .replaceAll(/\b(?:[0-9A-HJKMNP-TV-Z]{4}-){3}[0-9A-HJKMNP-TV-Z]{4}\b/g, '…')
