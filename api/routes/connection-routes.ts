import * as z from 'zod'
import { defineRoute, type Route } from '#api/http/route.ts'
import { Id, listOf } from '#api/schemas/common.ts'
import {
  BegunConnection,
  ConnectionAnswer,
  ConnectionProfile,
  FetchBadges,
  FetchedBadges,
  HostConnection as HostConnectionSchema,
  NewConnection,
  PushBadge,
  PushedBadge,
} from '#api/schemas/connections.ts'
import { errors } from '#engine/errors/catalogue.ts'
import type { CredentialId, HostConnectionId } from '#engine/shared/ids.ts'
import { type Instant, parseInstant } from '#engine/shared/instant.ts'
import type { HostConnection } from '#services/ports/host-connection-store.ts'
import type { RouteNeeds } from './route-needs.ts'
import { timeOrNull } from './shown.ts'

const tags = ['backpack']
const access = 'session'
const IdParams = z.strictObject({ id: Id })
/** What the other side may bring about. */
const THERE = [errors.fetchRefused, errors.fetchFailed, errors.hostUnusable, errors.hostRefused]
const CONNECTED = [
  errors.notFound,
  errors.fetchRefused,
  errors.fetchFailed,
  errors.hostRefused,
  errors.hostConnectionLost,
  errors.hostScopeMissing,
]

/** Other backpacks and wallets that somebody connects theirs to, by the Open Badges API. */
export const connectionRoutes = ({ connectHosts }: RouteNeeds): readonly Route[] => [
  defineRoute({
    method: 'get',
    path: '/v1/connections',
    operationId: 'listConnections',
    tags,
    summary: 'The other backpacks and wallets that you have connected',
    access,
    responses: { 200: listOf(HostConnectionSchema) },
    handler: async ({ principal }) => ({
      status: 200,
      body: { items: (await connectHosts.list(principal)).map(showConnection) },
    }),
  }),
  defineRoute({
    method: 'post',
    path: '/v1/connections',
    operationId: 'beginConnection',
    tags,
    summary: 'Connect another backpack or wallet',
    description: [
      'Its service description is fetched and we register there as an application. Go to `authorizeUrl`, say yes, and finish',
      'with what your browser comes back with, within an hour. Its secrets are kept sealed.',
    ].join(' '),
    access,
    request: { body: NewConnection },
    responses: { 201: BegunConnection },
    problems: [...THERE, errors.tooManyConnections],
    handler: async ({ principal, body }) => {
      const { connection, url } = await connectHosts.begin(principal, body.url)
      return { status: 201, body: { connection: showConnection(connection), authorizeUrl: url } }
    },
  }),
  defineRoute({
    method: 'post',
    path: '/v1/connections/{id}/again',
    operationId: 'renewConnection',
    tags,
    summary: 'Say yes at the other backpack or wallet once more',
    description: 'For a connection that is lost, or was not finished. Until that is done it is `asked`.',
    access,
    request: { params: IdParams },
    responses: { 200: BegunConnection },
    problems: [errors.notFound, ...THERE],
    handler: async ({ principal, params }) => {
      const { connection, url } = await connectHosts.again(principal, params.id as HostConnectionId)
      return { status: 200, body: { connection: showConnection(connection), authorizeUrl: url } }
    },
  }),
  defineRoute({
    method: 'post',
    path: '/v1/connections/{id}/finish',
    operationId: 'finishConnection',
    tags,
    summary: 'Finish a connection with what the browser came back with',
    description: 'Once, and only by whoever began it: the code is traded for tokens, which are kept sealed.',
    access,
    request: { params: IdParams, body: ConnectionAnswer },
    responses: { 200: HostConnectionSchema },
    problems: [errors.connectionTripInvalid, errors.hostConnectionLost, ...THERE],
    handler: async ({ principal, params, body }) => ({
      status: 200,
      body: showConnection(await connectHosts.finish(principal, params.id as HostConnectionId, body.query)),
    }),
  }),
  defineRoute({
    method: 'post',
    path: '/v1/connections/{id}/fetch',
    operationId: 'fetchFromConnection',
    tags,
    summary: 'Fetch your badges from another backpack or wallet',
    description: [
      'Each is verified and kept among your badges from elsewhere, a newer document in the place of an older one. 250 at once at',
      'most. What is refused is counted under the code of its problem.',
    ].join(' '),
    access,
    request: { params: IdParams, body: FetchBadges },
    responses: { 200: FetchedBadges },
    problems: CONNECTED,
    handler: async ({ principal, params, body }) => {
      const since: Instant | undefined = body.since === undefined ? undefined : parseInstant(body.since)
      return { status: 200, body: await connectHosts.fetch(principal, params.id as HostConnectionId, since) }
    },
  }),
  defineRoute({
    method: 'post',
    path: '/v1/connections/{id}/push',
    operationId: 'pushToConnection',
    tags,
    summary: 'Send a badge of yours to another backpack or wallet',
    description: 'The signed document, whole, whatever its page shows to others.',
    access,
    request: { params: IdParams, body: PushBadge },
    responses: { 200: PushedBadge },
    problems: [...CONNECTED, errors.credentialNotSigned],
    handler: async ({ principal, params, body }) => ({
      status: 200,
      body: {
        outcome: await connectHosts.push(
          principal,
          params.id as HostConnectionId,
          body.credentialId as CredentialId,
        ),
      },
    }),
  }),
  defineRoute({
    method: 'get',
    path: '/v1/connections/{id}/profile',
    operationId: 'readConnectionProfile',
    tags,
    summary: 'Whom another backpack or wallet takes you for',
    description: 'What its `getProfile` answers. It is shown and not kept: it proves nothing about you here.',
    access,
    request: { params: IdParams },
    responses: { 200: ConnectionProfile },
    problems: CONNECTED,
    handler: async ({ principal, params }) => {
      const profile = await connectHosts.readProfile(principal, params.id as HostConnectionId)
      return { status: 200, body: { profile: profile ?? null } }
    },
  }),
  defineRoute({
    method: 'post',
    path: '/v1/connections/{id}/push-profile',
    operationId: 'pushProfileToConnection',
    tags,
    summary: 'Send your profile to another backpack or wallet',
    description: 'What `GET /ims/ob/v3p0/profile` answers of you.',
    access,
    request: { params: IdParams },
    responses: { 204: { empty: true } },
    problems: CONNECTED,
    handler: async ({ principal, params }) => {
      await connectHosts.pushProfile(principal, params.id as HostConnectionId)
      return { status: 204 }
    },
  }),
  defineRoute({
    method: 'delete',
    path: '/v1/connections/{id}',
    operationId: 'endConnection',
    tags,
    summary: 'Disconnect another backpack or wallet',
    description:
      'Its secrets are forgotten, and its tokens given back where it has a place for that. Badges that came from there stay.',
    access,
    request: { params: IdParams },
    responses: { 204: { empty: true } },
    problems: [errors.notFound],
    handler: async ({ principal, params }) => {
      await connectHosts.disconnect(principal, params.id as HostConnectionId)
      return { status: 204 }
    },
  }),
]

const showConnection = (connection: HostConnection): z.input<typeof HostConnectionSchema> => {
  const { id, name, baseUrl, state, scopes, connectedAt, fetchedAt } = connection
  return {
    id,
    name,
    url: baseUrl,
    // One that is ended is shown to nobody.
    state: state === 'ended' ? 'lost' : state,
    scopes: [...scopes],
    connectedAt: timeOrNull(connectedAt),
    fetchedAt: timeOrNull(fetchedAt),
  }
}
