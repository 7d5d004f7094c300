import type { Principal } from '#engine/access/rights.ts'
import { errors } from '#engine/errors/catalogue.ts'
import type { IssuerId, KeyId, OrganisationId } from '#engine/shared/ids.ts'
import { requireRight } from '#services/access/authorise.ts'
import type { Database } from '#services/ports/database.ts'
import type { Page, PageRequest } from '#services/ports/page.ts'
import type { VcApiCredential } from '#services/ports/vc-api-store.ts'

/**
 * What other software had signed over VC-API with a key, newest first: where the key was stolen, whoever had it signed must do so once
 * more, as only they know to whom it went. Throws `not-found` and `forbidden`.
 */
export const createListSigned =
  ({ database }: { readonly database: Database }) =>
  (
    principal: Principal,
    organisationId: OrganisationId,
    { issuerId, keyId }: { readonly issuerId: IssuerId; readonly keyId: KeyId },
    request: PageRequest,
  ): Promise<Page<VcApiCredential>> =>
    database.inOrganisation(organisationId, async (stores) => {
      const issuer = await stores.issuers.find(issuerId)
      if (issuer === undefined) throw errors.notFound({ what: 'issuer', id: issuerId })
      await requireRight(stores, principal, 'sign', organisationId, issuer.unitId)
      const keys = await stores.issuers.keys(issuerId)
      if (!keys.some(({ id, purpose }) => id === keyId && purpose === 'issuing'))
        throw errors.notFound({ what: 'issuing key', id: keyId })
      return stores.vcApi.underKey(keyId, request)
    })
