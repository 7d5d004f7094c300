import { endorsableBytes } from '#engine/credentials/endorsable-bytes.ts'
import { credentialBytes } from '#engine/credentials/prepared-credential.ts'
import { buildEndorsement } from '#engine/endorsements/endorsement-document.ts'
import { errors } from '#engine/errors/catalogue.ts'
import type { EndorsementId, OrganisationId } from '#engine/shared/ids.ts'
import { newToken } from '#services/access/secret-token.ts'
import { endorsementRequestMail } from '#services/mail/mail-texts.ts'
import { queueMail } from '#services/mail/queue-mail.ts'
import type { Clock } from '#services/ports/clock.ts'
import type { CredentialSuite } from '#services/ports/credential-suite.ts'
import type { Endorsement, EndorsementTarget } from '#services/ports/endorsement-store.ts'
import type { Hashes } from '#services/ports/hashes.ts'
import type { Random } from '#services/ports/random.ts'
import type { Stores } from '#services/ports/stores.ts'
import { type Endorsable, findEndorsable } from './endorsable.ts'
import { endorsementState } from './endorsement-state.ts'

export interface AskEndorserNeeds {
  readonly clock: Clock
  readonly random: Random
  readonly hashes: Hashes
  readonly suite: CredentialSuite
  readonly origin: string
}

export interface WantedEndorsement {
  readonly organisationId: OrganisationId
  readonly target: EndorsementTarget
  readonly targetId: string
  readonly endorserDid: string
  readonly endorserName: string
  readonly endorserEmail?: string
  readonly comment: string
  readonly language: string
}

/**
 * Makes a request, in the transaction of the caller: the document to be signed, and a link that is known to nobody
 * afterwards. It is mailed where there is an address. Throws `credential-unfit`.
 */
export type AskEndorser = (
  stores: Stores,
  endorsable: Endorsable,
  wanted: WantedEndorsement,
) => Promise<{ readonly endorsement: Endorsement; readonly requestUrl: string }>

export const createAskEndorser =
  ({ clock, random, hashes, suite, origin }: AskEndorserNeeds): AskEndorser =>
  async (stores, endorsable, { language, comment, ...wanted }) => {
    const { issuer } = endorsable
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
        comment,
        validFrom: now,
      },
      hashes.sha256,
      (bytes) => Buffer.from(bytes).toString('base64'),
    )
    const faults = await suite.lint(unsigned)
    if (faults.length > 0) throw errors.credentialUnfit({ faults })
    const endorsement: Endorsement = {
      ...wanted,
      id: uuid as EndorsementId,
      issuerId: issuer.id,
      state: 'requested',
      prepared: credentialBytes(unsigned),
      requestedAt: now,
    }
    const { token, hash } = newToken(random, hashes.sha256)
    await stores.endorsements.insert(endorsement, hash)
    const requestUrl = `${origin}/endorse#${token}`
    const { endorserEmail: email } = wanted
    if (email !== undefined)
      await mailRequest({ clock, random, origin }, stores, {
        endorsement,
        endorsable,
        email,
        language,
        requestUrl,
      })
    return { endorsement, requestUrl }
  }

/** Makes a new link for an open request, and the one before void. Throws `conflict` when it is signed or over. */
export type InviteEndorser = (
  stores: Stores,
  endorsement: Endorsement,
  to: { readonly email?: string; readonly language: string },
) => Promise<string>

export const createInviteEndorser =
  ({ clock, random, hashes, origin }: Omit<AskEndorserNeeds, 'suite'>): InviteEndorser =>
  async (stores, endorsement, { email, language }) => {
    const { token, hash } = newToken(random, hashes.sha256)
    if (!(await stores.endorsements.replaceToken(endorsement.id, hash)))
      throw endorsementState(endorsement.state)
    const requestUrl = `${origin}/endorse#${token}`
    if (email !== undefined) {
      const endorsable = await findEndorsable(stores, endorsement.target, endorsement.targetId)
      await mailRequest({ clock, random, origin }, stores, {
        endorsement,
        endorsable,
        email,
        language,
        requestUrl,
      })
    }
    return requestUrl
  }

async function mailRequest(
  { clock, random, origin }: Pick<AskEndorserNeeds, 'clock' | 'random' | 'origin'>,
  stores: Stores,
  asked: {
    readonly endorsement: Endorsement
    readonly endorsable: Endorsable
    readonly email: string
    readonly language: string
    readonly requestUrl: string
  },
): Promise<void> {
  const message = endorsementRequestMail({
    url: asked.requestUrl,
    language: asked.language,
    issuer: asked.endorsable.issuer.name,
    what: asked.endorsable.name,
  })
  const { organisationId } = asked.endorsement
  await queueMail({ random, origin }, stores, { organisationId, to: asked.email, now: clock.now() }, message)
}
