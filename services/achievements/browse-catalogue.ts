import type { CatalogueFilter, CataloguePage } from '#services/ports/catalogue-store.ts'
import type { Database } from '#services/ports/database.ts'
import type { PageRequest } from '#services/ports/page.ts'

/** What organisations list for everybody: the newest published version of each. Nobody has to be known for it. */
export const createBrowseCatalogue =
  ({ database }: { readonly database: Database }) =>
  (filter: CatalogueFilter, page: PageRequest): Promise<CataloguePage> =>
    database.asWorker((stores) => stores.catalogue.search(filter, page))
