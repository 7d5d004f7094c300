import { holdsRight, organisationsOf, type Principal, type Right } from '#engine/access/rights.ts'
import { errors } from '#engine/errors/catalogue.ts'
import type { JsonObject } from '#engine/shared/json.ts'
import { requireRight } from '#services/access/authorise.ts'
import type { Database } from '#services/ports/database.ts'
import type { Issuer } from '#services/ports/issuer-store.ts'
import { issuerIdOf } from '#services/verify/read-format.ts'

/** Signing whatever document in an issuer's name takes more than awarding its badges. */
const SIGN: Right = 'sign'

/**
 * The issuer in whose name the caller may have this signed: the one that the credential names, or the only one there is.
 * Throws `credential-issuer-refused` for one of another organisation as for one that nobody has, `forbidden`, and
 * `credential-issuer-missing`.
 */
export async function findSigner(
  database: Database,
  principal: Principal,
  credential: JsonObject,
): Promise<Issuer> {
  const named = issuerIdOf(credential)
  if (named !== undefined) return namedSigner(database, principal, named)
  const open: Issuer[] = []
  for (const organisationId of organisationsOf(principal))
    await database.inOrganisation(organisationId, async (stores) => {
      for (const issuer of await stores.issuers.list(organisationId))
        if (issuer.state !== 'closed' && (await maySign(issuer))) open.push(issuer)

      async function maySign(issuer: Issuer): Promise<boolean> {
        const path = await stores.organisations.unitPath(organisationId, issuer.unitId)
        return holdsRight(principal, SIGN, path)
      }
    })
  const [only] = open
  if (only === undefined || open.length > 1) throw errors.credentialIssuerMissing({})
  return only
}

async function namedSigner(database: Database, principal: Principal, did: string): Promise<Issuer> {
  const issuer = await database.asWorker((stores) => stores.issuers.findByDid(did))
  const isTheirs = issuer !== undefined && organisationsOf(principal).includes(issuer.organisationId)
  if (!isTheirs || issuer.state === 'closed') throw errors.credentialIssuerRefused({ issuer: did })
  await database.inOrganisation(issuer.organisationId, (stores) =>
    requireRight(stores, principal, SIGN, issuer.organisationId, issuer.unitId),
  )
  return issuer
}
