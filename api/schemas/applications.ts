import * as z from 'zod'
import { Id, Time } from './common.ts'

const Scope = z.enum([
  'https://purl.imsglobal.org/spec/ob/v3p0/scope/credential.readonly',
  'https://purl.imsglobal.org/spec/ob/v3p0/scope/credential.upsert',
  'https://purl.imsglobal.org/spec/ob/v3p0/scope/profile.readonly',
  'https://purl.imsglobal.org/spec/ob/v3p0/scope/profile.update',
  'offline_access',
])

const Client = z
  .strictObject({
    name: z.string(),
    url: z.string().nullable(),
    termsUrl: z.string().nullable(),
    privacyUrl: z.string().nullable(),
  })
  .describe('As the application says of itself. Nobody has checked it, and its addresses were never fetched.')

const EXAMPLE_CLIENT = {
  name: 'Example Wallet',
  url: 'https://wallet.example.org',
  termsUrl: 'https://wallet.example.org/terms',
  privacyUrl: 'https://wallet.example.org/privacy',
}
const EXAMPLE_SCOPES = [
  'https://purl.imsglobal.org/spec/ob/v3p0/scope/credential.readonly',
  'offline_access',
] satisfies z.input<typeof Scope>[]

export const AccessRequest = z
  .strictObject({
    client: Client,
    returnsTo: z
      .string()
      .describe('The host to which the browser goes afterwards: what an application cannot make up.'),
    scopes: z.array(Scope),
    expiresAt: Time,
  })
  .meta({
    id: 'AccessRequest',
    examples: [
      {
        client: EXAMPLE_CLIENT,
        returnsTo: 'wallet.example.org',
        scopes: EXAMPLE_SCOPES,
        expiresAt: '2026-11-26T10:30:00Z',
      },
    ],
  })

export const AccessDecision = z
  .strictObject({ decision: z.enum(['allow', 'refuse']) })
  .meta({ id: 'AccessDecision', examples: [{ decision: 'allow' }] })

export const AccessDecided = z
  .strictObject({
    next: z.string().describe('Where the browser goes on to: it takes the answer to the application.'),
  })
  .meta({
    id: 'AccessDecided',
    examples: [{ next: 'https://badges.example.org/oauth/authorize/V1StGXR8Z5jdHi6B' }],
  })

export const ConnectedApplication = z
  .strictObject({
    id: Id,
    client: Client,
    scopes: z.array(Scope),
    since: Time,
    until: Time.describe('When it has to ask again.'),
  })
  .meta({
    id: 'ConnectedApplication',
    examples: [
      {
        id: '0197a2c0-0000-7000-8000-000000000001',
        client: EXAMPLE_CLIENT,
        scopes: EXAMPLE_SCOPES,
        since: '2026-11-26T10:00:00Z',
        until: '2027-11-26T10:00:00Z',
      },
    ],
  })
