import { RIGHTS, type Right } from '#engine/access/rights.ts'
import type { AccountId, MembershipId, OrganisationId, UnitId } from '#engine/shared/ids.ts'
import { asInstant } from '#engine/shared/instant.ts'
import type { Stores } from '#services/ports/stores.ts'
import { ApiCaller } from './api-caller.ts'
import type { TestProduct } from './test-product.ts'

/** Makes somebody a member without an invitation. */
export const addMember = (
  stores: Stores,
  organisation: { readonly id: OrganisationId; readonly rootUnit: UnitId },
  accountId: AccountId,
  rights: readonly Right[] = RIGHTS,
): Promise<void> =>
  stores.memberships.insert({
    organisationId: organisation.id,
    id: crypto.randomUUID() as MembershipId,
    unitId: organisation.rootUnit,
    accountId,
    rights,
    revision: 1,
    createdAt: asInstant(Date.now()),
  })

/** A person who has proven an address and signed in. */
export async function signedIn(product: TestProduct, address: string): Promise<ApiCaller> {
  const link = await product.running.product.routes.signIn.link({ type: 'email', value: address })
  const token = /#([\w-]+)$/.exec(link)?.[1]
  const answer = await new ApiCaller(product.url).post('/v1/session', { token })
  const cookie = answer.headers.getSetCookie()[0]?.split(';')[0] ?? ''
  return new ApiCaller(product.url, { cookie, origin: product.url })
}
