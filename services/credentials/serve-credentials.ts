import type { Principal } from '#engine/access/rights.ts'
import type { Receipt } from '#engine/anchoring/receipt.ts'
import { domainOf } from '#engine/credentials/did-web.ts'
import { errors } from '#engine/errors/catalogue.ts'
import { fromHex } from '#engine/shared/bytes.ts'
import type { AccountId, CredentialId } from '#engine/shared/ids.ts'
import type { Instant } from '#engine/shared/instant.ts'
import { textIn } from '#engine/shared/localised-text.ts'
import { newToken } from '#services/access/secret-token.ts'
import type { MakeReceipt } from '#services/anchoring/make-receipt.ts'
import type { AuditTrail } from '#services/audit/audit-trail.ts'
import { anchorState } from '#services/awards/manage-awards.ts'
import { isTestIssuer } from '#services/issuers/issuer-marks.ts'
import type { BatchState } from '#services/ports/anchoring-store.ts'
import type { BadgeImages } from '#services/ports/badge-images.ts'
import type { Chain } from '#services/ports/chain.ts'
import type { Clock } from '#services/ports/clock.ts'
import type { Credential } from '#services/ports/credential-store.ts'
import type { Database } from '#services/ports/database.ts'
import type { Endorsement } from '#services/ports/endorsement-store.ts'
import type { Hashes } from '#services/ports/hashes.ts'
import type { Random } from '#services/ports/random.ts'
import type { Stores } from '#services/ports/stores.ts'
import { isEarner, type ReadableCredential, type Reader, readCredential } from './read-credential.ts'

export interface ServeCredentialsNeeds {
  readonly database: Database
  readonly clock: Clock
  readonly random: Random
  readonly hashes: Hashes
  readonly audit: AuditTrail
  readonly makeReceipt: MakeReceipt
  readonly images: BadgeImages
  readonly chain: Chain
  readonly origin: string
}

export interface CredentialPage extends ReadableCredential {
  readonly achievementName: string
  readonly issuerDomain: string
  readonly test: boolean
  readonly image?: string
  readonly anchor: {
    readonly state: 'waiting' | BatchState
    readonly independent: boolean
    readonly anchoredAt?: Instant
  }
  readonly endorsements: readonly Endorsement[]
}

export type DocumentFormat = 'json' | 'png' | 'svg'

