import * as z from 'zod'
import { Id, Time } from './common.ts'

export const NewWalletOffer = z
  .strictObject({
    pin: z
      .boolean()
      .describe('The wallet must be told six digits besides: for an offer that others may see.'),
  })
  .meta({ id: 'NewWalletOffer', examples: [{ pin: true }] })

const offer = {
  id: Id,
  credentialId: Id,
  state: z
    .enum(['offered', 'opened', 'taken', 'withdrawn', 'over'])
    .describe('`opened`: a wallet has begun. `taken`: it has the badge. `over`: nobody came in time.'),
  expiresAt: Time,
}
const EXAMPLE = {
  id: '0197a2c0-0000-4000-8000-000000000001',
  credentialId: '0197a2c0-0000-7000-8000-000000000002',
  state: 'offered' as const,
  expiresAt: '2026-11-26T10:10:00Z',
}

export const WalletOffer = z.strictObject(offer).meta({ id: 'WalletOffer', examples: [EXAMPLE] })

export const MadeWalletOffer = z
  .strictObject({
    ...offer,
    uri: z.string().describe('For a wallet on the same device. It holds the code and is told once.'),
    qr: z.string().describe('The same as a picture (SVG), for a wallet on another device.'),
    pin: z.string().nullable(),
  })
  .meta({
    id: 'MadeWalletOffer',
    examples: [
      {
        ...EXAMPLE,
        uri: 'openid-credential-offer://?credential_offer=%7B%22credential_issuer%22%3A%22https%3A%2F%2Fbadges.example.org%22%7D',
        qr: '<svg xmlns="http://www.w3.org/2000/svg"></svg>',
        pin: '047112',
      },
    ],
  })
