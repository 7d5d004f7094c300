import { Registry } from 'prom-client'
import * as z from 'zod'
import type { Authenticate } from '#api/http/authentication.ts'
import { versionTag } from '#api/http/etag.ts'
import { defaultHttpLimits, type HttpLimits } from '#api/http/http-limits.ts'
import { pageBody, pageRequest } from '#api/http/pagination.ts'
import { defineRoute, type Route } from '#api/http/route.ts'
import { createHttpServer, type HttpServerNeeds } from '#api/http/server.ts'
import type { Principal } from '#engine/access/rights.ts'
import { errors } from '#engine/errors/catalogue.ts'
import type { AccountId, KeyId, OrganisationId, UnitId } from '#engine/shared/ids.ts'
import type { Log } from '#services/ports/log.ts'
import { fakeIdempotencyStore } from './fake-idempotency-store.ts'

const Thing = z.object({
  id: z.uuid(),
  name: z.string(),
  tags: z.array(z.string()),
  secret: z.string().nullable(),
})

const NewThing = z.strictObject({
  name: z.string().min(1),
  tags: z.array(z.string()).default([]),
  shape: z
    .discriminatedUnion('kind', [
      z.strictObject({ kind: z.literal('round'), radius: z.number().positive() }),
      z.strictObject({ kind: z.literal('square'), side: z.int() }),
    ])
    .optional(),
  free: z.record(z.string(), z.unknown()).optional(),
})

export const PUBLIC_URL = 'http://badges.example'
const THING_ID = '11111111-1111-4111-8111-111111111111'

export interface Sample {
  /** How often the creating handler ran. */
  created: number
  /** What the creating handler waits for. */
  gate: Promise<void>
}

function sampleRoutes(sample: Sample): readonly Route[] {
  return [
    defineRoute({
      method: 'post',
      path: '/v1/things',
      operationId: 'createThing',
      tags: ['things'],
      summary: 'Make a thing',
      access: { right: 'create' },
      request: { body: NewThing },
      responses: { 201: { schema: Thing, headers: { Location: 'Where it is' } } },
      problems: [errors.alreadyExists],
      idempotent: { secrets: ['secret'] },
      handler: async ({ body }) => {
        await sample.gate
        if (body.name === 'taken') throw errors.alreadyExists({ what: 'thing' })
        sample.created += 1
        const id = crypto.randomUUID()
        const leak = { hidden: 'never shown' }
        return {
          status: 201,
          body: { ...leak, id, name: body.name, tags: body.tags, secret: 'shown once' },
          headers: { Location: `/v1/things/${id}` },
        }
      },
    }),
    defineRoute({
      method: 'get',
      path: '/v1/things',
      operationId: 'listThings',
      tags: ['things'],
      summary: 'List things',
      access: 'authenticated',
      request: {
        query: z.object({
          limit: z.coerce.number().int().min(1).max(100).default(25),
          cursor: z.string().max(200).optional(),
          tag: z.array(z.string()).optional(),
        }),
      },
      responses: {
        200: z.object({
          items: z.array(z.object({ n: z.int() })),
          next: z.string().nullable(),
          tags: z.array(z.string()),
        }),
      },
      handler: ({ query }) => {
        const { limit, after } = pageRequest(query)
        const from = after?.at ?? 0
        const items = Array.from({ length: limit }, (_, at) => from + at)
        const page = pageBody({ items, next: { at: from + limit, id: THING_ID } }, (n) => ({ n }))
        return { status: 200, body: { ...page, tags: query.tag ?? [] } }
      },
    }),
    defineRoute({
      method: 'put',
      path: '/v1/things/{id}',
      operationId: 'changeThing',
      tags: ['things'],
      summary: 'Change a thing',
      access: { right: 'update' },
      request: { params: z.object({ id: z.uuid() }), body: z.strictObject({ name: z.string() }) },
      responses: { 200: z.object({ version: z.int() }) },
      ifMatch: true,
      handler: ({ expectedVersion }) => {
        if (expectedVersion !== 3) throw errors.preconditionFailed({ current: 3 })
        return { status: 200, body: { version: 4 }, headers: { ETag: versionTag(4) } }
      },
    }),
    defineRoute({
      method: 'get',
      path: '/v1/things/{id}',
      operationId: 'getThing',
      tags: ['things'],
      summary: 'See a thing',
      access: 'authenticated',
      request: { params: z.object({ id: z.uuid() }) },
      responses: { 200: z.object({ id: z.uuid() }) },
      problems: [errors.notFound],
      handler: ({ params }) => {
        if (params.id !== THING_ID) throw errors.notFound({ what: 'thing', id: params.id })
        return { status: 200, body: { id: params.id }, headers: { ETag: versionTag(3) } }
      },
    }),
    defineRoute({
      method: 'get',
      path: '/v1/things/broken',
      operationId: 'breakThing',
      tags: ['things'],
      summary: 'Break',
      access: 'public',
      responses: { 200: z.object({ n: z.int() }) },
      handler: () => {
        throw new TypeError('the database password is hunter2')
      },
    }),
    defineRoute({
      method: 'get',
      path: '/v1/things/unfit',
      operationId: 'answerUnfit',
      tags: ['things'],
      summary: 'Answer what the schema refuses',
      access: 'public',
      responses: { 200: z.object({ n: z.int() }) },
      handler: () => ({ status: 200, body: { n: 0.5 } }),
    }),
    defineRoute({
      method: 'get',
      path: '/badges/{slug}',
      operationId: 'getBadge',
      tags: ['things'],
      summary: 'A page and its data',
      access: 'public',
      request: { params: z.object({ slug: z.string() }) },
      responses: { 200: { bytes: ['application/ld+json'], holds: z.looseObject({ id: z.string() }) } },
      cacheSeconds: 60,
      anyOrigin: true,
      page: true,
      handler: ({ params }) => ({
        status: 200,
        bytes: Buffer.from(`{"id":"${encodeURIComponent(params.slug)}","b":1.0}`),
        mediaType: 'application/ld+json',
      }),
    }),
    defineRoute({
      method: 'post',
      path: '/v1/verify',
      operationId: 'verify',
      tags: ['things'],
      summary: 'Take several kinds of body',
      access: 'public',
      request: { body: z.looseObject({}), bodyKinds: ['json', 'vc', 'text', 'png'], bodyLimit: 'document' },
      responses: { 200: z.object({ kind: z.string(), length: z.int(), members: z.array(z.string()) }) },
      handler: ({ raw, body }) => ({
        status: 200,
        body: { kind: raw.kind, length: raw.bytes.length, members: Object.keys(body ?? {}) },
      }),
    }),
    defineRoute({
      method: 'get',
      path: '/v1/me',
      operationId: 'whoAmI',
      tags: ['things'],
      summary: 'The person who signed in',
      access: 'session',
      responses: { 200: z.object({ account: z.string() }) },
      handler: ({ principal }) => ({ status: 200, body: { account: principal.accountId } }),
    }),
  ]
}

