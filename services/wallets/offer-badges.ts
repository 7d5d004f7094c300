import type { Principal } from '#engine/access/rights.ts'
import { errors } from '#engine/errors/catalogue.ts'
import { WaarmerkError } from '#engine/errors/define-error.ts'
import { equalBytes, utf8 } from '#engine/shared/bytes.ts'
import { MINUTE_MS, SECOND_MS } from '#engine/shared/duration.ts'
import type { CredentialId, WalletOfferId } from '#engine/shared/ids.ts'
import { asInstant } from '#engine/shared/instant.ts'
import type { JsonObject } from '#engine/shared/json.ts'
import { hashToken, newToken } from '#services/access/secret-token.ts'
import type { ServeCredentials } from '#services/credentials/serve-credentials.ts'
import type { Clock } from '#services/ports/clock.ts'
import { crashPoint } from '#services/ports/crash-points.ts'
import type { Database } from '#services/ports/database.ts'
import type { Hashes } from '#services/ports/hashes.ts'
import type { QrImages } from '#services/ports/qr-images.ts'
import type { Random } from '#services/ports/random.ts'
import type { Stores } from '#services/ports/stores.ts'
import type { WalletOffer } from '#services/ports/wallet-offer-store.ts'
import type { WalletProofs } from '#services/ports/wallet-proofs.ts'

export interface OfferBadgesNeeds {
  readonly database: Database
  readonly clock: Clock
  readonly random: Random
  readonly hashes: Hashes
  readonly qrImages: QrImages
  readonly proofs: WalletProofs
  readonly credentials: Pick<ServeCredentials, 'earned'>
  /** PUBLIC_URL, without a slash at the end: the credential issuer. */
  readonly origin: string
}

/** What its owner shows to a wallet. The secrets in it are told once. */
export interface MadeOffer {
  readonly offer: WalletOffer
  readonly uri: string
  readonly pin?: string
  readonly qr: string
}

/** A refusal in the words of OAuth 2.0 and OpenID4VCI. */
export interface WalletRefusal {
  readonly ok: false
  readonly status: 400 | 401
  readonly error: string
  readonly description: string
}

interface OpenedOffer {
  readonly ok: true
  readonly token: string
  readonly expiresIn: number
}

export const PRE_AUTHORIZED = 'urn:ietf:params:oauth:grant-type:pre-authorized_code'
/** The forms in which a badge is handed out: the signed document with its Data Integrity proof, and its JWT form. */
export const BADGE_CONFIGURATIONS = {
  OpenBadgeCredential_ldp_vc: 'json',
  OpenBadgeCredential_jwt_vc_json: 'jwt',
} as const

const CODE_MS = 10 * MINUTE_MS
const TOKEN_MS = 5 * MINUTE_MS
const PIN_DIGITS = 6
/** So many a person may have on offer at a time. */
const MOST_OPEN = 20
/** An offer ends with this wrong pin. */
const MOST_MISSES = 5

type Person = Extract<Principal, { kind: 'session' }>

export type OfferBadges = ReturnType<typeof createOfferBadges>

/**
 * Hands a badge that somebody has claimed to a wallet of theirs (OpenID4VCI 1.0, pre-authorised code). The wallet proves that it
 * holds a key, which is noted; the badge itself is the document as it was issued, about the person that it was issued to, and is
 * not bound to that key.
 */
