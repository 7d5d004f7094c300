import { credentialDigest } from '#engine/credentials/prepared-credential.ts'
import { errors } from '#engine/errors/catalogue.ts'
import { equalityKey, hostedCredential } from '#engine/open-badges-api/hosted-credential.ts'
import { equalBytes } from '#engine/shared/bytes.ts'
import type { AccountId } from '#engine/shared/ids.ts'
import type { Instant } from '#engine/shared/instant.ts'
import type { JsonObject } from '#engine/shared/json.ts'
import type { VerificationReport } from '#engine/verification/verification-report.ts'
import type { ImportBadges } from '#services/backpack/import-badges.ts'
import type { ServeCredentials } from '#services/credentials/serve-credentials.ts'
import type { CredentialSuite } from '#services/ports/credential-suite.ts'
import type { ForeignDocument } from '#services/ports/foreign-badge-store.ts'
import type { Hashes } from '#services/ports/hashes.ts'
import { carriedCredential } from '#services/verify/carried-credential.ts'

export interface HostCredentialsNeeds {
  readonly hashes: Hashes
  readonly suite: Pick<CredentialSuite, 'readJwt'>
  readonly credentials: Pick<ServeCredentials, 'backpack'>
  readonly importBadges: Pick<ImportBadges, 'list' | 'credential' | 'read' | 'upsert'>
}

export interface CredentialsPage {
  readonly documents: readonly (JsonObject | string)[]
  readonly total: number
}

interface Hosted {
  readonly id: string
  readonly issuedAt: Instant
  /** Since when it is in the backpack. */
  readonly addedAt: Instant
  readonly load: () => Promise<JsonObject | string>
}

export type HostCredentials = ReturnType<typeof createHostCredentials>

/** A backpack as the Open Badges API shows it: what its holder claimed here and what they keep here from elsewhere. */
export const createHostCredentials = ({ hashes, suite, credentials, importBadges }: HostCredentialsNeeds) => {
  /** The signed documents of what was claimed here. One that was revoked, or replaced by a newer edition, is none. */
  const own = async (accountId: AccountId) =>
    (await credentials.backpack({ accountId, sessionId: '' })).flatMap(
      ({ credential: { id }, edition, claimedAt }) => {
        if (edition === undefined || edition.endedBy !== undefined) return []
        const document = JSON.parse(new TextDecoder().decode(edition.signed)) as JsonObject
        return [{ id, issuedAt: edition.signedAt, addedAt: claimedAt, document, digest: edition.digest }]
      },
    )

  return {
    /** In the order in which they came into the backpack, so that pages stay as they are while others come in. */
    list: async (
      accountId: AccountId,
      { limit, offset, since }: { limit: number; offset: number; since?: Instant },
    ): Promise<CredentialsPage> => {
      const claimed = await own(accountId)
      const keys = new Set(claimed.map(({ document }) => hostedCredential(document)?.key))
      const all: Hosted[] = claimed.map(({ id, issuedAt, addedAt, document }) => ({
        id,
        issuedAt,
        addedAt,
        load: async () => document,
      }))
      for (const { id, said, verdict, importedAt } of await importBadges.list(accountId)) {
        // What holds no more is for its holder to look at, and to nobody's use elsewhere.
        if (verdict === 'invalid') continue
        // Kept here before it was claimed here: it is the same badge.
        if (keys.has(equalityKey(said.issuer ?? '', said.credential ?? ''))) continue
        all.push({
          id,
          issuedAt: said.validFrom ?? importedAt,
          addedAt: importedAt,
          load: () => importBadges.credential(accountId, id),
        })
      }
      const wanted = all
        .filter(({ issuedAt }) => since === undefined || issuedAt > since)
        .sort((a, b) => a.addedAt - b.addedAt || (a.id < b.id ? -1 : 1))
      const documents = []
      for (const { load } of wanted.slice(offset, offset + limit)) documents.push(await load())
      return { documents, total: wanted.length }
    },

    /**
     * Takes a badge that an application pushes; nothing of it is kept once it is given up by the signal. Throws `document-unreadable`, `document-too-large`, `not-a-badge`,
     * `too-many-imported`, `pushed-badge-invalid`, `pushed-badge-undecided`.
     */
    upsert: async (
      accountId: AccountId,
      document: ForeignDocument,
      signal?: AbortSignal,
    ): Promise<'created' | 'replaced' | 'same' | 'older'> => {
      const pushed = await importBadges.read(document)
      const key = hostedCredential(carriedCredential(suite, pushed))?.key
      // One that was claimed here is kept here as it was issued, and nobody but its issuer replaces it.
      for (const badge of key === undefined ? [] : await own(accountId))
        if (hostedCredential(badge.document)?.key === key)
          return equalBytes(badge.digest, credentialDigest(pushed, hashes.sha256)) ? 'same' : 'older'
      const outcome = await importBadges.upsert(accountId, document, signal)
      if (outcome.kind === 'invalid') throw errors.pushedBadgeInvalid(worst(outcome.report, 'failed'))
      if (outcome.kind === 'undecided') throw errors.pushedBadgeUndecided(worst(outcome.report, 'unknown'))
      return outcome.kind === 'kept' ? 'same' : outcome.kind
    },
  }
}

function worst({ checks }: VerificationReport, outcome: 'failed' | 'unknown') {
  const found = checks.find((check) => check.outcome === outcome && check.informs !== true)
  return { check: found?.code ?? outcome, reason: found?.detail ?? 'no check says why.' }
}
