import type { Principal } from '#engine/access/rights.ts'
import type { Receipt } from '#engine/anchoring/receipt.ts'
import { certificateOf } from '#engine/credentials/certificate.ts'
import { domainOf } from '#engine/credentials/did-web.ts'
import { errors } from '#engine/errors/catalogue.ts'
import type { CredentialId } from '#engine/shared/ids.ts'
import type { Instant } from '#engine/shared/instant.ts'
import type { JsonObject } from '#engine/shared/json.ts'
import { type LocalisedText, textIn } from '#engine/shared/localised-text.ts'
import type { MakeReceipt } from '#services/anchoring/make-receipt.ts'
import { isTestIssuer } from '#services/issuers/issuer-marks.ts'
import type { BatchState } from '#services/ports/anchoring-store.ts'
import type { BadgeImages } from '#services/ports/badge-images.ts'
import type { PrintCertificate } from '#services/ports/certificate-paper.ts'
import type { Chain } from '#services/ports/chain.ts'
import type { Clock } from '#services/ports/clock.ts'
import type { Database } from '#services/ports/database.ts'
import type { Endorsement } from '#services/ports/endorsement-store.ts'
import type { Hashes } from '#services/ports/hashes.ts'
import type { Stores } from '#services/ports/stores.ts'
import { type BakeInto, imageOf, storedPicture } from './bake-into.ts'
import { countView } from './count-view.ts'
import { holderTimeZone } from './holder-time-zone.ts'
import { type LoadedCredential, loadCredentials } from './load-credentials.ts'
import {
  type ReadableCredential,
  type Reader,
  readCredential,
  readWholeCredential,
} from './read-credential.ts'
import type { SignForm } from './sign-form.ts'

export interface ServeCredentialsNeeds {
  readonly database: Database
  readonly clock: Clock
  readonly hashes: Hashes
  readonly makeReceipt: MakeReceipt
  readonly images: BadgeImages
  readonly printCertificate: PrintCertificate
  readonly signToken: SignForm
  readonly bakeInto: BakeInto
  readonly chain: Chain
}

export interface CredentialPage extends ReadableCredential {
  readonly readAt: Instant
  readonly achievementName: string
  readonly issuerDomain: string
  readonly test: boolean
  readonly image?: string
  /** What that picture shows: that of a level says its level. */
  readonly imageAlt?: LocalisedText
  readonly anchor: {
    readonly state: 'waiting' | BatchState
    readonly independent: boolean
    readonly anchoredAt?: Instant
  }
  readonly endorsements: readonly Endorsement[]
}

/** A badge in the backpack of its earner. */
export interface BackpackBadge extends LoadedCredential {
  readonly image?: string
  readonly claimedAt: Instant
  readonly views: number
}

type Owner = Pick<Extract<Principal, { kind: 'session' }>, 'accountId' | 'sessionId' | 'scope'>

export type DocumentFormat = 'json' | 'jwt' | 'png' | 'svg' | 'pdf'

export type ServeCredentials = ReturnType<typeof createServeCredentials>