export const createOfferBadges = (needs: OfferBadgesNeeds) => {
  const { database, clock, random, hashes, qrImages, proofs, credentials, origin } = needs

  const refuse = (error: string, description: string, status: 400 | 401 = 400): WalletRefusal => ({
    ok: false,
    status,
    error,
    description,
  })
  const pinHash = (id: WalletOfferId, pin: string) => hashes.sha256(utf8(`${id}:${pin}`))
  const record = (
    stores: Stores,
    { accountId, credentialId }: WalletOffer,
    action: string,
    detail: JsonObject = {},
  ) =>
    stores.accounts.record(accountId, {
      id: random.rowId(),
      at: clock.now(),
      action: `wallet_offer.${action}`,
      detail: { credential: credentialId, ...detail },
    })
  const own = async (stores: Stores, { accountId }: Person, id: WalletOfferId) => {
    const offer = await stores.walletOffers.find(id)
    if (offer?.accountId !== accountId) throw errors.notFound({ what: 'offer to a wallet', id })
    return offer
  }

  return {
    /**
     * Throws `not-found` for a badge that is not the person's, `credential-not-signed`, `badge-ended`, and `too-many-wallet-offers`.
     */
    offer: async (
      person: Person,
      credentialId: CredentialId,
      { pin }: { pin: boolean },
    ): Promise<MadeOffer> => {
      // Only its earner hands it on, and not whoever reads it for the issuer.
      await credentials.earned(credentialId, person, 'json')
      const code = newToken(random, hashes.sha256)
      const digits = Array.from({ length: PIN_DIGITS }, () => random.integer(10)).join('')
      const id = random.uuid() as WalletOfferId
      const now = clock.now()
      const offer: WalletOffer = {
        id,
        accountId: person.accountId,
        credentialId,
        state: 'offered',
        codeHash: code.hash,
        ...(pin ? { pinHash: pinHash(id, digits) } : {}),
        attempts: 0,
        createdAt: now,
        expiresAt: asInstant(now + CODE_MS),
      }
      await database.asWorker(async (stores) => {
        // One after the other: of several that are made at once, each counts those before it.
        await stores.accounts.lock(person.accountId)
        if ((await stores.walletOffers.countOpen(person.accountId, now)) >= MOST_OPEN)
          throw errors.tooManyWalletOffers({ most: MOST_OPEN })
        await stores.walletOffers.insert(offer)
        await record(stores, offer, 'made')
        crashPoint('wallet-offer.before-commit')
      })
      crashPoint('wallet-offer.after-commit')
      const said = {
        credential_issuer: origin,
        credential_configuration_ids: Object.keys(BADGE_CONFIGURATIONS),
        grants: {
          [PRE_AUTHORIZED]: {
            'pre-authorized_code': code.token,
            ...(pin ? { tx_code: { input_mode: 'numeric', length: PIN_DIGITS } } : {}),
          },
        },
      }
      const uri = `openid-credential-offer://?credential_offer=${encodeURIComponent(JSON.stringify(said))}`
      return {
        offer,
        uri,
        qr: new TextDecoder().decode(await qrImages.svg(uri)),
        ...(pin ? { pin: digits } : {}),
      }
    },

    /** As its owner is told it: one that nobody came for in time is over. */
    stateOf: ({ state, expiresAt }: WalletOffer): WalletOffer['state'] | 'over' =>
      (state === 'offered' || state === 'opened') && expiresAt <= clock.now() ? 'over' : state,

    show: (person: Person, id: WalletOfferId): Promise<WalletOffer> =>
      database.asWorker((stores) => own(stores, person, id)),

    withdraw: (person: Person, id: WalletOfferId): Promise<void> =>
      database.asWorker(async (stores) => {
        const offer = await own(stores, person, id)
        if (await stores.walletOffers.withdraw(id)) await record(stores, offer, 'withdrawn')
      }),

    /** Trades a code for a token, once. */
    token: async (code: string, pin: string | undefined): Promise<WalletRefusal | OpenedOffer> => {
      const opened = await database.asWorker(async (stores): Promise<WalletRefusal | OpenedOffer> => {
        const offer = await stores.walletOffers.findByCode(hashToken(code, hashes.sha256))
        const now = clock.now()
        if (offer?.state !== 'offered' || offer.expiresAt <= now)
          return refuse('invalid_grant', 'The code is unknown, was used, or is over.')
        if (offer.pinHash === undefined && pin !== undefined)
          return refuse('invalid_request', 'There is no tx_code for this offer.')
        if (offer.pinHash !== undefined && pin === undefined)
          return refuse('invalid_request', 'A tx_code is needed.')
        if (offer.pinHash !== undefined && !equalBytes(offer.pinHash, pinHash(offer.id, pin ?? ''))) {
          await stores.walletOffers.countMiss(offer.id, MOST_MISSES)
          return refuse('invalid_grant', 'The tx_code is wrong.')
        }
        const token = newToken(random, hashes.sha256)
        if (!(await stores.walletOffers.open(offer.id, token.hash, asInstant(now + TOKEN_MS))))
          return refuse('invalid_grant', 'The code was used.')
        crashPoint('wallet-token.before-commit')
        return { ok: true, token: token.token, expiresIn: TOKEN_MS / SECOND_MS }
      })
      crashPoint('wallet-token.after-commit')
      return opened
    },

    nonce: (): string => proofs.nonce(),

    /** Hands the badge out, once. */
    credential: async (
      token: string,
      {
        configuration,
        proof,
      }: { readonly configuration: string | undefined; readonly proof: string | undefined },
    ): Promise<WalletRefusal | { readonly ok: true; readonly credential: JsonObject | string }> => {
      const offer = await database.asWorker((stores) =>
        stores.walletOffers.findByToken(hashToken(token, hashes.sha256)),
      )
      if (offer?.state !== 'opened' || offer.expiresAt <= clock.now())
        return refuse('invalid_token', 'The token is unknown, was used, or is over.', 401)
      if (!isConfiguration(configuration))
        return refuse(
          'unknown_credential_configuration',
          `There is ${Object.keys(BADGE_CONFIGURATIONS).join(', ')} and no other.`,
        )
      if (proof === undefined) return refuse('invalid_proof', 'One proof of the type jwt is needed.')
      const checked = await proofs.check(proof, origin)
      if (!checked.ok) return refuse(checked.error, checked.description)
      const person: Person = { kind: 'session', accountId: offer.accountId, sessionId: '', grants: [] }
      const format = BADGE_CONFIGURATIONS[configuration]
      let document: Uint8Array
      try {
        document = await credentials.earned(offer.credentialId, person, format)
      } catch (error) {
        // It was revoked, or is another account's, since it was offered.
        if (error instanceof WaarmerkError && error.status < 500)
          return refuse('credential_request_denied', error.message)
        throw error
      }
      const isFirst = await database.asWorker(async (stores) => {
        if (!(await stores.walletOffers.take(offer.id, clock.now()))) return false
        await record(stores, offer, 'taken', { holder: checked.holder.slice(0, 500), configuration })
        crashPoint('wallet-credential.before-commit')
        return true
      })
      crashPoint('wallet-credential.after-commit')
      if (!isFirst) return refuse('invalid_token', 'The token was used.', 401)
      const text = new TextDecoder().decode(document)
      return { ok: true, credential: format === 'jwt' ? text : (JSON.parse(text) as JsonObject) }
    },
  }
}

const isConfiguration = (text: string | undefined): text is keyof typeof BADGE_CONFIGURATIONS =>
  text !== undefined && Object.hasOwn(BADGE_CONFIGURATIONS, text)