const ORGANISATION = '22222222-2222-4222-8222-222222222222' as OrganisationId
const grant = (...rights: readonly ('create' | 'read' | 'update')[]) => [
  { organisationId: ORGANISATION, unitId: '33333333-3333-4333-8333-333333333333' as UnitId, rights },
]

const principals: Readonly<Record<string, Principal>> = {
  'full-key': {
    kind: 'api-key',
    keyId: '44444444-4444-4444-8444-444444444444' as KeyId,
    organisationId: ORGANISATION,
    grants: grant('create', 'read', 'update'),
  },
  'reading-key': {
    kind: 'api-key',
    keyId: '55555555-5555-4555-8555-555555555555' as KeyId,
    organisationId: ORGANISATION,
    grants: grant('read'),
  },
  'good-session': {
    kind: 'session',
    accountId: '66666666-6666-4666-8666-666666666666' as AccountId,
    sessionId: '77777777-7777-4777-8777-777777777777',
    grants: grant('create'),
  },
}

const authenticate: Authenticate = async ({ bearer, basic, session }) =>
  principals[bearer ?? basic?.password ?? session ?? '']

export interface LoggedLine {
  readonly level: string
  readonly event: string
  readonly fields: Record<string, unknown>
}

const rememberingLog = (lines: LoggedLine[]): Log => {
  const at =
    (level: string) =>
    (event: string, fields: Record<string, unknown> = {}) => {
      lines.push({ level, event, fields })
    }
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') }
}

export const roomyLimits: HttpLimits = {
  ...defaultHttpLimits,
  rate: { perPrincipal: 100_000, perAddress: 100_000, wrongCredentials: 100_000, registrations: 100_000 },
}

/** A small API of things on a real socket. */
export async function startSampleApi(overrides: Partial<HttpServerNeeds> = {}) {
  const sample: Sample = { created: 0, gate: Promise.resolve() }
  const lines: LoggedLine[] = []
  const routes = sampleRoutes(sample)
  const server = createHttpServer({
    routes,
    authenticate,
    idempotency: fakeIdempotencyStore(),
    log: rememberingLog(lines),
    publicUrl: PUBLIC_URL,
    version: '0.0.0-sample',
    limits: roomyLimits,
    metrics: { registry: new Registry() },
    ...overrides,
  })
  const { port } = await server.listen(0, '127.0.0.1')
  const url = `http://127.0.0.1:${port}`
  const call = (path: string, init: RequestInit = {}) =>
    fetch(`${url}${path}`, { redirect: 'manual', ...init })
  return { ...server, routes, sample, lines, port, url, call, close: () => server.close() }
}

export type SampleApi = Awaited<ReturnType<typeof startSampleApi>>

export const withKey = { authorization: 'Bearer full-key' }
export const asJson = { 'content-type': 'application/json' }

/** Posts to the creating route with a good key. */
export const post = (api: SampleApi, body: string | Uint8Array, headers: Record<string, string> = {}) =>
  api.call('/v1/things', {
    method: 'POST',
    body: body as BodyInit,
    headers: { ...withKey, ...asJson, ...headers },
  })

/** The problem in an answer, after the checks that hold for every problem. */
export async function problemIn(response: Response) {
  if (response.headers.get('content-type') !== 'application/problem+json')
    throw new Error(`Expected a problem, got ${response.status} ${await response.text()}.`)
  const problem = (await response.json()) as {
    type: string
    status: number
    code: string
    detail: string
    instance: string
    retry: boolean
    parameters: Record<string, unknown>
    errors?: readonly { in: string; pointer: string; code: string }[]
  }
  if (problem.status !== response.status || problem.type !== `${PUBLIC_URL}/problems/${problem.code}`)
    throw new Error(`A problem that contradicts itself: ${JSON.stringify(problem)}.`)
  return problem
}
