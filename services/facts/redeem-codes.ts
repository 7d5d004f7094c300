import { actorOf, type Principal } from '#engine/access/rights.ts'
import { errors } from '#engine/errors/catalogue.ts'
import { codeFact } from '#engine/events/fact-events.ts'
import { type Identifier, identifierText } from '#engine/events/identifier.ts'
import type { AccountId, OrganisationId } from '#engine/shared/ids.ts'
import { formatInstant, type Instant } from '#engine/shared/instant.ts'
import { requireRight } from '#services/access/authorise.ts'
import type { ClaimCode } from '#services/ports/claim-code-store.ts'
import type { Hashes } from '#services/ports/hashes.ts'
import type { Stores } from '#services/ports/stores.ts'
import type { FactNeeds } from './fact-needs.ts'
import { type FactPerson, peopleByIdentifiers, personOfAccount } from './fact-people.ts'
import { hashOf } from './manage-claim-codes.ts'

export interface RedeemedCode {
  readonly code: ClaimCode
  readonly redeemedAt: Instant
  /** Redeemed before: it counts once for each person. */
  readonly again: boolean
}

/**
 * Redeems claim codes. A code counts once for each person, and never more often in all than it may: whoever redeems one
 * holds its row until the commit.
 * All throw `code-unknown`, `code-not-yet`, `code-expired`, `code-used-up`.
 */
export const createRedeemCodes = (needs: FactNeeds & { readonly hashes: Hashes }) => {
  const { database, clock, random, hashes, wakeUps } = needs
  return {
    /**
     * By a person who signed in, for themselves. Which organisation it is, the code says (`requested`, where given, must
     * be that one). Who is nobody there becomes known.
     */
    byAccount: async (
      accountId: AccountId,
      text: string,
      requested: string | undefined,
    ): Promise<RedeemedCode> => {
      const hash = hashOf(text, hashes)
      const { code, identities } = await database.asWorker(async (stores) => ({
        code: await stores.claimCodes.findByHash(hash),
        identities: await stores.access.identities(accountId),
      }))
      if (code === undefined || (requested ?? code.organisationId) !== code.organisationId)
        throw errors.codeUnknown({})
      const { organisationId } = code
      const redeemed = await database.inOrganisation(organisationId, async (stores) => {
        const now = clock.now()
        const person = await personOfAccount(stores, organisationId, accountId, identities, {
          create: true,
          random,
          now,
        })
        if (person === undefined) throw new Error('An account has no identity.')
        // Not the account: it is the same in every organisation, and none is to see what others know of a person.
        return redeem(needs, stores, code, person, 'earner')
      })
      if (!redeemed.again) await wakeUps.wake('evaluate')
      return redeemed
    },

    /** By an organisation, on behalf of somebody. Throws `facts-invalid` where nobody is known by the identifier. */
    onBehalf: async (
      principal: Principal,
      organisationId: OrganisationId,
      text: string,
      identifier: Identifier,
    ): Promise<RedeemedCode> => {
      const redeemed = await database.inOrganisation(organisationId, async (stores) => {
        await requireRight(stores, principal, 'award', organisationId)
        const code = await stores.claimCodes.findByHash(hashOf(text, hashes))
        if (code === undefined) throw errors.codeUnknown({})
        const people = await peopleByIdentifiers(stores, organisationId, [identifier], random)
        const subjectId = people.get(identifierText(identifier))
        if (subjectId === undefined)
          throw errors.factsInvalid({
            faults: [{ code: 'subject-unknown', path: '/subject', message: 'Nobody is known by that.' }],
          })
        return redeem(needs, stores, code, { subjectId, actor: identifier }, actorOf(principal))
      })
      if (!redeemed.again) await wakeUps.wake('evaluate')
      return redeemed
    },
  }
}

async function redeem(
  { clock, random, audit, recordFacts }: FactNeeds,
  stores: Stores,
  { organisationId, id }: ClaimCode,
  { subjectId, actor }: FactPerson,
  by: string,
): Promise<RedeemedCode> {
  // 1. From here on nobody else redeems it.
  const code = await stores.claimCodes.lock(organisationId, id)
  if (code === undefined) throw errors.codeUnknown({})

  // 2. Pressing twice is harmless, also when the code is over by then.
  const use = await stores.claimCodes.useOf(id, subjectId)
  if (use !== undefined) return { code, redeemedAt: use.usedAt, again: true }

  // 3. May it be redeemed now?
  const now = clock.now()
  const { validFrom, validUntil, endedAt, maxUses } = code
  if (endedAt !== undefined) throw errors.codeExpired({ since: formatInstant(endedAt) })
  if (validFrom !== undefined && now < validFrom) throw errors.codeNotYet({ from: formatInstant(validFrom) })
  if (validUntil !== undefined && now >= validUntil)
    throw errors.codeExpired({ since: formatInstant(validUntil) })
  if (maxUses !== undefined && code.uses >= maxUses) throw errors.codeUsedUp({})

  // 4. Write it down.
  const event = codeFact({ sourceId: random.rowId(), time: now, actor }, { code: code.slug })
  const [fact] = await recordFacts(stores, organisationId, [{ subjectId, event }], now)
  if (fact === undefined) throw new Error('A fact was not recorded.')
  await stores.claimCodes.use({
    organisationId,
    id: random.rowId(),
    codeId: id,
    subjectId,
    eventId: fact.eventId,
    usedAt: now,
  })
  await audit(stores, {
    organisationId,
    at: now,
    actor: by,
    action: 'code.redeemed',
    targetType: 'claim_code',
    targetId: id,
  })
  return { code: { ...code, uses: code.uses + 1 }, redeemedAt: now, again: false }
}
