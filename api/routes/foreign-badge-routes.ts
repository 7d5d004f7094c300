import * as z from 'zod'
import { defineRoute, type Route } from '#api/http/route.ts'
import { listOf, OrganisationQuery } from '#api/schemas/common.ts'
import { FactParams, ForeignBadge, ForeignBadgeQuery, SubjectParams } from '#api/schemas/facts.ts'
import { VerificationReport } from '#api/schemas/verification.ts'
import { errors } from '#engine/errors/catalogue.ts'
import type { ForeignBadgeId, SubjectId } from '#engine/shared/ids.ts'
import { formatInstant } from '#engine/shared/instant.ts'
import { organisationFor } from '#services/access/authorise.ts'
import type { ForeignBadge as StoredBadge } from '#services/ports/foreign-badge-store.ts'
import { BROUGHT_BADGE, broughtDocument } from './brought-badge.ts'
import type { RouteNeeds } from './route-needs.ts'
import { timeOrNull } from './shown.ts'
import { showReport } from './verification-view.ts'

const tags = ['foreign badges']

export const foreignBadgeRoutes = ({ foreignBadges }: RouteNeeds): readonly Route[] => [
  defineRoute({
    method: 'get',
    path: '/v1/subjects/{id}/foreign-badges',
    operationId: 'listForeignBadges',
    tags,
    summary: 'The badges of others that a person is known to hold',
    access: { right: 'read' },
    request: { params: SubjectParams, query: OrganisationQuery },
    responses: { 200: listOf(ForeignBadge) },
    problems: [errors.notFound],
    handler: async ({ principal, query, params }) => {
      const organisationId = organisationFor(principal, query.organisation)
      const all = await foreignBadges.list(principal, organisationId, params.id as SubjectId)
      return { status: 200, body: { items: all.map(showBadge) } }
    },
  }),
  defineRoute({
    method: 'post',
    path: '/v1/subjects/{id}/foreign-badges',
    operationId: 'bringForeignBadge',
    tags,
    summary: 'Record a badge that somebody else has signed',
    description: [
      'The file itself as body (a credential, a JWS, a baked PNG or SVG, a PDF with the badge attached), or JSON with `credential`.',
      'It is verified first, and counts only if everything holds. That it is about this person is for you to say: a badge',
      'may name its holder by a hash, by another address or not at all.',
      'Where this server does not know the issuer, name it with `?issuer=`; anybody can sign anything in their own name.',
    ].join(' '),
    access: { right: 'award' },
    request: {
      params: SubjectParams,
      query: ForeignBadgeQuery,
      ...BROUGHT_BADGE,
    },
    responses: { 200: ForeignBadge, 201: ForeignBadge },
    problems: [
      errors.notFound,
      errors.documentTooLarge,
      errors.documentUnreadable,
      errors.foreignBadgeInvalid,
      errors.foreignBadgeUndecided,
      errors.foreignBadgeIssuerUnknown,
      errors.foreignBadgeUnfit,
      errors.foreignBadgeTaken,
    ],
    idempotent: true,
    handler: async ({ principal, query, params, raw }) => {
      const brought = await foreignBadges.bring(
        principal,
        organisationFor(principal, query.organisation),
        params.id as SubjectId,
        broughtDocument(raw),
        query.issuer,
      )
      if (brought.kind === 'recorded') {
        const body = showBadge(brought.badge)
        return brought.isNew ? { status: 201, body } : { status: 200, body }
      }
      const report = showReport(brought.report)
      if (brought.kind === 'issuer-unknown')
        throw errors.foreignBadgeIssuerUnknown({ issuer: brought.issuer, report })
      throw brought.kind === 'invalid'
        ? errors.foreignBadgeInvalid({ report })
        : errors.foreignBadgeUndecided({ report })
    },
  }),
  defineRoute({
    method: 'post',
    path: '/v1/foreign-badges/{id}/recheck',
    operationId: 'recheckForeignBadge',
    tags,
    summary: 'Verify a recorded badge again',
    description:
      'One that was revoked or suspended since is taken back: rules decide as if it had never been there.',
    access: { right: 'award' },
    request: { params: FactParams, query: OrganisationQuery },
    responses: { 200: z.strictObject({ badge: ForeignBadge, report: VerificationReport }) },
    problems: [errors.notFound, errors.foreignBadgeUndecided],
    handler: async ({ principal, query, params }) => {
      const organisationId = organisationFor(principal, query.organisation)
      const rechecked = await foreignBadges.recheck(principal, organisationId, params.id as ForeignBadgeId)
      const report = showReport(rechecked.report)
      if (rechecked.kind === 'undecided') throw errors.foreignBadgeUndecided({ report })
      return { status: 200, body: { badge: showBadge(rechecked.badge), report } }
    },
  }),
]

const showBadge = (badge: StoredBadge): z.input<typeof ForeignBadge> => ({
  id: badge.id,
  subjectId: badge.subjectId,
  achievement: badge.achievement,
  issuer: badge.issuer,
  credential: badge.credential,
  validFrom: formatInstant(badge.validFrom),
  validUntil: timeOrNull(badge.validUntil),
  state: badge.takenBackAt === undefined ? 'held' : 'taken_back',
  recordedAt: formatInstant(badge.recordedAt),
  checkedAt: formatInstant(badge.checkedAt),
  eventId: badge.eventId,
})
