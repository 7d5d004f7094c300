import { credentialDigest } from '#engine/credentials/prepared-credential.ts'
import { errors } from '#engine/errors/catalogue.ts'
import { WaarmerkError } from '#engine/errors/define-error.ts'
import { fromHex } from '#engine/shared/bytes.ts'
import { canonicalJson } from '#engine/shared/canonical-json.ts'
import type { CollectionId, CredentialId } from '#engine/shared/ids.ts'
import { isUuid } from '#engine/shared/ids.ts'
import type { Json, JsonObject } from '#engine/shared/json.ts'
import type { Recipient } from '#engine/verification/recipient.ts'
import type { VerificationReport } from '#engine/verification/verification-report.ts'
import type { MakeReceipt } from '#services/anchoring/make-receipt.ts'
import type { Unbake } from '#services/ports/badge-images.ts'
import type { Clock } from '#services/ports/clock.ts'
import type { Database } from '#services/ports/database.ts'
import type { GuardedFetch } from '#services/ports/guarded-fetch.ts'
import type { Hashes } from '#services/ports/hashes.ts'
import type { PrintReport } from '#services/ports/report-paper.ts'
import type { Stores } from '#services/ports/stores.ts'
import { type ReadDocument, readDocument } from '#services/verify/read-document.ts'
import type { Verifier } from '#services/verify/verify-credential.ts'
import { type Reader, readWholeCredential } from './read-credential.ts'

export interface VerifyCredentialsNeeds {
  readonly database: Database
  readonly clock: Clock
  readonly hashes: Hashes
  readonly verifier: Verifier
  readonly unbake: Unbake
  readonly makeReceipt: MakeReceipt
  readonly printReport: PrintReport
  readonly origin: string
  /** For badges that stand at an address elsewhere. */
  readonly fetch: GuardedFetch
}

export interface VerificationInput {
  readonly document: JsonObject | string
  readonly receipt?: Json
  readonly endorsements?: readonly JsonObject[]
  readonly trustLists?: readonly JsonObject[]
  readonly trustKeys?: readonly string[]
  readonly recipient?: Recipient
  /** The image that it came in, without the badge. */
  readonly picture?: Uint8Array
}

/**
 * Verifies what anybody brings. For a badge of ours the receipt and the published endorsements are looked up, so that
 * whoever holds the document need not bring them; the receipt itself is not handed out this way.
 */
export const createVerifyCredentials = ({
  database,
  clock,
  hashes,
  verifier,
  unbake,
  makeReceipt,
  printReport,
  origin,
  fetch,
}: VerifyCredentialsNeeds) => {
  const verify = async (input: VerificationInput): Promise<VerificationReport> => {
    const ours = await database.asWorker((stores) => companions(stores, input.document))
    const receipt = input.receipt ?? ours.receipt
    return verifier.verify({
      document: input.document,
      ...(receipt === undefined ? {} : { receipt }),
      endorsements: withoutRepeats([...(input.endorsements ?? []), ...ours.endorsements]),
      trustLists: (input.trustLists ?? []).map((json, at) => ({ from: `list ${at + 1}`, json })),
      trustKeys: input.trustKeys ?? [],
      ...(input.recipient === undefined ? {} : { recipient: input.recipient }),
      ...(input.picture === undefined ? {} : { picture: input.picture }),
    })
  }

  const companions = async (stores: Stores, document: JsonObject | string) => {
    const edition = await stores.credentials.editionByDigest(credentialDigest(document, hashes.sha256))
    const credential = edition === undefined ? undefined : await stores.credentials.find(edition.credentialId)
    const award = credential === undefined ? undefined : await stores.awards.find(credential.awardId)
    if (edition === undefined || credential === undefined || award === undefined) return { endorsements: [] }
    const published = await stores.endorsements.published([
      credential.id,
      award.achievementVersionId,
      award.issuerId,
    ])
    const endorsements = published.flatMap(({ signed }) =>
      signed === undefined ? [] : [JSON.parse(new TextDecoder().decode(signed)) as JsonObject],
    )
    try {
      return { endorsements, receipt: (await makeReceipt(stores, edition.leafId)) as unknown as Json }
    } catch (error) {
      if (error instanceof WaarmerkError && error.code === errors.receiptNotReady.code)
        return { endorsements }
      throw error
    }
  }

  const fetchBadge = async (url: string): Promise<JsonObject | string> => {
    const { status, body } = await fetch(url, { headers: { accept: BADGE_TYPES } })
    if (status === 404 || status === 410) throw errors.notFound({ what: 'badge at this address' })
    if (status !== 200)
      throw errors.documentUnreadable({ reason: `its address answers with the status ${status}` })
    const read = await readDocument(body, unbake)
    if (read.ok) return read.document
    if (read.code === 'document-too-large') throw errors.documentTooLarge({ limit: '1 MB' })
    throw errors.documentUnreadable({ reason: read.reason })
  }

  return {
    /** Reads a file that somebody brings: JSON, a JWS, or an image with either inside. */
    read: (bytes: Uint8Array): Promise<ReadDocument> => readDocument(bytes, unbake),

    verify,

    /** The report as PDF, with the page on which the same can be verified again: that of the badge, where it is ours. */
    print: async (report: VerificationReport, language: 'nl' | 'en'): Promise<Uint8Array> => {
      const digest = fromHex(report.credential?.digest ?? '0x')
      const edition =
        digest === undefined
          ? undefined
          : await database.asWorker((stores) => stores.credentials.editionByDigest(digest))
      const badge = edition === undefined ? undefined : `${origin}/credentials/${edition.credentialId}`
      const page = `${origin}/verify${badge === undefined ? '' : `?url=${encodeURIComponent(badge)}`}`
      return printReport(report, { language, page })
    },

    /**
     * Verifies the badge behind a page of this server, or the file at an address elsewhere, through the guarded fetcher.
     * Throws `not-found`, `fetch-refused`, `fetch-failed`, `document-unreadable`, `document-too-large`.
     */
    verifyUrl: async (
      url: string,
      reader: Reader,
      beside: Omit<VerificationInput, 'document'> = {},
    ): Promise<VerificationReport> => {
      const address = URL.parse(url)
      const id = /^\/credentials\/([0-9a-f-]{36})$/.exec(address?.pathname ?? '')?.[1]
      if (address?.origin !== origin) return verify({ ...beside, document: await fetchBadge(url) })
      if (id === undefined || !isUuid(id)) throw errors.notFound({ what: 'credential of this server' })
      const share = address.searchParams.get('share')
      const collection = address.searchParams.get('collection')
      const found = await database.asWorker((stores) =>
        readWholeCredential(
          stores,
          hashes,
          id as CredentialId,
          {
            ...reader,
            ...(share === null ? {} : { share }),
            ...(collection === null || !isUuid(collection) ? {} : { collection: collection as CollectionId }),
          },
          clock.now(),
        ),
      )
      const document = JSON.parse(new TextDecoder().decode(found.edition.signed)) as JsonObject
      return verify({ ...beside, document })
    },
  }
}

const BADGE_TYPES =
  'application/vc, application/vc+ld+json, application/ld+json, application/json, application/vc+jwt, image/png, image/svg+xml, */*;q=0.1'

/** One that the caller brings and we hold too is looked at once. */
function withoutRepeats(endorsements: readonly JsonObject[]): readonly JsonObject[] {
  return [...new Map(endorsements.map((each) => [canonicalJson(each), each])).values()]
}
