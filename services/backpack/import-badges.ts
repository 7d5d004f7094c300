import { credentialDigest } from '#engine/credentials/prepared-credential.ts'
import { errors } from '#engine/errors/catalogue.ts'
import { isAssertion } from '#engine/open-badges-2/assertion.ts'
import {
  equalityKey,
  type HostedCredential,
  hostedCredential,
  isOlder,
} from '#engine/open-badges-api/hosted-credential.ts'
import { utf8 } from '#engine/shared/bytes.ts'
import type { AccountId, ImportedBadgeId } from '#engine/shared/ids.ts'
import type { JsonObject } from '#engine/shared/json.ts'
import { type HolderMatch, matchAssertion, matchHolder } from '#engine/verification/holder-match.ts'
import type { VerificationReport } from '#engine/verification/verification-report.ts'
import type { createVerifyCredentials } from '#services/credentials/verify-credentials.ts'
import type { Clock } from '#services/ports/clock.ts'
import type { CredentialSuite } from '#services/ports/credential-suite.ts'
import type { Database } from '#services/ports/database.ts'
import type { ForeignDocument } from '#services/ports/foreign-badge-store.ts'
import type { Hashes } from '#services/ports/hashes.ts'
import type { ImportedBadge, SaidByBadge } from '#services/ports/imported-badge-store.ts'
import type { Random } from '#services/ports/random.ts'
import type { Stores } from '#services/ports/stores.ts'
import { carriedCredential } from '#services/verify/carried-credential.ts'

export interface ImportBadgesNeeds {
  readonly database: Database
  readonly clock: Clock
  readonly random: Random
  readonly hashes: Hashes
  readonly suite: Pick<CredentialSuite, 'readJwt'>
  readonly verification: Pick<ReturnType<typeof createVerifyCredentials>, 'read' | 'verify'>
}

export interface CheckedBadge {
  readonly badge: ImportedBadge
  readonly report: VerificationReport
}

/** What became of a badge that its earner brought. "Bad" and "could not be told" are different words. */
export type ImportOutcome =
  | ({ readonly kind: 'imported' } & CheckedBadge)
  | { readonly kind: 'invalid' | 'undecided'; readonly report: VerificationReport }

/** What became of a badge that an application pushed for its holder. */
export type PushOutcome =
  | { readonly kind: 'created' | 'replaced'; readonly badge: ImportedBadge }
  /** The very same document is kept already. */
  | { readonly kind: 'kept' }
  /** What is kept is newer. */
  | { readonly kind: 'older' }
  | { readonly kind: 'invalid' | 'undecided'; readonly report: VerificationReport }

/** So many badges from elsewhere one account may keep. */
const MOST_IMPORTED = 1_000

/** The last is of Open Badges 2.0. */
const BADGE_TYPES = ['OpenBadgeCredential', 'AchievementCredential', 'Assertion']

export type ImportBadges = ReturnType<typeof createImportBadges>

/**
 * Badges from elsewhere that an earner keeps beside their own. They are verified, and count for nothing: whom a badge is
 * about is said where it can be compared, and never guessed.
 */
