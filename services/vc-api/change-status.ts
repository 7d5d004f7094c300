import { actorOf, organisationsOf, type Principal } from '#engine/access/rights.ts'
import { withStatusBits } from '#engine/credentials/status-list.ts'
import { errors } from '#engine/errors/catalogue.ts'
import type { OrganisationId } from '#engine/shared/ids.ts'
import { requireRight } from '#services/access/authorise.ts'
import type { AuditTrail } from '#services/audit/audit-trail.ts'
import type { Clock } from '#services/ports/clock.ts'
import type { Database } from '#services/ports/database.ts'
import type { DidKeyIssuer } from './did-key-issuer.ts'

export interface StatusChange {
  /** The `id` of the credential, or that of its status entry. */
  readonly credentialId: string
  readonly statusPurpose: string
  readonly status: boolean
}

/**
 * Sets the bit of what was signed over VC-API (`POST /credentials/status`): of all that were signed under that id. Doing it twice
 * is harmless. Throws `not-found`, `forbidden`, `status-stays`.
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
    if (didKeyIssuer?.setStatus(credentialId, statusPurpose, status) === true) return
    let found = 0
    for (const organisationId of principal === undefined ? [] : organisationsOf(principal))
      found += await changeIn(organisationId)
    if (found === 0) throw errors.notFound({ what: 'credential', id: credentialId.slice(0, 200) })

    /** How many of this organisation there were. */
    function changeIn(organisationId: OrganisationId): Promise<number> {
      return database.inOrganisation(organisationId, async (stores) => {
        const named = await stores.vcApi.named({ credentialId, ...entryNamed(credentialId) })
        const withStatus = statusPurpose === 'revocation' ? named.filter((each) => each.status) : []
        for (const credential of withStatus) {
          const issuer = await stores.issuers.find(credential.issuerId)
          if (principal === undefined || issuer === undefined || credential.status === undefined) continue
          await requireRight(stores, principal, 'sign', organisationId, issuer.unitId)
          if (!status) throw errors.statusStays({})
          if (credential.revokedAt !== undefined) continue
          const at = clock.now()
          const { listId, index } = credential.status
          const list = await stores.credentials.listForUpdate(listId)
          if (list !== undefined)
            await stores.credentials.saveBits(list.id, withStatusBits(list.bits, [index]))
          await stores.vcApi.revoke(credential.id, at)
          await audit(stores, {
            organisationId,
            at,
            actor: actorOf(principal),
            action: 'credential.revoked_by_api',
            targetType: 'vc_api_credential',
            targetId: credential.id,
          })
        }
        return withStatus.length
      })
    }
  }

function entryNamed(name: string): { entry?: { list: string; index: number } } {
  const [, list, index] = /^([^#]{1,500})#(\d{1,9})$/.exec(name) ?? []
  return list === undefined ? {} : { entry: { list, index: Number(index) } }
}
