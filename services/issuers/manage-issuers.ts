import { actorOf, type Principal } from '#engine/access/rights.ts'
import { UNIT_DEPTH_MAX } from '#engine/access/unit-tree.ts'
import { didOfIssuer } from '#engine/credentials/did-web.ts'
import { issuerProfileBytes } from '#engine/credentials/issuer-profile.ts'
import { errors } from '#engine/errors/catalogue.ts'
import type { IssuerId, KeyId, OrganisationId, UnitId } from '#engine/shared/ids.ts'
import type { Instant } from '#engine/shared/instant.ts'
import { requireRight } from '#services/access/authorise.ts'
import type { AuditTrail } from '#services/audit/audit-trail.ts'
import type { ChainTask } from '#services/ports/anchoring-store.ts'
import type { Chain } from '#services/ports/chain.ts'
import type { Clock } from '#services/ports/clock.ts'
import type { CredentialSuite } from '#services/ports/credential-suite.ts'
import type { Database } from '#services/ports/database.ts'
import type {
  ChangeableProfile,
  Issuer,
  IssuerKey,
  KeyChangeRequest,
  KeyPurpose,
} from '#services/ports/issuer-store.ts'
import type { KeyMaker } from '#services/ports/key-maker.ts'
import { type IssuingCurve, issuerKeySecret, issuingCurveOf } from '#services/ports/key-store.ts'
import type { Random } from '#services/ports/random.ts'
import type { SecretBox } from '#services/ports/secret-box.ts'
import type { Stores } from '#services/ports/stores.ts'
import type { WakeUps } from '#services/ports/wake-ups.ts'
import { isTestIssuer } from './issuer-marks.ts'
import { isStale, useKeyChange } from './key-change.ts'
import { profileOf } from './profile-of-issuer.ts'
import { requireSayable } from './specimen.ts'

export interface ManageIssuersNeeds {
  readonly database: Database
  readonly clock: Clock
  readonly random: Random
  readonly audit: AuditTrail
  readonly keyMaker: KeyMaker
  readonly secretBox: SecretBox
  readonly chain: Chain
  readonly suite: Pick<CredentialSuite, 'lint' | 'sha256'>
  readonly wakeUps: WakeUps
  readonly origin: string
}

export interface NewIssuer extends ChangeableProfile {
  readonly slug: string
  readonly name: string
  readonly url?: string
  readonly parentUnitId?: UnitId
}

/** `undefined` leaves a member as it is, `null` takes it away. */
export type IssuerChange = { readonly [Name in keyof ChangeableProfile]?: ChangeableProfile[Name] | null }

