import type { Principal } from '#engine/access/rights.ts'
import type { Omission } from '#engine/credentials/attested-view.ts'
import { errors } from '#engine/errors/catalogue.ts'
import { DAY_MS } from '#engine/shared/duration.ts'
import type { CredentialId } from '#engine/shared/ids.ts'
import { asInstant, formatInstant, type Instant } from '#engine/shared/instant.ts'
import { hashToken, newToken } from '#services/access/secret-token.ts'
import type { AuditTrail } from '#services/audit/audit-trail.ts'
import type { Clock } from '#services/ports/clock.ts'
import type { CountedShareLink, Credential, DayOfViews } from '#services/ports/credential-store.ts'
import type { Database } from '#services/ports/database.ts'
import type { Hashes } from '#services/ports/hashes.ts'
import type { Random } from '#services/ports/random.ts'
import type { Stores } from '#services/ports/stores.ts'
import { holderTimeZone } from './holder-time-zone.ts'
import { isEarner, readCredential } from './read-credential.ts'
import type { CredentialPage, ServeCredentials } from './serve-credentials.ts'

export interface ShareCredentialsNeeds {
  readonly database: Database
  readonly clock: Clock
  readonly random: Random
  readonly hashes: Hashes
  readonly audit: AuditTrail
  readonly serve: Pick<ServeCredentials, 'page'>
  readonly origin: string
}

export interface NewShareLink {
  readonly label: string
  readonly omits: readonly Omission[]
  readonly expiresAt?: Instant
}

export interface MadeShareLink extends CountedShareLink {
  readonly url: string
  /** Only where the link shows the document: nothing else can be verified. */
  readonly verifyUrl?: string
}

/** So many open links one badge may have. */
export const MOST_SHARE_LINKS = 100

/** How far back views are told day by day. */
export const VIEW_DAYS = 90

export type ShareCredentials = ReturnType<typeof createShareCredentials>

/** What the earner says of who sees a badge, and what they learn of it. For everybody else it does not exist. */
export const createShareCredentials = (needs: ShareCredentialsNeeds) => {
  const { database, clock, random, hashes, audit, serve, origin } = needs

  const earned = async (stores: Stores, id: CredentialId, principal: Principal): Promise<Credential> => {
    const credential = await stores.credentials.find(id)
    if (credential === undefined || !(await isEarner(stores, credential, principal)))
      throw errors.notFound({ what: 'credential', id })
    return credential
  }

  const record = (stores: Stores, { organisationId, id }: Credential, action: string, at: Instant) =>
    audit(stores, {
      organisationId,
      at,
      actor: 'earner',
      action: `credential.${action}`,
      targetType: 'credential',
      targetId: id,
    })

  return {
    /** Throws `not-found` for anybody but the earner, as all of these do. */
    earned,

    setVisibility: (
      principal: Principal,
      id: CredentialId,
      visibility: Credential['visibility'],
      omits: readonly Omission[],
    ): Promise<CredentialPage> =>
      database.asWorker(async (stores) => {
        const credential = await earned(stores, id, principal)
        await stores.credentials.setVisibility(id, visibility, omits)
        await record(stores, credential, `made_${visibility}`, clock.now())
        return serve.page(stores, await readCredential(stores, hashes, id, { principal }, clock.now()))
      }),

    /** Makes a link that shows the badge to whoever holds it. Its address is handed out this once. Throws `end-in-past`, `too-many-share-links`. */
    share: (principal: Principal, id: CredentialId, wanted: NewShareLink): Promise<MadeShareLink> =>
      database.asWorker(async (stores) => {
        // Held, so that two calls at once do not both find room.
        if (principal.kind === 'session') await stores.accounts.lock(principal.accountId)
        const credential = await earned(stores, id, principal)
        const now = clock.now()
        const { expiresAt, omits } = wanted
        if (expiresAt !== undefined && expiresAt <= now)
          throw errors.endInPast({ expiresAt: formatInstant(expiresAt) })
        if ((await stores.credentials.countOpenShareLinks(id, now)) >= MOST_SHARE_LINKS)
          throw errors.tooManyShareLinks({ most: MOST_SHARE_LINKS })
        const { token, hash } = newToken(random, hashes.sha256)
        const link = { ...wanted, id: random.rowId(), createdAt: now }
        await stores.credentials.insertShareLink({
          ...link,
          organisationId: credential.organisationId,
          credentialId: id,
          tokenHash: hash,
        })
        await record(stores, credential, 'shared', now)
        const url = `${origin}/credentials/${id}?share=${token}`
        const verifyUrl = `${origin}/verify?url=${encodeURIComponent(url)}`
        return { ...link, views: 0, url, ...(omits.length === 0 ? { verifyUrl } : {}) }
      }),

    shareLinks: (principal: Principal, id: CredentialId): Promise<readonly CountedShareLink[]> =>
      database.asWorker(async (stores) => {
        await earned(stores, id, principal)
        return stores.credentials.shareLinks(id, clock.now())
      }),

    unshare: (principal: Principal, id: CredentialId, linkId: string): Promise<void> =>
      database.asWorker(async (stores) => {
        const credential = await earned(stores, id, principal)
        const now = clock.now()
        if (!(await stores.credentials.revokeShareLink(id, linkId, now)))
          throw errors.notFound({ what: 'share link', id: linkId })
        await record(stores, credential, 'unshared', now)
      }),

    /**
     * The badge as its earner tells other sites of it, with an address at which those see it: its public page, or one of its
     * links. Throws `badge-not-visible`.
     */
    visiblePage: (
      principal: Principal,
      id: CredentialId,
      share: string | undefined,
    ): Promise<{ readonly page: CredentialPage; readonly timeZone: string; readonly share?: string }> =>
      database.asWorker(async (stores) => {
        const credential = await earned(stores, id, principal)
        const now = clock.now()
        const link =
          share === undefined
            ? undefined
            : await stores.credentials.openShareLink(id, hashToken(share, hashes.sha256), now)
        if (link === undefined && credential.visibility !== 'public') throw errors.badgeNotVisible({})
        const page = await serve.page(stores, await readCredential(stores, hashes, id, { principal }, now))
        const timeZone = await holderTimeZone(stores, credential.awardId)
        return { page, timeZone, ...(link === undefined || share === undefined ? {} : { share }) }
      }),

    /** How often strangers opened the badge: all in all, and day by day of late. */
    views: (
      principal: Principal,
      id: CredentialId,
    ): Promise<{ readonly total: number; readonly days: readonly DayOfViews[] }> =>
      database.asWorker(async (stores) => {
        await earned(stores, id, principal)
        const since = asInstant(clock.now() - VIEW_DAYS * DAY_MS)
        return {
          total: (await stores.credentials.viewTotals([id])).get(id) ?? 0,
          days: await stores.credentials.views(id, since),
        }
      }),
  }
}
