import * as z from 'zod'
import { Id, Time } from './common.ts'

const EXAMPLE = {
  id: '0197a2c0-0000-4000-8000-000000000001',
  name: 'Example Backpack',
  url: 'https://backpack.example.org/ims/ob/v3p0',
  state: 'connected' as const,
  scopes: ['https://purl.imsglobal.org/spec/ob/v3p0/scope/credential.readonly', 'offline_access'],
  connectedAt: '2026-11-26T10:00:00Z',
  fetchedAt: null,
}

export const HostConnection = z
  .strictObject({
    id: Id,
    name: z.string().describe('What the other backpack or wallet calls itself.'),
    url: z.string().describe('Where its API stands.'),
    state: z
      .enum(['asked', 'connected', 'lost'])
      .describe(
        '`asked`: you have not said yes there yet. `lost`: it honours the connection no more; connect again.',
      ),
    scopes: z.array(z.string()).describe('What it granted.'),
    connectedAt: Time.nullable(),
    fetchedAt: Time.nullable(),
  })
  .meta({ id: 'HostConnection', examples: [EXAMPLE] })

export const NewConnection = z
  .strictObject({
    url: z
      .string()
      .max(2000)
      .describe('The address of the other backpack or wallet, or of its API (`…/ims/ob/v3p0`).'),
  })
  .meta({ id: 'NewConnection', examples: [{ url: 'https://backpack.example.org' }] })

export const BegunConnection = z
  .strictObject({
    connection: HostConnection,
    authorizeUrl: z.string().describe('Where your browser goes, to say yes there.'),
  })
  .meta({
    id: 'BegunConnection',
    examples: [
      {
        connection: { ...EXAMPLE, state: 'asked' as const, scopes: [], connectedAt: null },
        authorizeUrl: 'https://backpack.example.org/oauth/authorize?client_id=example',
      },
    ],
  })

export const ConnectionAnswer = z
  .strictObject({ query: z.string().max(4000).describe('What your browser came back with, behind the `?`.') })
  .meta({ id: 'ConnectionAnswer', examples: [{ query: 'code=example&state=example' }] })

export const FetchBadges = z
  .strictObject({ since: Time.optional().describe('Only what was issued there after this moment.') })
  .meta({ id: 'FetchBadges', examples: [{ since: '2026-01-01T00:00:00Z' }] })

export const FetchedBadges = z
  .strictObject({
    created: z.int(),
    replaced: z.int(),
    kept: z.int().describe('Those that you had already.'),
    refused: z.record(z.string(), z.int()).describe('Codes of problems, and how many badges they are about.'),
    more: z.boolean().describe('There is more than is fetched at once (250): name a `since`.'),
  })
  .meta({
    id: 'FetchedBadges',
    examples: [{ created: 3, replaced: 0, kept: 2, refused: { 'pushed-badge-invalid': 1 }, more: false }],
  })

export const ConnectionProfile = z
  .strictObject({
    profile: z
      .record(z.string(), z.unknown())
      .nullable()
      .describe('A Profile of Open Badges 3.0 as the other side wrote it, or null where it has none.'),
  })
  .meta({
    id: 'ConnectionProfile',
    examples: [
      { profile: { id: 'urn:uuid:0197a2c0-0000-4000-8000-000000000002', type: ['Profile'], name: 'Ann' } },
    ],
  })

export const PushBadge = z
  .strictObject({ credentialId: Id })
  .meta({ id: 'PushBadge', examples: [{ credentialId: '0197a2c0-0000-7000-8000-000000000001' }] })

export const PushedBadge = z
  .strictObject({
    outcome: z
      .enum(['created', 'replaced', 'older'])
      .describe('`older`: the other one has a newer document of this badge, and kept that.'),
  })
  .meta({ id: 'PushedBadge', examples: [{ outcome: 'created' }] })
