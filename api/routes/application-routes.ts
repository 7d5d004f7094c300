import type { IncomingHttpHeaders } from 'node:http'
import { parseCookie } from 'cookie'
import * as z from 'zod'
import { defineRoute, type Route } from '#api/http/route.ts'
import {
  AccessDecided,
  AccessDecision,
  AccessRequest,
  ConnectedApplication,
} from '#api/schemas/applications.ts'
import { Id, listOf } from '#api/schemas/common.ts'
import { errors } from '#engine/errors/catalogue.ts'
import { formatInstant } from '#engine/shared/instant.ts'
import {
  type AccessRequest as Asked,
  type ClientSaid,
  CONNECT_COOKIE,
} from '#services/ports/authorization-server.ts'
import type { RouteNeeds } from './route-needs.ts'

const tags = ['account']
const access = 'session'
const UidParams = z.strictObject({ uid: z.string().regex(/^[\w-]{1,64}$/) })
const IdParams = z.strictObject({ id: Id })

/** Applications that somebody lets reach their backpack through the Open Badges API. */
export const applicationRoutes = ({ applications }: RouteNeeds): readonly Route[] => [
  defineRoute({
    method: 'get',
    path: '/connect/{uid}',
    operationId: 'getAccessRequest',
    tags,
    summary: 'What an application asks to be let into',
    description:
      'The authorization server sends the browser of whoever is asked here. Only that browser can read it and answer.',
    access,
    page: true,
    request: { params: UidParams },
    responses: { 200: AccessRequest },
    problems: [errors.accessRequestOver],
    handler: async ({ params, rawHeaders }) => {
      assertAskedHere(params.uid, rawHeaders)
      return { status: 200, body: showRequest(await applications.request(params.uid)) }
    },
  }),
  defineRoute({
    method: 'post',
    path: '/connect/{uid}',
    operationId: 'answerAccessRequest',
    tags,
    summary: 'Let an application in, or not',
    description: 'What is granted is what was asked, for one year at most, until it is withdrawn.',
    access,
    request: { params: UidParams, body: AccessDecision },
    responses: { 200: AccessDecided },
    problems: [errors.accessRequestOver],
    handler: async ({ principal, params, body, rawHeaders }) => {
      assertAskedHere(params.uid, rawHeaders)
      return { status: 200, body: { next: await applications[body.decision](principal, params.uid) } }
    },
  }),
  defineRoute({
    method: 'get',
    path: '/v1/applications',
    operationId: 'listApplications',
    tags,
    summary: 'The applications that reach your backpack',
    description: 'The last let in first. One that was let in several times stands there once.',
    access,
    responses: { 200: listOf(ConnectedApplication) },
    handler: async ({ principal }) => ({
      status: 200,
      body: {
        items: (await applications.list(principal)).map(({ id, client, scopes, since, until }) => ({
          id,
          client: showClient(client),
          scopes: [...scopes],
          since: formatInstant(since),
          until: formatInstant(until),
        })),
      },
    }),
  }),
  defineRoute({
    method: 'delete',
    path: '/v1/applications/{id}',
    operationId: 'withdrawApplication',
    tags,
    summary: 'Let an application in no longer',
    description: 'All its tokens end at once. What it has read it may have kept.',
    access,
    request: { params: IdParams },
    responses: { 204: { empty: true } },
    problems: [errors.notFound],
    handler: async ({ principal, params }) => {
      await applications.withdraw(principal, params.id)
      return { status: 204 }
    },
  }),
]

/** Somebody else's request must not be answered by whoever is lured to its page. Refuses with access-request-over. */
function assertAskedHere(uid: string, { cookie }: IncomingHttpHeaders): void {
  if (cookie === undefined || parseCookie(cookie)[CONNECT_COOKIE] !== uid) throw errors.accessRequestOver({})
}

const showRequest = ({ client, returnsTo, scopes, expiresAt }: Asked): z.input<typeof AccessRequest> => ({
  client: showClient(client),
  returnsTo: new URL(returnsTo).host,
  scopes: [...scopes],
  expiresAt: formatInstant(expiresAt),
})

const showClient = ({ name, url, termsUrl, privacyUrl }: ClientSaid) => ({
  name,
  url: url ?? null,
  termsUrl: termsUrl ?? null,
  privacyUrl: privacyUrl ?? null,
})
