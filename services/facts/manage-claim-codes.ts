import { actorOf, type Principal } from '#engine/access/rights.ts'
import { errors } from '#engine/errors/catalogue.ts'
import { CLAIM_CODE_BYTES, claimCodeOf, readClaimCode } from '#engine/facts/claim-code-text.ts'
import type { ClaimCodeId, OrganisationId } from '#engine/shared/ids.ts'
import type { Instant } from '#engine/shared/instant.ts'
import type { LocalisedText } from '#engine/shared/localised-text.ts'
import { requireRight } from '#services/access/authorise.ts'
import { hashToken } from '#services/access/secret-token.ts'
import type { ClaimCode } from '#services/ports/claim-code-store.ts'
import type { Hashes } from '#services/ports/hashes.ts'
import type { Page, PageRequest } from '#services/ports/page.ts'
import type { QrImages } from '#services/ports/qr-images.ts'
import type { Stores } from '#services/ports/stores.ts'
import type { FactNeeds } from './fact-needs.ts'

export interface ManageClaimCodesNeeds extends Pick<FactNeeds, 'database' | 'clock' | 'random' | 'audit'> {
  readonly hashes: Hashes
  readonly qrImages: QrImages
  /** PUBLIC_URL, without a slash at the end. */
  readonly origin: string
}

export interface NewClaimCode {
  readonly slug: string
  readonly name: LocalisedText
  readonly validFrom?: Instant
  readonly validUntil?: Instant
  readonly maxUses?: number
}

export const createManageClaimCodes = (needs: ManageClaimCodesNeeds) => {
  const { database, clock, random, audit, hashes, qrImages, origin } = needs
  return {
    /** Makes a code. Its text is handed out this once; afterwards only its hash is known. */
    create: (
      principal: Principal,
      organisationId: OrganisationId,
      wanted: NewClaimCode,
    ): Promise<{ readonly code: ClaimCode; readonly text: string; readonly url: string }> =>
      database.inOrganisation(organisationId, async (stores) => {
        await requireRight(stores, principal, 'update', organisationId)
        const { validFrom, validUntil } = wanted
        if (validFrom !== undefined && validUntil !== undefined && validUntil <= validFrom)
          throw errors.invalidRequest({
            errors: [
              { in: 'body', pointer: '/validUntil', code: 'invalid-time', message: 'is not after validFrom' },
            ],
          })
        const text = claimCodeOf(random.bytes(CLAIM_CODE_BYTES))
        const code: ClaimCode = {
          organisationId,
          id: random.rowId() as ClaimCodeId,
          uses: 0,
          createdAt: clock.now(),
          ...wanted,
        }
        if (!(await stores.claimCodes.insert(code, hashOf(text, hashes))))
          throw errors.alreadyExists({ what: 'claim code', id: wanted.slug })
        await record(stores, principal, code, 'code.created')
        return { code, text, url: addressOf(origin, text) }
      }),

    list: (
      principal: Principal,
      organisationId: OrganisationId,
      page: PageRequest,
    ): Promise<Page<ClaimCode>> =>
      database.inOrganisation(organisationId, async (stores) => {
        await requireRight(stores, principal, 'read', organisationId)
        return stores.claimCodes.list(organisationId, page)
      }),

    find: (principal: Principal, organisationId: OrganisationId, slug: string): Promise<ClaimCode> =>
      database.inOrganisation(organisationId, async (stores) => {
        await requireRight(stores, principal, 'read', organisationId)
        return codeOf(stores, organisationId, slug)
      }),

    /** Ends a code: nobody redeems it any more. What was redeemed stays. Ending it again changes nothing. */
    end: (principal: Principal, organisationId: OrganisationId, slug: string): Promise<ClaimCode> =>
      database.inOrganisation(organisationId, async (stores) => {
        await requireRight(stores, principal, 'delete', organisationId)
        const code = await codeOf(stores, organisationId, slug)
        if (code.endedAt !== undefined) return code
        await record(stores, principal, code, 'code.ended')
        return (await stores.claimCodes.end(organisationId, slug, clock.now())) ?? code
      }),

    /**
     * Draws the address under which a code is redeemed. The text is not known any more: whoever wants a picture brings
     * it. Throws `code-unknown` for the text of another code.
     */
    draw: async (
      principal: Principal,
      organisationId: OrganisationId,
      slug: string,
      { text, format }: { readonly text: string; readonly format: 'png' | 'svg' },
    ): Promise<Uint8Array> => {
      await database.inOrganisation(organisationId, async (stores) => {
        await requireRight(stores, principal, 'update', organisationId)
        const { id } = await codeOf(stores, organisationId, slug)
        const found = await stores.claimCodes.findByHash(hashOf(text, hashes))
        if (found?.id !== id) throw errors.codeUnknown({})
      })
      return qrImages[format](addressOf(origin, text))
    },
  }

  function record(stores: Stores, principal: Principal, code: ClaimCode, action: string) {
    return audit(stores, {
      organisationId: code.organisationId,
      at: clock.now(),
      actor: actorOf(principal),
      action,
      targetType: 'claim_code',
      targetId: code.id,
    })
  }
}

/** The hash of a code as somebody wrote it. Throws `code-unknown` for what cannot be one. */
export function hashOf(text: string, { sha256 }: Hashes): Uint8Array {
  const code = readClaimCode(text)
  if (code === undefined) throw errors.codeUnknown({})
  return hashToken(code, sha256)
}

/** The code stands in the fragment: it reaches no server log and no referrer. */
const addressOf = (origin: string, text: string): string => `${origin}/redeem#${text}`

async function codeOf(stores: Stores, organisationId: OrganisationId, slug: string): Promise<ClaimCode> {
  const code = await stores.claimCodes.find(organisationId, slug)
  if (code === undefined) throw errors.notFound({ what: 'claim code', id: slug })
  return code
}
