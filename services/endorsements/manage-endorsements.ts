import { actorOf, type Principal, type Right } from '#engine/access/rights.ts'
import type { Receipt } from '#engine/anchoring/receipt.ts'
import { endorsableBytes } from '#engine/credentials/endorsable-bytes.ts'
import { credentialDigest } from '#engine/credentials/prepared-credential.ts'
import { checkEndorsement, checkEndorsementToken } from '#engine/endorsements/check-endorsement.ts'
import { type SignedEndorsement, signedEndorsementBytes } from '#engine/endorsements/signed-endorsement.ts'
import { errors } from '#engine/errors/catalogue.ts'
import type { EndorsementId, OrganisationId } from '#engine/shared/ids.ts'
import type { JsonObject } from '#engine/shared/json.ts'
import { achievementsWith } from '#services/access/achievements-with.ts'
import { requireRight } from '#services/access/authorise.ts'
import { hashToken } from '#services/access/secret-token.ts'
import type { MakeReceipt } from '#services/anchoring/make-receipt.ts'
import type { AuditTrail } from '#services/audit/audit-trail.ts'
import type { Clock } from '#services/ports/clock.ts'
import type { CredentialSuite } from '#services/ports/credential-suite.ts'
import type { Database } from '#services/ports/database.ts'
import type { Endorsement } from '#services/ports/endorsement-store.ts'
import type { Hashes } from '#services/ports/hashes.ts'
import type { Issuer } from '#services/ports/issuer-store.ts'
import type { Stores } from '#services/ports/stores.ts'
import type { DidResolver } from '#services/ports/verification-sources.ts'
import type { WakeUps } from '#services/ports/wake-ups.ts'
import { createFindDid, keysOf } from '#services/verify/resolve-key.ts'
import type { AskEndorser, InviteEndorser, WantedEndorsement } from './ask-endorser.ts'
import { endorsedUnit, findEndorsable } from './endorsable.ts'
import { endorsementState } from './endorsement-state.ts'
import { isOfOldProfile, requireNewProfile } from './profile-of-old.ts'
import type { PublishEndorsement } from './publish-endorsement.ts'
import type { SettleEndorsements } from './settle-endorsements.ts'

export interface ManageEndorsementsNeeds {
  readonly database: Database
  readonly clock: Clock
  readonly hashes: Hashes
  readonly suite: CredentialSuite
  readonly resolver: DidResolver
  readonly askEndorser: AskEndorser
  readonly inviteEndorser: InviteEndorser
  readonly publishEndorsement: PublishEndorsement
  readonly settleEndorsements: SettleEndorsements
  readonly makeReceipt: MakeReceipt
  readonly audit: AuditTrail
  readonly wakeUps: WakeUps
}

/** What an endorser is shown: the document to be signed, and the one that it vouches for. */
export interface ShownRequest {
  readonly endorsement: Endorsement
  readonly issuerName: string
  readonly what: string
  readonly unsigned: JsonObject
  readonly target: JsonObject
  /** `sha256-…` of the endorsed bytes, as it stands inside the document. */
  readonly targetDigest: string
}