export const createServeCredentials = (needs: ServeCredentialsNeeds) => {
  const { database, clock, random, hashes, audit, makeReceipt, images, chain, origin } = needs
  const read = (stores: Stores, id: CredentialId, reader: Reader) =>
    readCredential(stores, hashes, id, reader, clock.now())

  const page = async (stores: Stores, found: ReadableCredential): Promise<CredentialPage> => {
    const { credential, issuer, version } = found
    const { definition } = version
    const leaf = await stores.anchoring.findLeaf(found.edition.leafId)
    const batch = leaf?.place === undefined ? undefined : await stores.anchoring.findBatch(leaf.place.batchId)
    return {
      ...found,
      achievementName: textIn(definition.name, definition.language, definition.language),
      issuerDomain: domainOf(issuer.did) ?? new URL(issuer.origin).hostname,
      test: isTestIssuer(issuer, await stores.organisations.find(credential.organisationId)),
      ...(definition.image === undefined ? {} : { image: `${issuer.origin}/images/${definition.image}.png` }),
      anchor: {
        state: (await anchorState(stores, credential.id)) ?? 'waiting',
        independent: chain.independent,
        ...(batch?.block === undefined ? {} : { anchoredAt: batch.block.time }),
      },
      endorsements: await stores.endorsements.published([credential.id, version.id, issuer.id]),
    }
  }

  /** Only the earner decides who sees a badge. */
  const earned = async (stores: Stores, id: CredentialId, principal: Principal): Promise<Credential> => {
    const credential = await stores.credentials.find(id)
    if (credential === undefined || !(await isEarner(stores, credential, principal)))
      throw errors.notFound({ what: 'credential', id })
    return credential
  }

  return {
    view: (id: CredentialId, reader: Reader): Promise<CredentialPage> =>
      database.asWorker(async (stores) => page(stores, await read(stores, id, reader))),

    /** The signed bytes, alone or baked into the badge's image. */
    document: async (id: CredentialId, reader: Reader, format: DocumentFormat): Promise<Uint8Array> => {
      const { found, picture } = await database.asWorker(async (stores) => {
        const found = await read(stores, id, reader)
        const sha256 = fromHex(`0x${found.version.definition.image ?? ''}`)
        const file = sha256 === undefined || sha256.length !== 32 ? undefined : await stores.files.get(sha256)
        return { found, picture: file?.bytes }
      })
      const { signed } = found.edition
      if (format === 'json') return signed
      const text = new TextDecoder().decode(signed)
      const png = picture ?? (await images.draw(found.award.achievementId))
      if (format === 'png') return images.bakePng(png, text)
      const { definition } = found.version
      return images.bakeSvg(png, text, textIn(definition.name, definition.language, definition.language))
    },

    /** Throws `receipt-not-ready`. The receipt holds the salt: it goes only to whoever may read the credential. */
    receipt: (id: CredentialId, reader: Reader): Promise<Receipt> =>
      database.asWorker(async (stores) =>
        makeReceipt(stores, (await read(stores, id, reader)).edition.leafId),
      ),

    setVisibility: (
      principal: Principal,
      id: CredentialId,
      visibility: Credential['visibility'],
    ): Promise<CredentialPage> =>
      database.asWorker(async (stores) => {
        const credential = await earned(stores, id, principal)
        await stores.credentials.setVisibility(id, visibility)
        await audit(stores, {
          organisationId: credential.organisationId,
          at: clock.now(),
          actor: 'earner',
          action: `credential.made_${visibility}`,
          targetType: 'credential',
          targetId: id,
        })
        return page(stores, await read(stores, id, { principal }))
      }),

    /** Makes a link that shows the badge to whoever holds it. Its address is handed out this once. */
    share: (principal: Principal, id: CredentialId, expiresAt?: Instant) =>
      database.asWorker(async (stores) => {
        const credential = await earned(stores, id, principal)
        const { token, hash } = newToken(random, hashes.sha256)
        const link = {
          id: random.rowId(),
          createdAt: clock.now(),
          ...(expiresAt === undefined ? {} : { expiresAt }),
        }
        await stores.credentials.insertShareLink({
          ...link,
          organisationId: credential.organisationId,
          credentialId: id,
          tokenHash: hash,
        })
        const url = `${origin}/credentials/${id}?share=${token}`
        return { ...link, url, verifyUrl: `${origin}/verify?url=${encodeURIComponent(url)}` }
      }),

    shareLinks: (principal: Principal, id: CredentialId) =>
      database.asWorker(async (stores) => {
        await earned(stores, id, principal)
        return stores.credentials.shareLinks(id)
      }),

    unshare: (principal: Principal, id: CredentialId, linkId: string): Promise<void> =>
      database.asWorker(async (stores) => {
        await earned(stores, id, principal)
        if (!(await stores.credentials.revokeShareLink(id, linkId, clock.now())))
          throw errors.notFound({ what: 'share link', id: linkId })
      }),

    /** What somebody has claimed, newest first. */
    backpack: (accountId: AccountId): Promise<readonly CredentialPage[]> =>
      database.asWorker(async (stores) => {
        const claims = await stores.claims.ofAccount(accountId)
        const credentials = await stores.credentials.findByAwards(claims.map(({ awardId }) => awardId))
        const pages: CredentialPage[] = []
        const principal: Principal = { kind: 'session', accountId, sessionId: '', grants: [] }
        for (const { id } of credentials)
          pages.push(await page(stores, await read(stores, id, { principal })))
        return pages.sort((a, b) => b.award.awardedAt - a.award.awardedAt)
      }),
  }
}