export const createManageIssuers = (needs: ManageIssuersNeeds) => {
  const { database, clock, random, audit, keyMaker, secretBox, chain, suite, wakeUps, origin } = needs

  const seal = (
    issuer: Issuer,
    purpose: KeyPurpose,
    publicKey: string,
    secret: Uint8Array,
    createdAt: Instant,
  ): IssuerKey => {
    const id = random.rowId() as KeyId
    const sealedSecret = secretBox.seal(secret, issuerKeySecret(id))
    return {
      organisationId: issuer.organisationId,
      id,
      issuerId: issuer.id,
      purpose,
      publicKey,
      sealedSecret,
      state: 'active',
      createdAt,
    }
  }

  /** Of the profile as endorsers sign over it. */
  const digestOf = (issuer: Issuer): string =>
    `sha256-${Buffer.from(suite.sha256(issuerProfileBytes(profileOf(issuer)))).toString('base64')}`

  const task = (issuer: Issuer, kind: ChainTask['kind'], createdAt: Instant): ChainTask => ({
    organisationId: issuer.organisationId,
    id: random.rowId(),
    issuerId: issuer.id,
    kind,
    state: 'queued',
    createdAt,
    attempts: 0,
  })

  return {
    /**
     * Makes an issuer with its unit, DID and two keys, and queues its registration on chain.
     * Its slug, origin and DID never change. Throws `slug-taken`, `invalid-request`, `credential-unfit`.
     */
    create: async (
      principal: Principal,
      organisationId: OrganisationId,
      wanted: NewIssuer,
    ): Promise<Issuer> => {
      const { slug, name, url, parentUnitId, ...profile } = wanted
      const issuing = await keyMaker.newIssuingKey()
      const anchoring = keyMaker.newAnchoringKey()
      const did = didOfIssuer(origin, slug)
      const onchainId = chain.issuerId({ did, firstKey: anchoring.address })

      const created = await database.inOrganisation(organisationId, async (stores) => {
        // No unit is deleted or moved from under it.
        await stores.organisations.lockPeople(organisationId)
        const parentId = parentUnitId ?? (await stores.organisations.rootUnit(organisationId))
        if (parentId === undefined) throw errors.notFound({ what: 'organisation', id: organisationId })
        await requireRight(stores, principal, 'administer', organisationId, parentId)
        const parent = await stores.organisations.findUnit(organisationId, parentId)
        if (parent?.kind === 'achievement') throw errors.unitOfAchievement({ achievementId: parent.id })
        const above = await stores.organisations.unitPath(organisationId, parentId)
        if (above.length >= UNIT_DEPTH_MAX) throw errors.unitTooDeep({ most: UNIT_DEPTH_MAX })
        if (!(await stores.organisations.takeSlug(slug, 'issuer'))) throw errors.slugTaken({ slug })

        const now = clock.now()
        const unitId = random.rowId() as UnitId
        await stores.organisations.insertUnit({
          organisationId,
          id: unitId,
          parentId,
          kind: 'issuer',
          name,
        })
        const issuer: Issuer = {
          ...profile,
          organisationId,
          id: random.rowId() as IssuerId,
          unitId,
          slug,
          origin,
          did,
          onchainId,
          name,
          url: url ?? `${origin}/issuers/${slug}`,
          state: 'pending',
          revision: 1,
        }
        await requireSayable(suite, issuer, {
          now,
          test: isTestIssuer(issuer, await stores.organisations.find(organisationId)),
        })
        await stores.issuers.insert(issuer)
        const issuingKey = seal(issuer, 'issuing', issuing.publicKeyMultibase, issuing.secretKey, now)
        await stores.issuers.insertKey(issuingKey)
        await stores.issuers.insertKey(seal(issuer, 'anchoring', anchoring.address, anchoring.secretKey, now))
        await stores.anchoring.insertTask(task(issuer, 'register', now))
        await stores.anchoring.insertTask({ ...task(issuer, 'publish_key', now), keyId: issuingKey.id })
        await audit(stores, {
          organisationId,
          at: now,
          actor: actorOf(principal),
          action: 'issuer.created',
          targetType: 'issuer',
          targetId: issuer.id,
        })
        return issuer
      })
      await wakeUps.wake('send')
      return created
    },

    list: (principal: Principal, organisationId: OrganisationId): Promise<readonly Issuer[]> =>
      database.inOrganisation(organisationId, async (stores) => {
        await requireRight(stores, principal, 'read', organisationId)
        return stores.issuers.list(organisationId)
      }),

    find: (
      principal: Principal,
      organisationId: OrganisationId,
      id: IssuerId,
    ): Promise<{ readonly issuer: Issuer; readonly keys: readonly IssuerKey[] }> =>
      database.inOrganisation(organisationId, async (stores) => {
        const issuer = await found(stores, id)
        await requireRight(stores, principal, 'read', organisationId, issuer.unitId)
        return { issuer, keys: await stores.issuers.keys(id) }
      }),

    /**
     * Changes what it says of itself: in its profile at once, and in every badge that is prepared from then on. What was
     * signed stays as it was, and endorsements of the profile become `stale`: they are about the profile as it was.
     * Throws `invalid-request`, `credential-unfit`, and `precondition-failed` when somebody else has changed it since revision `seen`.
     */
    change: (
      principal: Principal,
      organisationId: OrganisationId,
      id: IssuerId,
      seen: number,
      change: IssuerChange,
    ): Promise<Issuer> =>
      database.inOrganisation(organisationId, async (stores) => {
        const issuer = await found(stores, id)
        await requireRight(stores, principal, 'administer', organisationId, issuer.unitId)
        const changed = await stores.issuers.changeProfile(id, seen, profileAfter(issuer, change))
        if (changed === undefined) {
          const { revision } = await found(stores, id)
          throw errors.preconditionFailed({ current: revision })
        }
        const now = clock.now()
        const test = isTestIssuer(changed, await stores.organisations.find(organisationId))
        await requireSayable(suite, changed, { now, test })
        await audit(stores, {
          organisationId,
          at: now,
          actor: actorOf(principal),
          action: 'issuer.changed',
          targetType: 'issuer',
          targetId: id,
          detail: {
            changed: Object.keys(change).sort(),
            before: digestOf(issuer),
            after: digestOf(changed),
          },
        })
        if (digestOf(issuer) === digestOf(changed)) return changed
        // Nobody vouches for what they have not seen.
        for (const endorsement of await stores.endorsements.outdate(organisationId, id))
          await audit(stores, {
            organisationId,
            at: now,
            actor: 'system',
            action: 'endorsement.stale',
            targetType: 'endorsement',
            targetId: endorsement,
          })
        return changed
      }),

    /** The request that waits for a second person, where there is one. */
    keyChange: (
      principal: Principal,
      organisationId: OrganisationId,
      id: IssuerId,
    ): Promise<KeyChangeRequest | undefined> =>
      database.inOrganisation(organisationId, async (stores) => {
        const issuer = await found(stores, id)
        await requireRight(stores, principal, 'administer', organisationId, issuer.unitId)
        const open = await stores.issuers.openKeyChange(id)
        return open === undefined || isStale(open, clock.now()) ? undefined : open
      }),

    /** Asks for a new issuing key, so that a second person may make it. Asked already: that request is answered. */
    requestKeyChange: (
      principal: Principal,
      organisationId: OrganisationId,
      id: IssuerId,
    ): Promise<KeyChangeRequest> =>
      database.inOrganisation(organisationId, async (stores) => {
        const issuer = await found(stores, id)
        await requireRight(stores, principal, 'administer', organisationId, issuer.unitId)
        const now = clock.now()
        const open = await stores.issuers.openKeyChange(id)
        if (open !== undefined && !isStale(open, now)) return open
        if (open !== undefined) await stores.issuers.endKeyChange(open, now)
        const request: KeyChangeRequest = {
          organisationId,
          id: random.rowId(),
          issuerId: id,
          requestedBy: actorOf(principal),
          createdAt: now,
        }
        await stores.issuers.insertKeyChange(request)
        await audit(stores, {
          organisationId,
          at: now,
          actor: actorOf(principal),
          action: 'issuer.key_change_requested',
          targetType: 'issuer',
          targetId: id,
        })
        return request
      }),

    /**
     * Puts a fresh issuing key in the place of the active one, which stays published: what it signed stays valid. On the
     * same curve, where no other is asked for. `purpose`: or the key beside it, which earners show parts under.
     * Throws `second-person-needed` where the organisation wants two, and no other one has asked for it.
     */
    rotateIssuingKey: async (
      principal: Principal,
      organisationId: OrganisationId,
      id: IssuerId,
      {
        curve,
        purpose = 'issuing',
      }: { readonly curve?: IssuingCurve; readonly purpose?: 'issuing' | 'disclosing' } = {},
    ): Promise<IssuerKey> => {
      const rotated = await database.inOrganisation(organisationId, async (stores) => {
        const issuer = await found(stores, id)
        await requireRight(stores, principal, 'administer', organisationId, issuer.unitId)
        const now = clock.now()
        await useKeyChange(stores, principal, issuer, now)
        const old = await stores.issuers.activeKey(id, purpose)
        if (old === undefined || !(await stores.issuers.retireKey(old.id, now)))
          throw errors.conflict({
            what: 'issuer',
            reason: 'it has no such key, or somebody else is changing it',
          })
        const fresh = await keyMaker.newIssuingKey(curve ?? issuingCurveOf(old.publicKey))
        const key = seal(issuer, purpose, fresh.publicKeyMultibase, fresh.secretKey, now)
        await stores.issuers.insertKey(key)
        // The chain is told of both windows, so that older and newer badges verify when our pages are gone.
        await stores.anchoring.insertTask({ ...task(issuer, 'publish_key', now), keyId: old.id })
        await stores.anchoring.insertTask({ ...task(issuer, 'publish_key', now), keyId: key.id })
        await audit(stores, {
          organisationId,
          at: now,
          actor: actorOf(principal),
          action: 'issuer.key_rotated',
          targetType: 'issuer',
          targetId: id,
        })
        return key
      })
      await wakeUps.wake('send')
      return rotated
    },
  }
}

function profileAfter(issuer: Issuer, change: IssuerChange): ChangeableProfile {
  const { email, description, official, phone, address, otherIdentifiers, parentOrg } = issuer
  const before = { email, description, official, phone, address, otherIdentifiers, parentOrg }
  return Object.fromEntries(
    Object.entries({ ...before, ...change }).filter(([, value]) => value !== undefined && value !== null),
  )
}

async function found(stores: Stores, id: IssuerId): Promise<Issuer> {
  const issuer = await stores.issuers.find(id)
  if (issuer === undefined) throw errors.notFound({ what: 'issuer', id })
  return issuer
}