export const createManageEndorsements = (needs: ManageEndorsementsNeeds) => {
  const { database, clock, hashes, suite, resolver, makeReceipt, audit, wakeUps } = needs
  const { askEndorser, inviteEndorser, publishEndorsement, settleEndorsements } = needs
  const toBase64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64')

  const record = (stores: Stores, { organisationId, id }: Endorsement, actor: string, action: string) =>
    audit(stores, { organisationId, at: clock.now(), actor, action, targetType: 'endorsement', targetId: id })

  const byToken = async (stores: Stores, token: string): Promise<Endorsement> => {
    const endorsement = await stores.endorsements.findByToken(hashToken(token, hashes.sha256))
    if (endorsement === undefined) throw errors.notFound({ what: 'endorsement request' })
    return endorsement
  }

  const owned = async (
    stores: Stores,
    principal: Principal,
    id: EndorsementId,
    right: Right = 'update',
  ): Promise<{ endorsement: Endorsement; issuer: Issuer }> => {
    const endorsement = await stores.endorsements.find(id)
    const issuer = endorsement === undefined ? undefined : await stores.issuers.find(endorsement.issuerId)
    if (endorsement === undefined || issuer === undefined) throw errors.notFound({ what: 'endorsement', id })
    const unit = await endorsedUnit(stores, endorsement.target, endorsement.targetId, issuer)
    await requireRight(stores, principal, right, endorsement.organisationId, unit)
    return { endorsement, issuer }
  }

  return {
    /** Asks somebody to vouch, with their own key, for an issuer profile, a published version or a credential. */
    request: async (
      principal: Principal,
      organisationId: OrganisationId,
      wanted: Omit<WantedEndorsement, 'organisationId'>,
    ): Promise<{ readonly endorsement: Endorsement; readonly requestUrl: string }> => {
      const requested = await database.inOrganisation(organisationId, async (stores) => {
        const endorsable = await findEndorsable(stores, wanted.target, wanted.targetId)
        const unit = await endorsedUnit(stores, wanted.target, wanted.targetId, endorsable.issuer)
        await requireRight(stores, principal, 'update', organisationId, unit)
        const { endorsement, requestUrl } = await askEndorser(stores, endorsable, {
          ...wanted,
          organisationId,
        })
        await record(stores, endorsement, actorOf(principal), 'endorsement.requested')
        return { endorsement, requestUrl }
      })
      await wakeUps.wake('mail')
      return requested
    },

    list: (principal: Principal, organisationId: OrganisationId): Promise<readonly Endorsement[]> =>
      database.inOrganisation(organisationId, async (stores) => {
        const among = await achievementsWith(stores, principal, 'read', organisationId)
        return stores.endorsements.list(organisationId, among)
      }),

    /** What the endorser reads before signing anything. */
    show: (token: string): Promise<ShownRequest> =>
      database.asWorker(async (stores) => {
        const asked = await byToken(stores, token)
        await stores.endorsements.view(asked.id, clock.now())
        const { issuer, name, document } = await findEndorsable(stores, asked.target, asked.targetId)
        const isOver =
          isOfOldProfile(asked, document, hashes.sha256) &&
          (await stores.endorsements.move(asked.id, ['requested', 'viewed', 'signed', 'published'], 'stale'))
        const endorsement: Endorsement = isOver ? { ...asked, state: 'stale' } : asked
        const bytes = endorsableBytes(document)
        return {
          endorsement: endorsement.state === 'requested' ? { ...endorsement, state: 'viewed' } : endorsement,
          issuerName: issuer.name,
          what: name,
          unsigned: JSON.parse(new TextDecoder().decode(endorsement.prepared)) as JsonObject,
          target: JSON.parse(new TextDecoder().decode(bytes)) as JsonObject,
          targetDigest: `sha256-${toBase64(hashes.sha256(bytes))}`,
        }
      }),

    /**
     * Takes the signed document, or a compact JWS that it stands in. It must be the one that was shown, to the last member,
     * with a proof that holds under the key of the DID that was asked. Throws `endorsement-…` with what is wrong.
     */
    sign: async (token: string, submitted: SignedEndorsement): Promise<Endorsement> => {
      const endorsement = await database.asWorker((stores) => byToken(stores, token))
      if (endorsement.signed !== undefined) throw errors.endorsementAlreadySigned({})
      if (endorsement.state !== 'requested' && endorsement.state !== 'viewed')
        throw endorsementState(endorsement.state)
      const unsigned = JSON.parse(new TextDecoder().decode(endorsement.prepared)) as JsonObject
      const reading = typeof submitted === 'string' ? suite.readJwt(submitted) : undefined
      if (reading?.ok === false) throw errors.endorsementSignatureWrong({ reason: reading.detail })
      const fault =
        typeof submitted !== 'string'
          ? checkEndorsement(unsigned, submitted)
          : reading && checkEndorsementToken(unsigned, submitted, reading)
      refuse(fault, endorsement, unsigned)

      const keys = keysOf(endorsement.endorserDid, createFindDid(suite, resolver))
      const findings =
        typeof submitted === 'string'
          ? [await suite.verifyJwt(submitted, keys, clock.now())]
          : await suite.verifyProofs(submitted, keys, clock.now())
      const bad = findings.find(({ outcome }) => outcome !== 'passed')
      if (findings.length === 0) throw errors.endorsementUnsigned({})
      if (bad?.outcome === 'unknown' && bad.code === 'issuer-unavailable')
        throw errors.endorsementKeyUnavailable({ endorser: endorsement.endorserDid })
      if (bad !== undefined && bad.outcome !== 'passed')
        throw errors.endorsementSignatureWrong({ reason: bad.detail })

      const signed = await database.asWorker(async (stores) => {
        await requireNewProfile(stores, endorsement, hashes.sha256)
        const digest = credentialDigest(submitted, hashes.sha256)
        const now = clock.now()
        if (!(await stores.endorsements.sign(endorsement.id, signedEndorsementBytes(submitted), digest, now)))
          throw errors.endorsementAlreadySigned({})
        await record(stores, endorsement, 'endorser', 'endorsement.signed')
        await settleEndorsements(stores, endorsement)
        return (await stores.endorsements.find(endorsement.id)) ?? endorsement
      })
      await wakeUps.wake('issue')
      return signed
    },

    reject: (token: string): Promise<void> =>
      database.asWorker(async (stores) => {
        const endorsement = await byToken(stores, token)
        if (!(await stores.endorsements.move(endorsement.id, ['requested', 'viewed'], 'rejected')))
          throw endorsementState(endorsement.state)
        await record(stores, endorsement, 'endorser', 'endorsement.rejected')
        await settleEndorsements(stores, endorsement)
      }),

    /** Shows a signed endorsement in public and puts it into the next batch. Only the endorsee publishes. */
    publish: async (
      principal: Principal,
      organisationId: OrganisationId,
      id: EndorsementId,
    ): Promise<Endorsement> => {
      const published = await database.inOrganisation(organisationId, async (stores) => {
        const { endorsement, issuer } = await owned(stores, principal, id, 'sign')
        await publishEndorsement(stores, endorsement, { issuer, actor: actorOf(principal) })
        return (await stores.endorsements.find(id)) ?? endorsement
      })
      await wakeUps.wake('anchor')
      return published
    },

    /** Proof that a published endorsement is in an anchored batch. Throws `receipt-not-ready`. */
    receipt: (principal: Principal, organisationId: OrganisationId, id: EndorsementId): Promise<Receipt> =>
      database.inOrganisation(organisationId, async (stores) => {
        const { leafId } = (await owned(stores, principal, id, 'read')).endorsement
        if (leafId === undefined) throw errors.receiptNotReady({ state: 'unpublished' })
        return makeReceipt(stores, leafId)
      }),

    /**
     * Makes a new link for a request that is still open, and mails it where an address is given; the one before is void.
     * So whoever was asked by the gate of a rule, which knows a DID only, can be told of it.
     */
    link: async (
      principal: Principal,
      organisationId: OrganisationId,
      id: EndorsementId,
      to: { readonly email?: string; readonly language: string },
    ): Promise<{ readonly endorsement: Endorsement; readonly requestUrl: string }> => {
      const linked = await database.inOrganisation(organisationId, async (stores) => {
        const { endorsement } = await owned(stores, principal, id)
        const requestUrl = await inviteEndorser(stores, endorsement, to)
        await record(stores, endorsement, actorOf(principal), 'endorsement.linked')
        return { endorsement, requestUrl }
      })
      await wakeUps.wake('mail')
      return linked
    },

    /** Takes a published endorsement out of sight. What was anchored stays anchored. */
    hide: (principal: Principal, organisationId: OrganisationId, id: EndorsementId): Promise<Endorsement> =>
      database.inOrganisation(organisationId, async (stores) => {
        const { endorsement } = await owned(stores, principal, id, 'sign')
        if (!(await stores.endorsements.move(id, ['published'], 'withdrawn')))
          throw endorsementState(endorsement.state)
        await record(stores, endorsement, actorOf(principal), 'endorsement.hidden')
        await settleEndorsements(stores, endorsement)
        return { ...endorsement, state: 'withdrawn' }
      }),
  }
}

function refuse(
  fault: ReturnType<typeof checkEndorsement>,
  endorsement: Endorsement,
  unsigned: JsonObject,
): void {
  if (fault === undefined) return
  const related = unsigned['relatedResource'] as readonly { readonly digestSRI: string }[]
  switch (fault.code) {
    case 'endorsement-unsigned':
      throw errors.endorsementUnsigned({})
    case 'endorsement-wrong-key':
      throw errors.endorsementWrongKey({ expected: endorsement.endorserDid, found: fault.detail })
    case 'endorsement-wrong-target':
      throw errors.endorsementWrongTarget({})
    case 'endorsement-wrong-digest':
      throw errors.endorsementWrongDigest({ expected: related[0]?.digestSRI ?? '' })
    case 'endorsement-altered':
      throw errors.endorsementAltered({ members: fault.detail })
  }
}