export const createServeCredentials = (needs: ServeCredentialsNeeds) => {
  const { database, clock, hashes, makeReceipt, images, printCertificate, signToken, bakeInto, chain } = needs
  const read = (stores: Stores, id: CredentialId, reader: Reader) =>
    readCredential(stores, hashes, id, reader, clock.now())

  const page = async (stores: Stores, found: ReadableCredential): Promise<CredentialPage> => {
    const { credential, issuer, version } = found
    const { definition } = version
    const image = imageOf(found)
    const imageAlt =
      definition.imageLevels?.find((level) => level.image === image)?.altText ?? definition.imageAlt
    const leaf = await stores.anchoring.findLeaf(found.edition.leafId)
    const batch = leaf?.place === undefined ? undefined : await stores.anchoring.findBatch(leaf.place.batchId)
    return {
      ...found,
      readAt: clock.now(),
      achievementName: textIn(definition.name, definition.language, definition.language),
      issuerDomain: domainOf(issuer.did) ?? new URL(issuer.origin).hostname,
      test: isTestIssuer(issuer, await stores.organisations.find(credential.organisationId)),
      ...(image === undefined ? {} : { image: `${issuer.origin}/images/${image}.png` }),
      ...(imageAlt === undefined ? {} : { imageAlt }),
      anchor: {
        state:
          (await stores.anchoring.anchorStates(credential.organisationId, [credential.id])).get(
            credential.id,
          ) ?? 'waiting',
        independent: chain.independent,
        ...(batch?.block === undefined ? {} : { anchoredAt: batch.block.time }),
      },
      // What endorses the credential itself bears its digest: with that a guess at what is left out could be checked.
      endorsements: await stores.endorsements.published([
        ...(found.omits.length === 0 ? [credential.id] : []),
        version.id,
        issuer.id,
      ]),
    }
  }

  const forPrint = async (stores: Stores, found: ReadableCredential, { share }: Reader) => {
    const { credential, issuer, version, edition, way, award } = found
    const { definition } = version
    const image = imageOf(found)
    const imageAlt =
      definition.imageLevels?.find((level) => level.image === image)?.altText ?? definition.imageAlt
    const { style } = await stores.houseStyles.find(credential.organisationId)
    const logo = await storedPicture(stores, style.logo)
    const page = `${issuer.origin}/credentials/${credential.id}`
    const target =
      way.kind === 'link' && share !== undefined
        ? ({ kind: 'page', url: `${page}?share=${encodeURIComponent(share)}` } as const)
        : credential.visibility === 'public'
          ? ({ kind: 'page', url: page } as const)
          : // Whoever scans the code of a private badge would see nothing there.
            ({ kind: 'verify', url: `${issuer.origin}/verify` } as const)
    return {
      settings: {
        domain: domainOf(issuer.did) ?? new URL(issuer.origin).hostname,
        isTest: isTestIssuer(issuer, await stores.organisations.find(credential.organisationId)),
        target,
        timeZone: await holderTimeZone(stores, award.id),
        ...(imageAlt === undefined
          ? {}
          : { imageAlt: textIn(imageAlt, definition.language, definition.language) }),
      },
      look: {
        colours: style.colours,
        ...(logo === undefined ? {} : { logo }),
        credential: {
          name: `badge-${credential.id}.json`,
          mediaType: 'application/vc+ld+json',
          bytes: edition.signed,
        },
        madeAt: edition.signedAt,
      },
      picture: await storedPicture(stores, image),
    }
  }

  return {
    page,

    /** `counts`: the page was opened by this, and not asked for anew by itself or by a machine that wants its headers. */
    view: (id: CredentialId, reader: Reader, { counts }: { counts: boolean }): Promise<CredentialPage> =>
      database.asWorker(async (stores) => {
        const found = await read(stores, id, reader)
        const shown = await page(stores, found)
        if (counts) await countView(stores, found, clock.now())
        return shown
      }),

    /** For a page within pages of others: what strangers see, whoever looks. Throws `not-found` for what is not shared. */
    embed: (
      id: CredentialId,
      { share }: Pick<Reader, 'share'>,
      { counts }: { counts: boolean },
    ): Promise<CredentialPage> =>
      database.asWorker(async (stores) => {
        const found = await read(stores, id, share === undefined ? {} : { share })
        const shown = await page(stores, found)
        if (counts) await countView(stores, found, clock.now(), 'embed')
        return shown
      }),

    /** The signed bytes, alone, baked into the badge's image, or attached to a paper for people. */
    document: async (id: CredentialId, reader: Reader, format: DocumentFormat): Promise<Uint8Array> => {
      const { found, print } = await database.asWorker(async (stores) => {
        const found = await readWholeCredential(stores, hashes, id, reader, clock.now())
        return { found, print: format === 'pdf' ? await forPrint(stores, found, reader) : undefined }
      })
      const { signed } = found.edition
      if (format === 'jwt') return signToken(found)
      if (format === 'png' || format === 'svg') return bakeInto(found, signed, format)
      if (print === undefined) return signed
      const { settings, look, picture } = print
      const certificate = certificateOf(JSON.parse(new TextDecoder().decode(signed)) as JsonObject, settings)
      return printCertificate(certificate, {
        ...look,
        picture: picture ?? (await images.draw(found.award.achievementId)),
      })
    },

    /**
     * The document of a badge that somebody has claimed and that stands: it alone goes elsewhere in their name, whatever else they
     * may read. Throws `not-found`, `credential-not-signed`, `badge-ended`.
     */
    earned: async (
      id: CredentialId,
      { accountId, sessionId, scope }: Owner,
      format: 'json' | 'jwt',
    ): Promise<Uint8Array> => {
      const principal: Principal = {
        ...{ kind: 'session', accountId, sessionId, grants: [] },
        ...(scope === undefined ? {} : { scope }),
      }
      const found = await database.asWorker((stores) =>
        readWholeCredential(stores, hashes, id, { principal }, clock.now()),
      )
      if (found.way.kind !== 'earner') throw errors.notFound({ what: 'credential', id })
      const { endedBy, signed } = found.edition
      if (endedBy !== undefined) throw errors.badgeEnded({ reason: endedBy })
      return format === 'json' ? signed : signToken(found)
    },

    /** Throws `receipt-not-ready`. The receipt holds the salt: it goes only to whoever may read the credential. */
    receipt: (id: CredentialId, reader: Reader): Promise<Receipt> =>
      database.asWorker(async (stores) =>
        makeReceipt(
          stores,
          (await readWholeCredential(stores, hashes, id, reader, clock.now())).edition.leafId,
        ),
      ),

    /**
     * What somebody has claimed, newest first; also what is still being issued. In a session that a claim link opened: what it
     * took home itself.
     */
    backpack: ({ accountId, sessionId, scope }: Owner): Promise<readonly BackpackBadge[]> =>
      database.asWorker(async (stores) => {
        const claims =
          scope === undefined
            ? await stores.claims.ofAccount(accountId)
            : await stores.claims.ofSession(sessionId)
        const claimedAt = new Map(
          claims.flatMap((each) =>
            each.state === 'claimed' ? [[each.awardId, each.decidedAt] as const] : [],
          ),
        )
        const credentials = await stores.credentials.findByAwards(claims.map(({ awardId }) => awardId))
        const views = await stores.credentials.viewTotals(credentials.map(({ id }) => id))
        const badges = (await loadCredentials(stores, credentials)).map((loaded) => {
          const image = imageOf({ ...loaded, omits: [] })
          return {
            ...loaded,
            ...(image === undefined ? {} : { image: `${loaded.issuer.origin}/images/${image}.png` }),
            claimedAt: claimedAt.get(loaded.award.id) ?? loaded.award.awardedAt,
            views: views.get(loaded.credential.id) ?? 0,
          }
        })
        return badges.sort((a, b) => b.award.awardedAt - a.award.awardedAt)
      }),
  }
}
