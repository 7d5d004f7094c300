import * as z from 'zod'
import { Email, Id, LanguageTag, Time } from './common.ts'

/** The languages in which people are written to. */
const Language = z.enum(['en', 'nl'])

export const ProviderId = z.string().regex(/^[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?$/)
export const SignInProvider = z
  .strictObject({ id: ProviderId, name: z.string().describe('For people.') })
  .meta({ id: 'SignInProvider', examples: [{ id: 'eduid', name: 'eduID' }] })

export const NewSignInAttempt = z
  .strictObject({
    provider: ProviderId,
    purpose: z
      .enum(['sign-in', 'add-identity'])
      .default('sign-in')
      .describe('`add-identity`: whoever is signed in adds what the provider proves to their account.'),
    returnTo: z
      .string()
      .max(2000)
      .optional()
      .describe('A path of this installation to go to afterwards. Anything else leads to the home page.'),
    language: LanguageTag.default('en'),
  })
  .meta({ examples: [{ provider: 'eduid', returnTo: '/console', language: 'nl' }] })
export const SignInAttempt = z
  .strictObject({ url: z.string().describe('Where the browser goes now.') })
  .meta({
    id: 'SignInAttempt',
    examples: [{ url: 'https://idp.example.org/auth?client_id=waarmerk&state=…&nonce=…&code_challenge=…' }],
  })

export const SignInAnswer = z
  .strictObject({
    provider: ProviderId,
    query: z
      .string()
      .max(8000)
      .describe('The query with which the provider sent the browser back, without the question mark.'),
  })
  .meta({ examples: [{ provider: 'eduid', query: 'code=SplxlOBeZQQYbYS6WxSbIA&state=af0ifjsldkj' }] })

export const Identity = z
  .strictObject({
    id: Id,
    type: z.string().describe('`email`, `eppn`, `account` (a number at a provider), or `did`.'),
    value: z.string(),
    primary: z.boolean().describe('The address that is written to.'),
    provider: z.string().nullable().describe('The sign-in provider that proved it; null where a mail did.'),
    provenAt: Time,
    undeliverable: z
      .boolean()
      .describe('Mails come back from there: none are sent until a code proves it again.'),
  })
  .meta({
    id: 'Identity',
    examples: [
      {
        id: '0190a7c2-5c1e-7d43-9a55-0c5a6e0b7f11',
        type: 'email',
        value: 'ann@school.example.org',
        primary: true,
        provider: 'eduid',
        provenAt: '2026-11-26T09:10:00.000Z',
        undeliverable: false,
      },
    ],
  })

export const Account = z
  .strictObject({ id: Id, language: Language, identities: z.array(Identity) })
  .meta({ id: 'Account' })
export const AccountChange = z
  .strictObject({
    language: Language.optional(),
    primaryIdentityId: Id.optional().describe('An e-mail address of the account.'),
  })
  .meta({ examples: [{ language: 'nl' }] })

export const AccountEvent = z
  .strictObject({
    id: Id,
    at: Time,
    action: z
      .string()
      .describe('`account.signed_in`, `identity.added`, `identity.removed`, `account.merged` …'),
    detail: z.record(z.string(), z.string()),
  })
  .meta({ id: 'AccountEvent' })

export const IdentityCodeRequest = z
  .strictObject({ email: Email, language: LanguageTag.default('en') })
  .meta({ examples: [{ email: 'ann@home.example.org', language: 'nl' }] })
const Code = z.string().regex(/^\d{8}$/, 'Eight digits')
export const IdentityProof = z
  .strictObject({ email: Email, code: Code })
  .meta({ examples: [{ email: 'ann@home.example.org', code: '04711200' }] })
export const ClaimProof = z.strictObject({ code: Code }).meta({ examples: [{ code: '04711200' }] })

export const MergeOffer = z
  .strictObject({
    id: Id.describe('Confirm it with `POST /v1/account/merges/{id}/confirm`.'),
    identity: z.strictObject({ type: z.string(), value: z.string() }).describe('What was proven.'),
    other: z
      .strictObject({ identities: z.int(), badges: z.int(), organisations: z.int() })
      .describe('What the other account has.'),
    expiresAt: Time,
  })
  .meta({
    id: 'MergeOffer',
    examples: [
      {
        id: '7f3f4c1e-7d0c-4a58-8f26-1f1d6b1f3a11',
        identity: { type: 'email', value: 'ann@school.example.org' },
        other: { identities: 1, badges: 3, organisations: 0 },
        expiresAt: '2026-11-26T09:25:00.000Z',
      },
    ],
  })
export const AddedIdentity = z
  .strictObject({
    outcome: z
      .enum(['added', 'already', 'merge-needed'])
      .describe('`merge-needed`: it belongs to another account, and nothing has changed.'),
    account: Account,
    merge: MergeOffer.nullable(),
  })
  .meta({ id: 'AddedIdentity' })

export const SignInResult = z
  .strictObject({
    outcome: z.enum(['signed-in', 'identity-added']),
    returnTo: z.string().describe('A path of this installation.'),
    added: z.array(z.strictObject({ type: z.string(), value: z.string() })),
    merges: z.array(MergeOffer).describe('Other accounts of the same person: nothing of them has changed.'),
  })
  .meta({
    id: 'SignInResult',
    examples: [{ outcome: 'signed-in', returnTo: '/', added: [], merges: [] }],
  })
