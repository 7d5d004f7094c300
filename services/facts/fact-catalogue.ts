import type { FactCatalogue } from '#engine/facts/fact-catalogue.ts'
import type { OrganisationId } from '#engine/shared/ids.ts'
import type { Stores } from '#services/ports/stores.ts'

/** What the organisation has that rules may ask for by name. */
export async function catalogueOf(stores: Stores, organisationId: OrganisationId): Promise<FactCatalogue> {
  const attributes = await stores.attributes.list(organisationId)
  return {
    cohorts: await stores.cohorts.all(organisationId),
    attributes: new Map(attributes.map(({ name, type }) => [name, type])),
    codes: await stores.claimCodes.all(organisationId),
  }
}
