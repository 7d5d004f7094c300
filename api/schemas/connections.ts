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
  fetch: null,
}

const A_FETCH = {
  state: 'running' as const,
  since: null,
  done: 50,
  total: 120,
  created: 47,
  replaced: 0,
  known: 2,
  refused: { 'pushed-badge-invalid': 1 },
  error: null,
  createdAt: '2026-11-26T10:00:00Z',
  finishedAt: null,
}

export const HostFetch = z
  .strictObject({
    state: z.enum(['queued', 'running', 'done', 'failed', 'cancelled']),
    since: Time.nullable().describe('Only what was issued there after this moment; null: everything.'),
    done: z.int().describe('How many badges of the list were looked at.'),
    total: z.int().nullable().describe('How many there are, where the other side says that.'),
    created: z.int(),
    replaced: z.int().describe('A newer document took the place of the one that you had.'),
    known: z.int().describe('Those that you had already.'),
    refused: z.record(z.string(), z.int()).describe('Codes of problems, and how many badges they are about.'),
    error: z
      .strictObject({ code: z.string(), reason: z.string().nullable() })
      .nullable()
      .describe('Why it failed.'),
    createdAt: Time,
    finishedAt: Time.nullable(),
  })
  .meta({ id: 'HostFetch', examples: [A_FETCH] })

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
    fetchedAt: Time.nullable().describe('When a fetch was last done.'),
    fetch: HostFetch.nullable().describe('The last fetch of badges from there, open or over.'),
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
  .strictObject({
    everything: z
      .boolean()
      .optional()
      .describe('Also what was issued there before the last fetch, which is left out otherwise.'),
  })
  .meta({ id: 'FetchBadges', examples: [{ everything: true }] })

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
