import { errors } from '#engine/errors/catalogue.ts'
import { FACTS_SOURCE } from '#engine/events/fact-events.ts'
import { type Identifier, identifierText } from '#engine/events/identifier.ts'
import type { AccountId, OrganisationId, SourceId, SubjectId } from '#engine/shared/ids.ts'
import type { Instant } from '#engine/shared/instant.ts'
import type { Random } from '#services/ports/random.ts'
import type { Stores } from '#services/ports/stores.ts'

/** Whom a fact is about, and by what the event names them. */
export interface FactPerson {
  readonly subjectId: SubjectId
  readonly actor: Identifier
}

/** The person of an id. Throws `not-found`. */
export async function personById(
  stores: Stores,
  organisationId: OrganisationId,
  id: SubjectId,
): Promise<FactPerson> {
  const subject = await stores.subjects.find(organisationId, id)
  if (subject === undefined) throw errors.notFound({ what: 'subject', id })
  const { canonicalId: subjectId, identifiers } = subject
  return { subjectId, actor: identifiers[0] ?? { type: 'id', value: `${FACTS_SOURCE}#${subjectId}` } }
}

/**
 * People by `identifierText`. Those whom nobody knows yet are made known, unless the organisation has said that its
 * source of facts may not (`createsSubjects` of the source); then they are missing from the map.
 */
export async function peopleByIdentifiers(
  stores: Stores,
  organisationId: OrganisationId,
  identifiers: readonly Identifier[],
  random: Random,
): Promise<ReadonlyMap<string, SubjectId>> {
  const wanted = new Map(identifiers.map((each) => [identifierText(each), each]))
  const known = await stores.subjects.byIdentifiers(organisationId, [...wanted.values()])
  const unknown = [...wanted].filter(([text]) => !known.has(text))
  if (unknown.length === 0) return known
  const source = await stores.facts.source(organisationId, random.rowId() as SourceId)
  if (!source.createsSubjects) return known
  const made = await stores.subjects.create(
    organisationId,
    unknown.map(([, identifier]) => ({ id: random.rowId() as SubjectId, identifier })),
  )
  return new Map([...known, ...made])
}

export interface AccountPerson extends FactPerson {
  /** Everybody in the organisation who is this account: nobody has merged them yet. */
  readonly all: ReadonlySet<SubjectId>
}

/**
 * Who somebody that signed in is in an organisation: a person whom the account was linked to, or one with an identity
 * that the account has proven. `create`: makes them known, and links them, where they are nobody yet.
 * `identities` are read beforehand: the transaction of a tenant sees no accounts.
 */
export async function personOfAccount(
  stores: Stores,
  organisationId: OrganisationId,
  accountId: AccountId,
  identities: readonly Identifier[],
  { create, random, now }: { readonly create: boolean; readonly random: Random; readonly now: Instant },
): Promise<AccountPerson | undefined> {
  const linked = await stores.subjects.ofAccount(organisationId, accountId)
  const proven = await stores.subjects.byIdentifiers(organisationId, identities)
  const all = new Set([...linked, ...proven.values()])
  const [first] = all
  const [identity] = identities
  if (first === undefined && (!create || identity === undefined)) return undefined
  const made = await (first === undefined && identity !== undefined
    ? stores.subjects.create(organisationId, [{ id: random.rowId() as SubjectId, identifier: identity }])
    : undefined)
  const subjectId = first ?? made?.values().next().value
  if (subjectId === undefined) return undefined
  if (linked.length === 0) await stores.subjects.linkAccount(organisationId, subjectId, accountId, now)
  const { actor } = await personById(stores, organisationId, subjectId)
  return { subjectId, actor, all: new Set([...all, subjectId]) }
}
