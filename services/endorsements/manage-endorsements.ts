import { actorOf, type Principal, type Right } from '#engine/access/rights.ts'
import type { Receipt } from '#engine/anchoring/receipt.ts'
import { endorsableBytes } from '#engine/credentials/endorsable-bytes.ts'
import { issuerProfileDocument } from '#engine/credentials/issuer-profile.ts'
import { credentialBytes, credentialDigest } from '#engine/credentials/prepared-credential.ts'
import { checkEndorsement } from '#engine/endorsements/check-endorsement.ts'
import { buildEndorsement } from '#engine/endorsements/endorsement-document.ts'
import { errors } from '#engine/errors/catalogue.ts'
import type { EndorsementId, IssuerId, LeafId, OrganisationId } from '#engine/shared/ids.ts'
import type { JsonObject } from '#engine/shared/json.ts'
import { textIn } from '#engine/shared/localised-text.ts'
import { requireRight } from '#services/access/authorise.ts'
import { hashToken, newToken } from '#services/access/secret-token.ts'
import type { AddLeaf } from '#services/anchoring/add-leaf.ts'
import type { MakeReceipt } from '#services/anchoring/make-receipt.ts'
import type { AuditTrail } from '#services/audit/audit-trail.ts'
import { endorsementRequestMail } from '#services/mail/mail-texts.ts'
import type { Clock } from '#services/ports/clock.ts'
import type { CredentialSuite } from '#services/ports/credential-suite.ts'
import type { Database } from '#services/ports/database.ts'
import type { Endorsement, EndorsementTarget } from '#services/ports/endorsement-store.ts'
import type { Hashes } from '#services/ports/hashes.ts'
import type { Issuer } from '#services/ports/issuer-store.ts'
import type { Random } from '#services/ports/random.ts'
import type { Stores } from '#services/ports/stores.ts'
import type { DidResolver } from '#services/ports/verification-sources.ts'
import type { WakeUps } from '#services/ports/wake-ups.ts'
import { createFindDid, keysOf } from '#services/verify/resolve-key.ts'

export interface ManageEndorsementsNeeds {
  readonly database: Database
  readonly clock: Clock
  readonly random: Random
  readonly hashes: Hashes
  readonly suite: CredentialSuite
  readonly resolver: DidResolver
  readonly addLeaf: AddLeaf
  readonly makeReceipt: MakeReceipt
  readonly audit: AuditTrail
  readonly wakeUps: WakeUps
  readonly origin: string
}

export interface NewEndorsement {
  readonly target: EndorsementTarget
  readonly targetId: string
  readonly endorserDid: string
  readonly endorserName: string
  readonly endorserEmail?: string
  readonly comment: string
  readonly language: string
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

/** Something that can be endorsed, as immutable bytes. */
interface Endorsable {
  readonly issuer: Issuer
  readonly id: string
  readonly name: string
  readonly document: JsonObject
}

export const createManageEndorsements = (needs: ManageEndorsementsNeeds) => {
  const { database, clock, random, hashes, suite, resolver, addLeaf, makeReceipt, audit, wakeUps, origin } =
    needs
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
    await requireRight(stores, principal, right, endorsement.organisationId, issuer.unitId)
    return { endorsement, issuer }
  }

