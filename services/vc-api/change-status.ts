import { actorOf, organisationsOf, type Principal } from '#engine/access/rights.ts'
import { withoutStatusBit, withStatusBits } from '#engine/credentials/status-list.ts'
import { errors } from '#engine/errors/catalogue.ts'
import type { OrganisationId } from '#engine/shared/ids.ts'
import { requireRight } from '#services/access/authorise.ts'
import type { AuditTrail } from '#services/audit/audit-trail.ts'
import type { Clock } from '#services/ports/clock.ts'
import type { Database } from '#services/ports/database.ts'
import type { DidKeyIssuer } from './did-key-issuer.ts'

export interface StatusChange {
  /** The `id` of the credential, or that of one of its status entries. */
  readonly credentialId: string
  readonly statusPurpose: string
  readonly status: boolean
}

/**
 * Sets or clears the bit of what was signed over VC-API (`POST /credentials/status`): of all that were signed under that id and have an
 * entry for that purpose. Doing it twice is harmless; a revocation stays. Throws `not-found`, `forbidden`, `status-stays`.
 */
export const createChangeStatus =
  ({
    database,
    clock,
    audit,
    didKeyIssuer,
  }: {
    readonly database: Database
    readonly clock: Clock
    readonly audit: AuditTrail
    readonly didKeyIssuer: DidKeyIssuer | undefined
  }) =>
  async (principal: Principal | undefined, change: StatusChange): Promise<void> => {
    const { credentialId, statusPurpose, status } = change
    let found = 0
    for (const organisationId of principal === undefined ? [] : organisationsOf(principal))
      found += await changeIn(organisationId)
    // Beside them and never in their place: that issuer signs whatever id anybody gives it.
    const isOfDidKey = didKeyIssuer?.setStatus(credentialId, statusPurpose, status) === true
    if (found === 0 && !isOfDidKey)
      throw errors.notFound({ what: 'credential', id: credentialId.slice(0, 200) })

    /** How many of this organisation there were. */
    function changeIn(organisationId: OrganisationId): Promise<number> {
      return database.inOrganisation(organisationId, async (stores) => {
        const named = await stores.vcApi.named({ credentialId, ...entryNamed(credentialId) })
        const entries = named
          .flatMap(({ id, issuerId, statuses }) =>
            statuses
              .filter(({ purpose }) => purpose === statusPurpose)
              .map((each) => ({ ...each, id, issuerId })),
          )
          // Whoever locks several lists does so in one order.
          .toSorted((a, b) => (a.listId < b.listId ? -1 : 1))
        for (const { id, issuerId, purpose, listId, index, setAt } of entries) {
          const issuer = await stores.issuers.find(issuerId)
          if (principal === undefined || issuer === undefined) continue
          await requireRight(stores, principal, 'sign', organisationId, issuer.unitId)
          if (!status && purpose === 'revocation') throw errors.statusStays({})
          if ((setAt !== undefined) === status) continue
          const at = clock.now()
          const list = await stores.credentials.listForUpdate(listId)
          if (list !== undefined)
            await stores.credentials.saveBits(
              list.id,
              status ? withStatusBits(list.bits, [index]) : withoutStatusBit(list.bits, index),
            )
          await stores.vcApi.setStatus(id, purpose, status ? at : undefined)
          await audit(stores, {
            organisationId,
            at,
            actor: actorOf(principal),
            action:
              purpose === 'revocation' ? 'credential.revoked_by_api' : 'credential.status_changed_by_api',
            targetType: 'vc_api_credential',
            targetId: id,
            ...(purpose === 'revocation' ? {} : { detail: { purpose, status } }),
          })
        }
        return entries.length
      })
    }
  }

function entryNamed(name: string): { entry?: { list: string; index: number } } {
  const [, list, index] = /^([^#]{1,500})#(\d{1,9})$/.exec(name) ?? []
  return list === undefined ? {} : { entry: { list, index: Number(index) } }
}
