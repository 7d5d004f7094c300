import * as z from 'zod'
import { defineRoute, type Route } from '#api/http/route.ts'
import { Id } from '#api/schemas/common.ts'
import {
  MadeWalletOffer,
  NewWalletOffer,
  WalletOffer as WalletOfferSchema,
} from '#api/schemas/wallet-offers.ts'
import { errors } from '#engine/errors/catalogue.ts'
import type { CredentialId, WalletOfferId } from '#engine/shared/ids.ts'
import { formatInstant } from '#engine/shared/instant.ts'
import type { WalletOffer } from '#services/ports/wallet-offer-store.ts'
import type { RouteNeeds } from './route-needs.ts'

const tags = ['backpack']
const access = 'session'
const IdParams = z.strictObject({ id: Id })

/** Badges that their earner offers to a wallet. What the wallet asks stands under `/openid4vci`. */
export const walletOfferRoutes = ({ offerBadges }: RouteNeeds): readonly Route[] => {
  const show = (offer: WalletOffer): z.input<typeof WalletOfferSchema> => {
    const { id, credentialId, expiresAt } = offer
    return { id, credentialId, state: offerBadges.stateOf(offer), expiresAt: formatInstant(expiresAt) }
  }
  return [
    defineRoute({
      method: 'post',
      path: '/v1/credentials/{id}/wallet-offers',
      operationId: 'offerToWallet',
      tags,
      summary: 'Offer a badge of yours to a wallet',
      description: [
        'OpenID4VCI 1.0 with a pre-authorised code, good for ten minutes and once. Whoever has the code (and the pin, where you want',
        'one) takes the signed document, whole.',
      ].join(' '),
      access,
      request: { params: IdParams, body: NewWalletOffer },
      responses: { 201: MadeWalletOffer },
      problems: [errors.notFound, errors.credentialNotSigned, errors.badgeEnded, errors.tooManyWalletOffers],
      handler: async ({ principal, params, body }) => {
        const { offer, uri, qr, pin } = await offerBadges.offer(principal, params.id as CredentialId, body)
        return { status: 201, body: { ...show(offer), uri, qr, pin: pin ?? null } }
      },
    }),
    defineRoute({
      method: 'get',
      path: '/v1/wallet-offers/{id}',
      operationId: 'getWalletOffer',
      tags,
      summary: 'How far an offer to a wallet has come',
      access,
      request: { params: IdParams },
      responses: { 200: WalletOfferSchema },
      problems: [errors.notFound],
      handler: async ({ principal, params }) => ({
        status: 200,
        body: show(await offerBadges.show(principal, params.id as WalletOfferId)),
      }),
    }),
    defineRoute({
      method: 'delete',
      path: '/v1/wallet-offers/{id}',
      operationId: 'withdrawWalletOffer',
      tags,
      summary: 'Take an offer to a wallet back',
      description: 'What a wallet has taken already it keeps.',
      access,
      request: { params: IdParams },
      responses: { 204: { empty: true } },
      problems: [errors.notFound],
      handler: async ({ principal, params }) => {
        await offerBadges.withdraw(principal, params.id as WalletOfferId)
        return { status: 204 }
      },
    }),
  ]
}
