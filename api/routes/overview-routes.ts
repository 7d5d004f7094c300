import type * as z from 'zod'
import { pageBody, pageRequest } from '#api/http/pagination.ts'
import { defineRoute, type Route } from '#api/http/route.ts'
import { OrganisationQuery, PageQuery, pageOf } from '#api/schemas/common.ts'
import { Batch, Overview } from '#api/schemas/credentials.ts'
import { AuditEntry, Mail } from '#api/schemas/overview.ts'
import { toHex } from '#engine/shared/bytes.ts'
import { formatInstant } from '#engine/shared/instant.ts'
import { organisationFor } from '#services/access/authorise.ts'
import type { Batch as StoredBatch } from '#services/ports/anchoring-store.ts'
import type { RouteNeeds } from './route-needs.ts'
import { timeOrNull } from './shown.ts'

const tags = ['overview']

export const overviewRoutes = ({ overview }: RouteNeeds): readonly Route[] => [
  defineRoute({
    method: 'get',
    path: '/v1/overview',
    operationId: 'getOverview',
    tags,
    summary: 'An organisation at a glance',
    access: { right: 'read' },
    request: { query: OrganisationQuery },
    responses: { 200: Overview },
    handler: async ({ principal, query }) => {
      const { events, awards, claims, rules, notifications, batches, chain } = await overview.numbers(
        principal,
        organisationFor(principal, query.organisation),
      )
      return {
        status: 200,
        body: {
          events: { ...events },
          awards: { ...awards },
          claims: { ...claims },
          rules,
          notifications,
          batches: batches.map(showBatch),
          chain: { id: `eip155:${chain.chainId}`, contract: chain.contract, independent: chain.independent },
        },
      }
    },
  }),
  defineRoute({
    method: 'get',
    path: '/v1/batches',
    operationId: 'listBatches',
    tags,
    summary: 'The batches of an organisation, newest first',
    access: { right: 'read' },
    request: { query: PageQuery },
    responses: { 200: pageOf(Batch) },
    handler: async ({ principal, query }) => {
      const page = await overview.batches(
        principal,
        organisationFor(principal, query.organisation),
        pageRequest(query),
      )
      return { status: 200, body: pageBody(page, showBatch) }
    },
  }),
  defineRoute({
    method: 'get',
    path: '/v1/mail',
    operationId: 'listMail',
    tags,
    summary: 'The outbox, newest first',
    description:
      'The secrets of links are left out: they are for whom the mail was sent to. Where the product runs on this very machine without a mail server, the links of held mails are shown.',
    access: { right: 'administer' },
    request: { query: PageQuery },
    responses: { 200: pageOf(Mail) },
    handler: async ({ principal, query }) => {
      const organisationId = organisationFor(principal, query.organisation)
      const page = await overview.mail(principal, organisationId, pageRequest(query))
      return {
        status: 200,
        body: pageBody(page, ({ id, kind, to, subject, text, state, reason, createdAt }) => ({
          id,
          kind,
          to,
          subject,
          text,
          state,
          reason: reason ?? null,
          createdAt: formatInstant(createdAt),
        })),
      }
    },
  }),
  defineRoute({
    method: 'get',
    path: '/v1/audit',
    operationId: 'listAudit',
    tags,
    summary: 'Who did what, newest first',
    access: { right: 'administer' },
    request: { query: PageQuery },
    responses: { 200: pageOf(AuditEntry) },
    handler: async ({ principal, query }) => {
      const page = await overview.audit(
        principal,
        organisationFor(principal, query.organisation),
        pageRequest(query),
      )
      return {
        status: 200,
        body: pageBody(page, ({ id, at, actor, action, targetType, targetId, detail }) => ({
          id,
          at: formatInstant(at),
          actor,
          action,
          targetType,
          targetId: targetId ?? null,
          detail: detail === undefined ? null : { ...detail },
        })),
      }
    },
  }),
]

const showBatch = (batch: StoredBatch): z.input<typeof Batch> => ({
  id: batch.id,
  issuerId: batch.issuerId,
  sequence: batch.sequence,
  state: batch.state,
  root: toHex(batch.root),
  size: batch.size,
  realLeaves: batch.realLeaves,
  signer: batch.signer,
  chain: `eip155:${batch.chainId}`,
  contract: batch.contract,
  sealedAt: formatInstant(batch.sealedAt),
  blockNumber: batch.block?.number ?? null,
  blockTime: timeOrNull(batch.block?.time),
})
