import { versionTag } from '#api/http/etag.ts'
import { pageBody, pageRequest } from '#api/http/pagination.ts'
import { defineRoute, type Route } from '#api/http/route.ts'
import { listOf, pageOf } from '#api/schemas/common.ts'
import {
  DeliveryParams,
  DeliveryQuery,
  NewWebhook,
  Replayed,
  ReplaySince,
  SecretRotation,
  Webhook,
  WebhookChange,
  WebhookDelivery,
  WebhookDeliveryDetail,
  WebhookEventType,
  WebhookParams,
  WebhookQuery,
  WebhookWithSecret,
} from '#api/schemas/webhooks.ts'
import { errors } from '#engine/errors/catalogue.ts'
import { SECOND_MS } from '#engine/shared/duration.ts'
import type { UnitId, WebhookDeliveryId, WebhookId } from '#engine/shared/ids.ts'
import { asInstant } from '#engine/shared/instant.ts'
import { WEBHOOK_EVENT_TYPES } from '#engine/webhooks/webhook-event-types.ts'
import { organisationFor } from '#services/access/authorise.ts'
import type { RouteNeeds } from './route-needs.ts'
import { given, readTime } from './shown.ts'
import { showDelivery, showDeliveryDetail, showWebhook } from './webhook-view.ts'

const tags = ['webhooks']
const access = { right: 'administer' } as const