export const createImportBadges = (needs: ImportBadgesNeeds) => {
  const { database, clock, random, hashes, suite, verification } = needs

  const own = async (stores: Stores, accountId: AccountId, id: ImportedBadgeId): Promise<ImportedBadge> => {
    const badge = await stores.importedBadges.find(id)
    if (badge?.accountId !== accountId) throw errors.notFound({ what: 'badge from elsewhere', id })
    return badge
  }

  const hostedAs = async (stores: Stores, badge: ImportedBadge): Promise<HostedCredential | undefined> => {
    const { issuer, credential, validFrom } = badge.said
    if (issuer !== undefined && credential !== undefined)
      return { key: equalityKey(issuer, credential), ...(validFrom === undefined ? {} : { validFrom }) }
    const document = await stores.importedBadges.document(badge.id)
    return document === undefined
      ? undefined
      : hostedCredential(carriedCredential(suite, await read(document)))
  }

  const sameHashOf = (key: string): Uint8Array => hashes.sha256(utf8(key))
  const assertRoom = async (stores: Stores, accountId: AccountId): Promise<void> => {
    if ((await stores.importedBadges.count(accountId)) >= MOST_IMPORTED)
      throw errors.tooManyImported({ most: MOST_IMPORTED })
  }

  /** The one that is the same badge as what was pushed. */
  const sameBadge = async (stores: Stores, accountId: AccountId, key: string) => {
    for (const badge of await stores.importedBadges.likeThis(accountId, sameHashOf(key))) {
      const hosted = await hostedAs(stores, badge)
      if (hosted?.key === key) return { badge, validFrom: hosted.validFrom }
    }
    return undefined
  }

  const holderOf = async (
    stores: Stores,
    accountId: AccountId,
    document: JsonObject | string,
  ): Promise<HolderMatch> => {
    const account = await stores.accounts.find(accountId)
    const credential = carriedCredential(suite, document)
    const match = isAssertion(credential) ? matchAssertion : matchHolder
    return match(credential, account?.identities ?? [], hashes.sha256)
  }

  async function read({ bytes }: ForeignDocument): Promise<JsonObject | string> {
    const found = await verification.read(bytes)
    if (found.ok) return found.document
    if (found.code === 'document-too-large') throw errors.documentTooLarge({ limit: '1 MB' })
    throw errors.documentUnreadable({ reason: found.reason })
  }

  return {
    /** Throws `document-unreadable`, `document-too-large`. */
    read,

    /**
     * Keeps a badge, once it was verified. One that nobody here knows the issuer of is kept, as undecided.
     * Throws `document-unreadable`, `document-too-large`, `not-a-badge`, `badge-imported`, `too-many-imported`.
     */
    bring: async (asking: AccountId, document: ForeignDocument): Promise<ImportOutcome> => {
      // 1. Does it hold? Outside of a transaction: it asks other servers.
      const credential = await read(document)
      const digest = credentialDigest(credential, hashes.sha256)
      const before = await database.asWorker((stores) => stores.importedBadges.findSame(asking, digest))
      if (before !== undefined) throw errors.badgeImported({ id: before.id })
      const report = await verification.verify({ document: credential, ofHolder: true })
      assertBadge(report)
      if (report.verdict === 'invalid') return { kind: 'invalid', report }
      if (!isSigned(report)) return { kind: 'undecided', report }

      // 2. Keep it, once.
      const badge = await database.asWorker(async (stores) => {
        const accountId = await stores.accounts.lock(asking)
        const same = await stores.importedBadges.findSame(accountId, digest)
        if (same !== undefined) throw errors.badgeImported({ id: same.id })
        await assertRoom(stores, accountId)
        const hosted = hostedCredential(carriedCredential(suite, credential))
        const badge: ImportedBadge = {
          id: random.rowId() as ImportedBadgeId,
          accountId,
          digest,
          ...(hosted === undefined ? {} : { sameHash: sameHashOf(hosted.key) }),
          said: saidBy(report),
          verdict: report.verdict,
          checkedAt: report.checkedAt,
          holder: await holderOf(stores, accountId, credential),
          importedAt: clock.now(),
        }
        await stores.importedBadges.insert(badge, document)
        await recordOwn(stores, badge, 'imported')
        return badge
      })
      return { kind: 'imported', badge, report }
    },

    /**
     * Keeps a badge, or puts it in the place of the same badge where that is not newer (Open Badges API, upsertCredential). One
     * that is given up by the signal while it is looked at is not kept, whatever could be told of it.
     * Throws `document-unreadable`, `document-too-large`, `not-a-badge`, `too-many-imported`.
     */
    upsert: async (
      asking: AccountId,
      document: ForeignDocument,
      signal?: AbortSignal,
    ): Promise<PushOutcome> => {
      // 1. Is it news?
      const credential = await read(document)
      const digest = credentialDigest(credential, hashes.sha256)
      const hosted = hostedCredential(carriedCredential(suite, credential))
      if (hosted === undefined) throw errors.notABadge({ reason: 'it has no id, or no issuer.' })
      const isNews = async (stores: Stores, accountId: AccountId): Promise<'older' | 'kept' | 'news'> => {
        if ((await stores.importedBadges.findSame(accountId, digest)) !== undefined) return 'kept'
        const same = await sameBadge(stores, accountId, hosted.key)
        // Before it is verified, which takes its time.
        if (same === undefined) await assertRoom(stores, accountId)
        return same !== undefined && isOlder(hosted.validFrom, same.validFrom) ? 'older' : 'news'
      }
      const before = await database.asWorker((stores) => isNews(stores, asking))
      if (before !== 'news') return { kind: before }

      // 2. Does it hold? Outside of a transaction: it asks other servers.
      const report = await verification.verify({ document: credential, ofHolder: true }, signal)
      assertBadge(report)
      if (report.verdict === 'invalid') return { kind: 'invalid', report }
      if (signal?.aborted === true || !isSigned(report)) return { kind: 'undecided', report }

      // 3. Keep it, once.
      return database.asWorker(async (stores): Promise<PushOutcome> => {
        const accountId = await stores.accounts.lock(asking)
        const now = await isNews(stores, accountId)
        if (now !== 'news') return { kind: now }
        const same = await sameBadge(stores, accountId, hosted.key)
        const badge: ImportedBadge = {
          id: same?.badge.id ?? (random.rowId() as ImportedBadgeId),
          accountId,
          digest,
          sameHash: sameHashOf(hosted.key),
          said: saidBy(report),
          verdict: report.verdict,
          checkedAt: report.checkedAt,
          holder: await holderOf(stores, accountId, credential),
          // It keeps its place in lists, which others read page by page.
          importedAt: same?.badge.importedAt ?? clock.now(),
        }
        if (same !== undefined) {
          await stores.importedBadges.replace(badge, document)
          await recordOwn(stores, badge, 'replaced')
          return { kind: 'replaced', badge }
        }
        await stores.importedBadges.insert(badge, document)
        await recordOwn(stores, badge, 'imported')
        return { kind: 'created', badge }
      })
    },

    list: (accountId: AccountId): Promise<readonly ImportedBadge[]> =>
      database.asWorker((stores) => stores.importedBadges.ofAccount(accountId)),

    find: (accountId: AccountId, id: ImportedBadgeId): Promise<ImportedBadge> =>
      database.asWorker((stores) => own(stores, accountId, id)),

    /** The file as it came. */
    document: (accountId: AccountId, id: ImportedBadgeId): Promise<ForeignDocument> =>
      database.asWorker(async (stores) => {
        await own(stores, accountId, id)
        const document = await stores.importedBadges.document(id)
        if (document === undefined) throw errors.notFound({ what: 'badge from elsewhere', id })
        return document
      }),

    /** What the file holds: a credential, or a compact JWS. */
    credential: (accountId: AccountId, id: ImportedBadgeId): Promise<JsonObject | string> =>
      database.asWorker(async (stores) => {
        await own(stores, accountId, id)
        const document = await stores.importedBadges.document(id)
        if (document === undefined) throw errors.notFound({ what: 'badge from elsewhere', id })
        return read(document)
      }),

    /** Verifies it again. One that holds no more stays, and says so. */
    recheck: async (accountId: AccountId, id: ImportedBadgeId): Promise<CheckedBadge> => {
      const document = await database.asWorker(async (stores) => {
        await own(stores, accountId, id)
        return stores.importedBadges.document(id)
      })
      if (document === undefined) throw errors.notFound({ what: 'badge from elsewhere', id })
      const credential = await read(document)
      const report = await verification.verify({ document: credential, ofHolder: true })
      const badge = await database.asWorker(async (stores) => {
        const badge = await own(stores, accountId, id)
        const { verdict, checkedAt } = report
        const found = { verdict, checkedAt, holder: await holderOf(stores, accountId, credential) }
        await stores.importedBadges.checked(id, found)
        return { ...badge, ...found }
      })
      return { badge, report }
    },

    remove: (accountId: AccountId, id: ImportedBadgeId): Promise<void> =>
      database.asWorker(async (stores) => {
        const badge = await own(stores, accountId, id)
        if (!(await stores.importedBadges.remove(id)))
          throw errors.notFound({ what: 'badge from elsewhere', id })
        await recordOwn(stores, badge, 'removed')
      }),
  }

  /** They belong to the account: no organisation has a trail of them. */
  function recordOwn(stores: Stores, { accountId, id }: ImportedBadge, action: string): Promise<void> {
    return stores.accounts.record(accountId, {
      id: random.rowId(),
      at: clock.now(),
      action: `imported_badge.${action}`,
      detail: { id },
    })
  }
}

