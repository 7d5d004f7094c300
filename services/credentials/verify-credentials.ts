import { errors } from '#engine/errors/catalogue.ts'
import { fromHex } from '#engine/shared/bytes.ts'
import type { CollectionId, CredentialId } from '#engine/shared/ids.ts'
import { isUuid } from '#engine/shared/ids.ts'
import type { Json, JsonObject } from '#engine/shared/json.ts'
import { type AnyReport, isPresentationReport } from '#engine/verification/presentation-report.ts'
import type { Recipient } from '#engine/verification/recipient.ts'
import type { VerificationReport } from '#engine/verification/verification-report.ts'
import type { Unbake } from '#services/ports/badge-images.ts'
import type { Clock } from '#services/ports/clock.ts'
import type { Database } from '#services/ports/database.ts'
import type { GuardedFetch } from '#services/ports/guarded-fetch.ts'
import type { Hashes } from '#services/ports/hashes.ts'
import type { PrintReport } from '#services/ports/report-paper.ts'
import { type ReadDocument, readDocument } from '#services/verify/read-document.ts'
import type { VerificationRequest, Verifier } from '#services/verify/verify-credential.ts'
import type { DocumentVerifier } from '#services/verify/verify-document.ts'
import { type Reader, readWholeCredential } from './read-credential.ts'

export interface VerifyCredentialsNeeds {
  readonly database: Database
  readonly clock: Clock
  readonly hashes: Hashes
  readonly verifiers: Verifiers
  readonly unbake: Unbake
  readonly printReport: PrintReport
  readonly origin: string
  /** For badges that stand at an address elsewhere. */
  readonly fetch: GuardedFetch
}

/** Asks nobody any more once it is given up, and hangs up on those that it has asked: what they did not say could not be told. */
export interface EndableVerifier extends Verifier {
  verify(request: VerificationRequest, signal?: AbortSignal): Promise<VerificationReport>
}

/** As they are put together for this server: of credentials alone, and of presentations too. */
export interface Verifiers {
  readonly credentials: EndableVerifier
  readonly documents: DocumentVerifier
}

export interface VerificationInput {
  readonly document: JsonObject | string
  readonly receipt?: Json
  readonly endorsements?: readonly JsonObject[]
  readonly trustLists?: readonly JsonObject[]
  readonly trustKeys?: readonly string[]
  readonly recipient?: Recipient
  /** What the holder was to answer, and for whom: of a presentation. */
  readonly challenge?: string
  readonly domain?: string | readonly string[]
  /** The image that it came in, without the badge. */
  readonly picture?: Uint8Array
}

/** Verifies what anybody brings: a file, a text, or what stands at an address. */
export const createVerifyCredentials = ({
  database,
  clock,
  hashes,
  verifiers,
  unbake,
  printReport,
  origin,
  fetch,
}: VerifyCredentialsNeeds) => {
  const verifyAny = async ({ trustLists = [], ...input }: VerificationInput): Promise<AnyReport> =>
    verifiers.documents.verify({
      ...input,
      trustLists: trustLists.map((json, at) => ({ from: `list ${at + 1}`, json })),
    })

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

    /** A credential, and nothing else: what badges are kept as. */
    verify: verifiers.credentials.verify,

    /** A credential or a presentation. Throws `document-too-large`, `nothing-presented`. */
    verifyAny,

    /** The report as PDF, with the page on which the same can be verified again: that of the badge, where it is ours. */
    print: async (report: AnyReport, language: 'nl' | 'en'): Promise<Uint8Array> => {
      const digest = fromHex((isPresentationReport(report) ? undefined : report.credential?.digest) ?? '0x')
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
     * Throws `not-found`, `fetch-refused`, `fetch-failed`, `document-unreadable`, `document-too-large`, `nothing-presented`.
     */
    verifyUrl: async (
      url: string,
      reader: Reader,
      beside: Omit<VerificationInput, 'document'> = {},
    ): Promise<AnyReport> => {
      const address = URL.parse(url)
      const id = /^\/credentials\/([0-9a-f-]{36})$/.exec(address?.pathname ?? '')?.[1]
      if (address?.origin !== origin) return verifyAny({ ...beside, document: await fetchBadge(url) })
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
      return verifyAny({ ...beside, document })
    },
  }
}

const BADGE_TYPES =
  'application/vc, application/vc+ld+json, application/ld+json, application/json, application/vc+jwt, image/png, image/svg+xml, */*;q=0.1'