export const webhookRoutes = ({ webhooks }: RouteNeeds): readonly Route[] => [
  defineRoute({
    method: 'get',
    path: '/v1/webhook-event-types',
    operationId: 'listWebhookEventTypes',
    tags,
    summary: 'What endpoints can be told of',
    description:
      'A family is asked for as `award.*`, everything as `*`. Types come along; none changes its meaning.',
    access: 'authenticated',
    responses: { 200: listOf(WebhookEventType) },
    handler: () => ({
      status: 200,
      body: {
        items: Object.entries(WEBHOOK_EVENT_TYPES).map(([type, description]) => ({ type, description })),
      },
    }),
  }),
  defineRoute({
    method: 'get',
    path: '/v1/webhooks',
    operationId: 'listWebhooks',
    tags,
    summary: 'The endpoints that are told what happens',
    description: 'Those on units that the caller administers, newest first.',
    access,
    request: { query: WebhookQuery },
    responses: { 200: listOf(Webhook) },
    handler: async ({ principal, query }) => {
      const all = await webhooks.list(principal, organisationFor(principal, query.organisation))
      return { status: 200, body: { items: all.map(showWebhook) } }
    },
  }),
  defineRoute({
    method: 'post',
    path: '/v1/webhooks',
    operationId: 'createWebhook',
    tags,
    summary: 'Have a server told what happens',
    description:
      'Messages are signed as Standard Webhooks says, with the secret that is shown this once. See docs/webhooks.md.',
    access,
    request: { query: WebhookQuery, body: NewWebhook },
    responses: { 201: WebhookWithSecret },
    problems: [
      errors.notFound,
      errors.webhookUrlRefused,
      errors.webhookEventTypeUnknown,
      errors.webhookLimit,
    ],
    idempotent: { secrets: ['secret'] },
    handler: async ({ principal, query, body }) => {
      const { webhook, text } = await webhooks.create(
        principal,
        organisationFor(principal, query.organisation),
        given({ ...body, unitId: body.unitId as UnitId | undefined }),
      )
      return { status: 201, body: { webhook: showWebhook(webhook), secret: text } }
    },
  }),
  defineRoute({
    method: 'get',
    path: '/v1/webhooks/{id}',
    operationId: 'getWebhook',
    tags,
    summary: 'One endpoint',
    access,
    request: { params: WebhookParams, query: WebhookQuery },
    responses: { 200: Webhook },
    problems: [errors.notFound],
    handler: async ({ principal, query, params }) => {
      const organisationId = organisationFor(principal, query.organisation)
      const found = await webhooks.find(principal, organisationId, params.id as WebhookId)
      return { status: 200, body: showWebhook(found), headers: { ETag: versionTag(found.revision) } }
    },
  }),
  defineRoute({
    method: 'patch',
    path: '/v1/webhooks/{id}',
    operationId: 'changeWebhook',
    tags,
    summary: 'Change, enable or disable an endpoint',
    access,
    request: { params: WebhookParams, query: WebhookQuery, body: WebhookChange },
    responses: { 200: Webhook },
    problems: [errors.notFound, errors.webhookUrlRefused, errors.webhookEventTypeUnknown],
    ifMatch: true,
    handler: async ({ principal, query, params, body, expectedVersion }) => {
      const changed = await webhooks.change(
        principal,
        organisationFor(principal, query.organisation),
        params.id as WebhookId,
        expectedVersion,
        given(body),
      )
      return { status: 200, body: showWebhook(changed), headers: { ETag: versionTag(changed.revision) } }
    },
  }),
  defineRoute({
    method: 'delete',
    path: '/v1/webhooks/{id}',
    operationId: 'deleteWebhook',
    tags,
    summary: 'End an endpoint for good',
    description: 'What waits for it is not sent, and its log can no longer be read.',
    access,
    request: { params: WebhookParams, query: WebhookQuery },
    responses: { 204: { empty: true } },
    problems: [errors.notFound],
    ifMatch: 'optional',
    handler: async ({ principal, query, params, expectedVersion: seen }) => {
      const organisationId = organisationFor(principal, query.organisation)
      await webhooks.delete(principal, organisationId, params.id as WebhookId, seen)
      return { status: 204 }
    },
  }),
  defineRoute({
    method: 'post',
    path: '/v1/webhooks/{id}/rotate-secret',
    operationId: 'rotateWebhookSecret',
    tags,
    summary: 'Give an endpoint a new secret',
    description: 'For a day, or as long as is said, every message bears a signature by each of the two.',
    access,
    request: { params: WebhookParams, query: WebhookQuery, body: SecretRotation.optional() },
    responses: { 200: WebhookWithSecret },
    problems: [errors.notFound],
    idempotent: { secrets: ['secret'] },
    ifMatch: 'optional',
    handler: async ({ principal, query, params, body, expectedVersion: seen }) => {
      const { webhook, text } = await webhooks.rotateSecret(
        principal,
        organisationFor(principal, query.organisation),
        params.id as WebhookId,
        given({ overlapMs: (body ?? SecretRotation.parse({})).overlapSeconds * SECOND_MS, seen }),
      )
      return { status: 200, body: { webhook: showWebhook(webhook), secret: text } }
    },
  }),
  defineRoute({
    method: 'post',
    path: '/v1/webhooks/{id}/test',
    operationId: 'testWebhook',
    tags,
    summary: 'Send an endpoint a test',
    description: 'A `webhook.test`, whatever it listens to. The delivery tells what came of it.',
    access,
    request: { params: WebhookParams, query: WebhookQuery },
    responses: { 202: WebhookDelivery },
    problems: [errors.notFound, errors.webhookDisabled],
    ifMatch: 'optional',
    handler: async ({ principal, query, params, expectedVersion: seen }) => {
      const organisationId = organisationFor(principal, query.organisation)
      const delivery = await webhooks.test(principal, organisationId, params.id as WebhookId, seen)
      return { status: 202, body: showDelivery(delivery) }
    },
  }),
  defineRoute({
    method: 'get',
    path: '/v1/webhooks/{id}/deliveries',
    operationId: 'listWebhookDeliveries',
    tags,
    summary: 'What an endpoint was told, newest first',
    description: 'Kept for 30 days.',
    access,
    request: { params: WebhookParams, query: DeliveryQuery },
    responses: { 200: pageOf(WebhookDelivery) },
    problems: [errors.notFound],
    handler: async ({ principal, query, params }) => {
      const page = await webhooks.deliveries(
        principal,
        organisationFor(principal, query.organisation),
        params.id as WebhookId,
        pageRequest(query),
        given({ state: query.state }),
      )
      return { status: 200, body: pageBody(page, showDelivery) }
    },
  }),
  defineRoute({
    method: 'post',
    path: '/v1/webhooks/{id}/deliveries/replay',
    operationId: 'replayWebhookDeliveries',
    tags,
    summary: 'Send again what did not arrive since a moment',
    description:
      'What failed, and what was skipped while the endpoint was disabled, each with the id that it had.',
    access,
    request: { params: WebhookParams, query: WebhookQuery, body: ReplaySince },
    responses: { 202: Replayed },
    problems: [errors.notFound, errors.webhookDisabled],
    handler: async ({ principal, query, params, body }) => {
      const replayed = await webhooks.replaySince(
        principal,
        organisationFor(principal, query.organisation),
        params.id as WebhookId,
        readTime(body.since, '/since') ?? asInstant(0),
      )
      return { status: 202, body: { replayed } }
    },
  }),
  defineRoute({
    method: 'get',
    path: '/v1/webhooks/{id}/deliveries/{deliveryId}',
    operationId: 'getWebhookDelivery',
    tags,
    summary: 'One delivery: what is sent, and how each attempt went',
    access,
    request: { params: DeliveryParams, query: WebhookQuery },
    responses: { 200: WebhookDeliveryDetail },
    problems: [errors.notFound],
    handler: async ({ principal, query, params }) => {
      const { delivery, attempts } = await webhooks.delivery(
        principal,
        organisationFor(principal, query.organisation),
        params.id as WebhookId,
        params.deliveryId as WebhookDeliveryId,
      )
      return { status: 200, body: showDeliveryDetail(delivery, attempts) }
    },
  }),
  defineRoute({
    method: 'post',
    path: '/v1/webhooks/{id}/deliveries/{deliveryId}/replay',
    operationId: 'replayWebhookDelivery',
    tags,
    summary: 'Send one delivery again',
    description: 'From the first attempt on, with the id that it had. One that waits is attempted now.',
    access,
    request: { params: DeliveryParams, query: WebhookQuery },
    responses: { 202: WebhookDelivery },
    problems: [errors.notFound, errors.webhookDisabled],
    handler: async ({ principal, query, params }) => {
      const delivery = await webhooks.replay(
        principal,
        organisationFor(principal, query.organisation),
        params.id as WebhookId,
        params.deliveryId as WebhookDeliveryId,
      )
      return { status: 202, body: showDelivery(delivery) }
    },
  }),
]