function assertBadge({ checks, credential }: VerificationReport): void {
  const format = checks.find(({ name, outcome }) => name === 'format' && outcome === 'failed')
  if (format !== undefined) throw errors.notABadge({ reason: format.detail })
  if (credential?.types.some((type) => BADGE_TYPES.includes(type)) !== true)
    throw errors.notABadge({ reason: 'its type says that it is something else.' })
}

/** Whether the signature could be told to hold: one that could not is no reason to keep what anybody may have written. */
const isSigned = ({ checks }: VerificationReport): boolean =>
  checks.some(({ name, outcome }) => name === 'proof' && outcome === 'passed')

function saidBy({ credential }: VerificationReport): SaidByBadge {
  const { issuer, achievement } = credential ?? {}
  const said = {
    credential: credential?.id,
    name: achievement?.name ?? credential?.name,
    description: achievement?.description,
    achievement: achievement?.id,
    issuer: issuer?.id,
    issuerName: issuer?.name,
    issuerDomain: issuer?.domain,
    issuerKnown: issuer?.known ?? false,
    validFrom: credential?.validFrom ?? credential?.awardedDate,
    validUntil: credential?.validUntil,
  }
  return Object.fromEntries(
    Object.entries(said)
      .filter(([, value]) => value !== undefined)
      .map(([name, value]) => [name, typeof value === 'string' ? wellFormed(value) : value]),
  ) as unknown as SaidByBadge
}

/** What stands in lists is bounded; the whole text is in the document. The database takes neither NUL nor half a character. */
const wellFormed = (text: string): string => text.slice(0, MOST_TEXT).replaceAll('\0', '').toWellFormed()

const MOST_TEXT = 2000