  return {
    /** Asks somebody to vouch, with their own key, for an issuer profile, a published version or a credential. */
    request: async (
      principal: Principal,
      organisationId: OrganisationId,
      wanted: NewEndorsement,
    ): Promise<{ readonly endorsement: Endorsement; readonly requestUrl: string }> => {
      const requested = await database.inOrganisation(organisationId, async (stores) => {
        const endorsable = await findEndorsable(stores, wanted.target, wanted.targetId)
        const { issuer } = endorsable
        await requireRight(stores, principal, 'update', organisationId, issuer.unitId)
        const now = clock.now()
        const uuid = random.uuid()
        const { unsigned } = buildEndorsement(
          {
            uuid,
            endorser: { did: wanted.endorserDid, name: wanted.endorserName },
            target: {
              id: endorsable.id,
              name: endorsable.name,
              bytes: endorsableBytes(endorsable.document),
              mediaType: 'application/ld+json',
            },
            scope: wanted.target === 'issuer' ? 'issuer' : 'criteria',
            comment: wanted.comment,
            validFrom: now,
          },
          hashes.sha256,
          toBase64,
        )
        const faults = await suite.lint(unsigned)
        if (faults.length > 0) throw errors.credentialUnfit({ faults })
        const endorsement: Endorsement = {
          organisationId,
          id: uuid as EndorsementId,
          issuerId: issuer.id,
          target: wanted.target,
          targetId: wanted.targetId,
          endorserDid: wanted.endorserDid,
          endorserName: wanted.endorserName,
          ...(wanted.endorserEmail === undefined ? {} : { endorserEmail: wanted.endorserEmail }),
          state: 'requested',
          prepared: credentialBytes(unsigned),
          requestedAt: now,
        }
        const { token, hash } = newToken(random, hashes.sha256)
        await stores.endorsements.insert(endorsement, hash)
        const requestUrl = `${origin}/endorse#${token}`
        if (wanted.endorserEmail !== undefined) {
          const id = random.rowId()
          await stores.mail.insert({
            organisationId,
            id,
            messageId: `<${id}@${new URL(origin).hostname}>`,
            kind: 'endorsement-request',
            to: wanted.endorserEmail,
            createdAt: now,
            ...endorsementRequestMail({
              url: requestUrl,
              language: wanted.language,
              issuer: issuer.name,
              what: endorsable.name,
            }),
          })
        }
        await record(stores, endorsement, actorOf(principal), 'endorsement.requested')
        return { endorsement, requestUrl }
      })
      await wakeUps.wake('mail')
      return requested
    },

    list: (principal: Principal, organisationId: OrganisationId): Promise<readonly Endorsement[]> =>
      database.inOrganisation(organisationId, async (stores) => {
        await requireRight(stores, principal, 'read', organisationId)
        return stores.endorsements.list(organisationId)
      }),

    /** What the endorser reads before signing anything. */
    show: (token: string): Promise<ShownRequest> =>
      database.asWorker(async (stores) => {
        const endorsement = await byToken(stores, token)
        await stores.endorsements.view(endorsement.id, clock.now())
        const { issuer, name, document } = await findEndorsable(
          stores,
          endorsement.target,
          endorsement.targetId,
        )
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
     * Takes the signed document. It must be the one that was shown, to the last member, with a proof that holds under
     * the key of the DID that was asked. Throws `endorsement-…` with what is wrong.
     */
    sign: async (token: string, submitted: JsonObject): Promise<Endorsement> => {
      const endorsement = await database.asWorker((stores) => byToken(stores, token))
      if (endorsement.signed !== undefined) throw errors.endorsementAlreadySigned({})
      if (endorsement.state !== 'requested' && endorsement.state !== 'viewed')
        throw errors.conflict({ what: 'endorsement', reason: `it is ${endorsement.state}` })
      const unsigned = JSON.parse(new TextDecoder().decode(endorsement.prepared)) as JsonObject
      refuse(checkEndorsement(unsigned, submitted), endorsement, unsigned)

      const findings = await suite.verifyProofs(
        submitted,
        keysOf(endorsement.endorserDid, createFindDid(suite, resolver)),
        clock.now(),
      )
      const bad = findings.find(({ outcome }) => outcome !== 'passed')
      if (findings.length === 0) throw errors.endorsementUnsigned({})
      if (bad?.outcome === 'unknown' && bad.code === 'issuer-unavailable')
        throw errors.endorsementKeyUnavailable({ endorser: endorsement.endorserDid })
      if (bad !== undefined && bad.outcome !== 'passed')
        throw errors.endorsementSignatureWrong({ reason: bad.detail })

      return database.asWorker(async (stores) => {
        const digest = credentialDigest(submitted, hashes.sha256)
        const now = clock.now()
        if (!(await stores.endorsements.sign(endorsement.id, credentialBytes(submitted), digest, now)))
          throw errors.endorsementAlreadySigned({})
        await record(stores, endorsement, 'endorser', 'endorsement.signed')
        return (await stores.endorsements.find(endorsement.id)) ?? endorsement
      })
    },

    reject: (token: string): Promise<void> =>
      database.asWorker(async (stores) => {
        const endorsement = await byToken(stores, token)
        if (!(await stores.endorsements.move(endorsement.id, ['requested', 'viewed'], 'rejected')))
          throw errors.conflict({ what: 'endorsement', reason: `it is ${endorsement.state}` })
        await record(stores, endorsement, 'endorser', 'endorsement.rejected')
      }),

    /** Shows a signed endorsement in public and puts it into the next batch. Only the endorsee publishes. */
    publish: async (
      principal: Principal,
      organisationId: OrganisationId,
      id: EndorsementId,
    ): Promise<Endorsement> => {
      const published = await database.inOrganisation(organisationId, async (stores) => {
        const { endorsement, issuer } = await owned(stores, principal, id)
        const { digest } = endorsement
        const now = clock.now()
        const leafId = random.rowId() as LeafId
        if (digest === undefined)
          throw errors.conflict({ what: 'endorsement', reason: 'it is not signed yet' })
        await addLeaf(stores, { issuer, kind: 'endorsement', id: leafId, targetId: id, digest, at: now })
        if (!(await stores.endorsements.publish(id, leafId, now)))
          throw errors.conflict({ what: 'endorsement', reason: `it is ${endorsement.state}` })
        await record(stores, endorsement, actorOf(principal), 'endorsement.published')
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

    /** Takes a published endorsement out of sight. What was anchored stays anchored. */
    hide: (principal: Principal, organisationId: OrganisationId, id: EndorsementId): Promise<Endorsement> =>
      database.inOrganisation(organisationId, async (stores) => {
        const { endorsement } = await owned(stores, principal, id)
        if (!(await stores.endorsements.move(id, ['published'], 'withdrawn')))
          throw errors.conflict({ what: 'endorsement', reason: `it is ${endorsement.state}` })
        await record(stores, endorsement, actorOf(principal), 'endorsement.hidden')
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

async function findEndorsable(
  stores: Stores,
  target: EndorsementTarget,
  targetId: string,
): Promise<Endorsable> {
  if (target === 'issuer') {
    const issuer = await stores.issuers.find(targetId as IssuerId)
    if (issuer === undefined) throw errors.notFound({ what: 'issuer', id: targetId })
    const { did, name, url, email, description } = issuer
    const document = issuerProfileDocument({
      did,
      name,
      url,
      ...(email === undefined ? {} : { email }),
      ...(description === undefined ? {} : { description }),
    })
    return { issuer, id: did, name, document }
  }
  if (target === 'achievement_version') {
    const version = await stores.achievements.version(targetId as never)
    const achievement =
      version === undefined ? undefined : await stores.achievements.find(version.achievementId)
    const issuer = achievement === undefined ? undefined : await stores.issuers.find(achievement.issuerId)
    if (version === undefined || issuer === undefined || !('document' in version))
      throw errors.notFound({ what: 'published achievement version', id: targetId })
    const { definition } = version
    return {
      issuer,
      id: `${issuer.origin}/achievements/${version.achievementId}`,
      name: textIn(definition.name, definition.language, definition.language),
      document: JSON.parse(new TextDecoder().decode(version.document)) as JsonObject,
    }
  }
  const credential = await stores.credentials.find(targetId as never)
  const edition =
    credential === undefined ? undefined : (await stores.credentials.editions(credential.id)).at(-1)
  const issuer = credential === undefined ? undefined : await stores.issuers.find(credential.issuerId)
  if (edition === undefined || issuer === undefined)
    throw errors.notFound({ what: 'credential', id: targetId })
  const document = JSON.parse(new TextDecoder().decode(edition.prepared)) as JsonObject
  return { issuer, id: `urn:uuid:${targetId}`, name: String(document['name']), document }
}
