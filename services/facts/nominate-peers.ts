import { actorOf, holdsRightSomewhere, organisationsOf, type Principal } from '#engine/access/rights.ts'
import { errors } from '#engine/errors/catalogue.ts'
import { nominationFact } from '#engine/events/fact-events.ts'
import { type Identifier, identifierText } from '#engine/events/identifier.ts'
import { toHex, utf8 } from '#engine/shared/bytes.ts'
import type { AccountId, AchievementId, NominationId, OrganisationId, SubjectId } from '#engine/shared/ids.ts'
import { organisationFor, requireRight } from '#services/access/authorise.ts'
import type { Hashes } from '#services/ports/hashes.ts'
import type { Nomination } from '#services/ports/nomination-store.ts'
import type { Page, PageRequest } from '#services/ports/page.ts'
import type { Stores } from '#services/ports/stores.ts'
import type { FactNeeds } from './fact-needs.ts'
import { peopleByIdentifiers, personById, personOfAccount } from './fact-people.ts'
import { takeBackFact } from './take-back-fact.ts'

export interface NewNomination {
  /** Slug of an achievement that is published. */
  readonly achievement: string
  readonly subject: Identifier
  readonly reason?: string
}

export interface MadeNomination {
  readonly nomination: Nomination
  /** False where it had been made before, and stands. */
  readonly isNew: boolean
}

/** Who nominates: somebody in the organisation, and everybody whom they must not nominate. */
interface Nominator {
  readonly subjectId: SubjectId
  readonly all: ReadonlySet<SubjectId>
}

/**
 * Peers nominate peers: a member of the organisation, or a person of it who signed in. Nobody nominates themselves, and
 * the same nomination counts once. What a nominator wrote stands beside the event, where it can be erased.
 */
