import { credentialDigest } from '#engine/credentials/prepared-credential.ts'
import { readSignedEndorsement } from '#engine/endorsements/signed-endorsement.ts'
import { errors } from '#engine/errors/catalogue.ts'
import { WaarmerkError } from '#engine/errors/define-error.ts'
import { canonicalJson } from '#engine/shared/canonical-json.ts'
import type { Json, JsonObject } from '#engine/shared/json.ts'
import type { MakeReceipt } from '#services/anchoring/make-receipt.ts'
import type { Database } from '#services/ports/database.ts'
import type { Hashes } from '#services/ports/hashes.ts'
import type { Stores } from '#services/ports/stores.ts'
import { DOCUMENT_LIMITS, refuseLarge } from '#services/verify/document-limits.ts'
import type { Verifier } from '#services/verify/verify-credential.ts'

export interface OwnCompanionsNeeds {
  readonly database: Database
  readonly hashes: Pick<Hashes, 'sha256'>
  readonly makeReceipt: MakeReceipt
}

/**
 * For a badge of ours the receipt and the published endorsements are looked up, so that whoever holds the document need not
 * bring them; the receipt itself is not handed out this way.
 */
export const withOwnCompanions = (
  verifier: Verifier,
  { database, hashes, makeReceipt }: OwnCompanionsNeeds,
): Verifier => {
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
      signed === undefined ? [] : [readSignedEndorsement(signed)],
    )
    try {
      return { endorsements, receipt: (await makeReceipt(stores, edition.leafId)) as unknown as Json }
    } catch (error) {
      if (error instanceof WaarmerkError && error.code === errors.receiptNotReady.code)
        return { endorsements }
      throw error
    }
  }

  return {
    verify: async (request) => {
      refuseLarge(request.document, DOCUMENT_LIMITS)
      const ours = await database.asWorker((stores) => companions(stores, request.document))
      const receipt = request.receipt ?? ours.receipt
      return verifier.verify({
        ...request,
        ...(receipt === undefined ? {} : { receipt }),
        endorsements: withoutRepeats([...(request.endorsements ?? []), ...ours.endorsements]),
      })
    },
  }
}

/** One that the caller brings and we hold too is looked at once. */
const withoutRepeats = (endorsements: readonly (JsonObject | string)[]): readonly (JsonObject | string)[] => [
  ...new Map(endorsements.map((each) => [canonicalJson(each), each])).values(),
]
