import * as z from 'zod'
import { defineRoute, type Route } from '#api/http/route.ts'
import { Id, listOf } from '#api/schemas/common.ts'
import {
  BegunConnection,
  ConnectionAnswer,
  ConnectionProfile,
  FetchBadges,
  HostConnection as HostConnectionSchema,
  HostFetch as HostFetchSchema,
  NewConnection,
  PushBadge,
  PushedBadge,
} from '#api/schemas/connections.ts'
import { errors } from '#engine/errors/catalogue.ts'
import type { CredentialId, HostConnectionId } from '#engine/shared/ids.ts'
import { formatInstant } from '#engine/shared/instant.ts'
import type { HostConnection } from '#services/ports/host-connection-store.ts'
import type { HostFetch } from '#services/ports/host-fetch-store.ts'
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
export const connectionRoutes = ({ connectHosts, fetchBadges }: RouteNeeds): readonly Route[] => [
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
      body: {
        items: (await connectHosts.list(principal)).map(({ connection, fetch }) =>
          showConnection(connection, fetch),
        ),
      },
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
      'A worker does it, page by page: ask for the same path how far it is. Each badge is verified and kept among your badges',
      'from elsewhere, a newer document in the place of an older one. What is refused is counted under the code of its problem.',
      'After the first time only what is new is asked for. One that is open already is answered.',
    ].join(' '),
    access,
    request: { params: IdParams, body: FetchBadges },
    responses: { 202: HostFetchSchema },
    problems: [errors.notFound, errors.hostConnectionLost, errors.hostScopeMissing],
    handler: async ({ principal, params, body }) => ({
      status: 202,
      body: showFetch(
        await fetchBadges.start(principal.accountId, params.id as HostConnectionId, {
          everything: body.everything === true,
        }),
      ),
    }),
  }),
  defineRoute({
    method: 'get',
    path: '/v1/connections/{id}/fetch',
    operationId: 'getFetchFromConnection',
    tags,
    summary: 'How far the last fetch from another backpack or wallet is',
    description:
      'Open, or over: `refused` says why badges were not kept, `error` why a fetch came to no end.',
    access,
    request: { params: IdParams },
    responses: { 200: HostFetchSchema },
    problems: [errors.notFound],
    handler: async ({ principal, params }) => ({
      status: 200,
      body: showFetch(await fetchBadges.show(principal.accountId, params.id as HostConnectionId)),
    }),
  }),
  defineRoute({
    method: 'delete',
    path: '/v1/connections/{id}/fetch',
    operationId: 'cancelFetchFromConnection',
    tags,
    summary: 'Stop a fetch from another backpack or wallet',
    description: 'After the badge that is being looked at. What was kept stays.',
    access,
    request: { params: IdParams },
    responses: { 204: { empty: true } },
    problems: [errors.notFound],
    handler: async ({ principal, params }) => {
      await fetchBadges.cancel(principal.accountId, params.id as HostConnectionId)
      return { status: 204 }
    },
  }),
  defineRoute({
    method: 'post',
    path: '/v1/connections/{id}/push',
    operationId: 'pushToConnection',
    tags,
    summary: 'Send a badge of yours to another backpack or wallet',
    description:
      'One that you have claimed, and that stands. The signed document goes, whole, whatever its page shows to others.',
    access,
    request: { params: IdParams, body: PushBadge },
    responses: { 200: PushedBadge },
    problems: [...CONNECTED, errors.credentialNotSigned, errors.badgeEnded],
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

const showConnection = (
  connection: HostConnection,
  fetch?: HostFetch,
): z.input<typeof HostConnectionSchema> => {
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
    fetch: fetch === undefined ? null : showFetch(fetch),
  }
}

function showFetch(fetch: HostFetch): z.input<typeof HostFetchSchema> {
  const { state, since, created, replaced, known, refused, total, createdAt } = fetch
  return {
    state,
    since: timeOrNull(since),
    done: fetch.nextOffset,
    total: total ?? null,
    ...{ created, replaced, known, refused },
    error: fetch.state === 'failed' ? { code: fetch.error.code, reason: fetch.error.reason ?? null } : null,
    createdAt: formatInstant(createdAt),
    finishedAt: 'finishedAt' in fetch ? formatInstant(fetch.finishedAt) : null,
  }
}