export const createNominatePeers = (needs: FactNeeds & { readonly hashes: Hashes }) => {
  const { database, clock, random, audit, recordFacts, hashes, wakeUps } = needs

  const nominate = async (
    stores: Stores,
    organisationId: OrganisationId,
    { achievement: slug, reason }: NewNomination,
    subjectId: SubjectId,
    nominator: Nominator,
    by: string,
  ): Promise<MadeNomination> => {
    const [achievement] = await stores.achievements.bySlugs(organisationId, [slug])
    const [published] = achievement === undefined ? [] : await stores.achievements.published([achievement.id])
    if (achievement === undefined || published === undefined)
      throw errors.notFound({ what: 'achievement', id: slug })
    if (nominator.all.has(subjectId)) throw errors.nominationOfOneself({})

    await stores.evaluation.lockSubjects(organisationId, [subjectId])
    const key = { achievementId: achievement.id, subjectId, nominatorId: nominator.subjectId }
    const known = await stores.nominations.findSame(organisationId, key)
    if (known !== undefined && known.withdrawnAt === undefined) return { nomination: known, isNew: false }
    const now = clock.now()
    const round = (known?.round ?? 0) + 1
    const { actor } = await personById(stores, organisationId, subjectId)
    const event = nominationFact(
      {
        sourceId: `nomination:${achievement.id}:${subjectId}:${nominator.subjectId}:${round}`,
        time: now,
        actor,
      },
      { achievement: slug, nominator: opaque(organisationId, nominator.subjectId, hashes) },
    )
    const [fact] = await recordFacts(stores, organisationId, [{ subjectId, event }], now)
    if (fact === undefined) throw new Error('A fact was not recorded.')
    const nomination: Nomination = {
      organisationId,
      id: known?.id ?? (random.rowId() as NominationId),
      ...key,
      round,
      ...(reason === undefined ? {} : { reason }),
      eventId: fact.eventId,
      nominatedAt: now,
    }
    await stores.nominations.save(nomination)
    await audit(stores, {
      organisationId,
      at: now,
      actor: by,
      action: 'nomination.made',
      targetType: 'nomination',
      targetId: nomination.id,
    })
    return { nomination, isNew: true }
  }

  /** The person whom somebody nominates: one who is known, unless the caller may say who is. */
  const nomineeOf = async (
    stores: Stores,
    organisationId: OrganisationId,
    identifier: Identifier,
    path: string,
    mayCreate: boolean,
  ): Promise<SubjectId> => {
    const people = mayCreate
      ? await peopleByIdentifiers(stores, organisationId, [identifier], random)
      : await stores.subjects.byIdentifiers(organisationId, [identifier])
    const subjectId = people.get(identifierText(identifier))
    if (subjectId !== undefined) return subjectId
    throw errors.factsInvalid({
      faults: [{ code: 'subject-unknown', path, message: 'Nobody is known by that.' }],
    })
  }

  return {
    /**
     * By somebody who signed in. `requested`: the organisation, where they belong to several.
     * Throws `nomination-of-oneself`, `facts-invalid` for an unknown person, `not-found` for an unknown achievement.
     */
    byAccount: async (
      principal: Extract<Principal, { kind: 'session' }>,
      requested: string | undefined,
      wanted: NewNomination,
    ): Promise<MadeNomination> => {
      const { accountId } = principal
      const { organisationId, identities } = await organisationOf(principal, requested)
      const made = await database.inOrganisation(organisationId, async (stores) => {
        const isMember = organisationsOf(principal).includes(organisationId)
        const nominator = await personOfAccount(stores, organisationId, accountId, identities, {
          create: isMember,
          random,
          now: clock.now(),
        })
        if (nominator === undefined) throw errors.notFound({ what: 'organisation', id: organisationId })
        const mayCreate = holdsRightSomewhere(principal, 'award', organisationId)
        const subjectId = await nomineeOf(stores, organisationId, wanted.subject, '/subject', mayCreate)
        return nominate(
          stores,
          organisationId,
          wanted,
          subjectId,
          nominator,
          isMember ? actorOf(principal) : 'earner',
        )
      })
      if (made.isNew) await wakeUps.wake('evaluate')
      return made
    },

    /** By an organisation, in the name of a nominator whom it has asked. */
    onBehalf: async (
      principal: Principal,
      organisationId: OrganisationId,
      wanted: NewNomination & { readonly nominator: Identifier },
    ): Promise<MadeNomination> => {
      const made = await database.inOrganisation(organisationId, async (stores) => {
        await requireRight(stores, principal, 'award', organisationId)
        const nominatorId = await nomineeOf(stores, organisationId, wanted.nominator, '/nominator', true)
        const subjectId = await nomineeOf(stores, organisationId, wanted.subject, '/subject', true)
        const nominator = { subjectId: nominatorId, all: new Set([nominatorId]) }
        return nominate(stores, organisationId, wanted, subjectId, nominator, actorOf(principal))
      })
      if (made.isNew) await wakeUps.wake('evaluate')
      return made
    },

    /** With the reasons that nominators gave, for those who decide. */
    list: (
      principal: Principal,
      organisationId: OrganisationId,
      page: PageRequest,
      filter: { readonly subjectId?: SubjectId; readonly achievementId?: AchievementId },
    ): Promise<Page<Nomination>> =>
      database.inOrganisation(organisationId, async (stores) => {
        await requireRight(stores, principal, 'read', organisationId)
        return stores.nominations.list(organisationId, page, filter)
      }),

    /**
     * Withdraws a nomination and erases its reason: by whoever made it, or with the right to award. Again: nothing
     * changes. Throws `not-found`, also for a nomination that is somebody else's business.
     */
    withdraw: async (
      principal: Principal,
      requested: string | undefined,
      id: NominationId,
    ): Promise<void> => {
      const { organisationId, identities } = await organisationOf(principal, requested)
      const isNew = await database.inOrganisation(organisationId, async (stores) => {
        const nomination = await stores.nominations.find(organisationId, id)
        if (nomination === undefined) throw errors.notFound({ what: 'nomination', id })
        const own =
          principal.kind === 'session' &&
          (await isPerson(stores, organisationId, principal.accountId, identities, nomination.nominatorId))
        if (!own) {
          if (!holdsRightSomewhere(principal, 'read', organisationId))
            throw errors.notFound({ what: 'nomination', id })
          await requireRight(stores, principal, 'award', organisationId)
        }
        const fact = await stores.facts.find(organisationId, nomination.eventId)
        if (fact === undefined) throw new Error('A nomination has lost its event.')
        const now = clock.now()
        const isNew = await takeBackFact(recordFacts, stores, organisationId, fact, now)
        if (isNew)
          await audit(stores, {
            organisationId,
            at: now,
            actor: organisationsOf(principal).includes(organisationId) ? actorOf(principal) : 'earner',
            action: 'nomination.withdrawn',
            targetType: 'nomination',
            targetId: id,
          })
        return isNew
      })
      if (isNew) await wakeUps.wake('evaluate')
    },
  }

  /**
   * The organisation that somebody speaks of: one whose member they are, or one that knows them as its person.
   * Any other one is "not found", exactly like one that does not exist.
   */
  async function organisationOf(
    principal: Principal,
    requested: string | undefined,
  ): Promise<{ readonly organisationId: OrganisationId; readonly identities: readonly Identifier[] }> {
    if (principal.kind !== 'session')
      return { organisationId: organisationFor(principal, requested), identities: [] }
    const { accountId } = principal
    const { knowing, identities } = await database.asWorker(async (stores) => {
      const identities = await stores.access.identities(accountId)
      return { identities, knowing: await stores.subjects.organisationsOf(accountId, identities) }
    })
    const own = [...new Set([...organisationsOf(principal), ...knowing])]
    const [only] = own
    if (requested === undefined) {
      if (only === undefined) throw errors.noOrganisation({})
      if (own.length > 1) throw errors.organisationRequired({})
      return { organisationId: only, identities }
    }
    const named = own.find((id) => id === requested)
    if (named === undefined) throw errors.notFound({ what: 'organisation', id: requested })
    return { organisationId: named, identities }
  }
}

async function isPerson(
  stores: Stores,
  organisationId: OrganisationId,
  accountId: AccountId,
  identities: readonly Identifier[],
  subjectId: SubjectId,
): Promise<boolean> {
  const linked = await stores.subjects.ofAccount(organisationId, accountId)
  if (linked.includes(subjectId)) return true
  const proven = await stores.subjects.byIdentifiers(organisationId, identities)
  return [...proven.values()].includes(subjectId)
}

/** The same for the same nominator, and nothing by which they could be found: events are kept and handed on. */
const opaque = (organisationId: OrganisationId, nominatorId: SubjectId, { sha256 }: Hashes): string =>
  toHex(sha256(utf8(`waarmerk.nominator:${organisationId}:${nominatorId}`))).slice(2, 34)
