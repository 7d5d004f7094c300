import type * as z from 'zod'
import { pageBody, pageRequest } from '#api/http/pagination.ts'
import { defineRoute, type Route } from '#api/http/route.ts'
import { OrganisationQuery, pageOf } from '#api/schemas/common.ts'
import {
  FactParams,
  NewNomination,
  Nomination,
  NominationQuery,
  NominationReceipt,
} from '#api/schemas/facts.ts'
import { errors } from '#engine/errors/catalogue.ts'
import type { AchievementId, NominationId, SubjectId } from '#engine/shared/ids.ts'
import { formatInstant } from '#engine/shared/instant.ts'
import { organisationFor } from '#services/access/authorise.ts'
import type { MadeNomination } from '#services/facts/nominate-peers.ts'
import type { Nomination as StoredNomination } from '#services/ports/nomination-store.ts'
import { readPerson } from './read-fact-rows.ts'
import type { RouteNeeds } from './route-needs.ts'
import { given, timeOrNull } from './shown.ts'

const tags = ['nominations']

export const nominationRoutes = ({ nominations }: RouteNeeds): readonly Route[] => [
  defineRoute({
    method: 'get',
    path: '/v1/nominations',
    operationId: 'listNominations',
    tags,
    summary: 'The nominations of an organisation, newest first, with the reasons given',
    access: { right: 'read' },
    request: { query: NominationQuery },
    responses: { 200: pageOf(Nomination) },
    handler: async ({ principal, query }) => {
      const organisationId = organisationFor(principal, query.organisation)
      const filter = given({
        subjectId: query.subjectId as SubjectId | undefined,
        achievementId: query.achievementId as AchievementId | undefined,
      })
      const page = await nominations.list(principal, organisationId, pageRequest(query), filter)
      return { status: 200, body: pageBody(page, showNomination) }
    },
  }),
  defineRoute({
    method: 'post',
    path: '/v1/nominations',
    operationId: 'nominate',
    tags,
    summary: 'Nominate somebody for an achievement',
    description: [
      'By a person who signed in: a member of the organisation, or somebody whom it knows;',
      'or by an organisation in the name of `nominator`, which takes the right to award.',
      'Nobody nominates themselves, and the same nomination counts once: making it again answers `already`.',
    ].join(' '),
    access: 'authenticated',
    request: { query: OrganisationQuery, body: NewNomination },
    responses: { 200: NominationReceipt, 201: NominationReceipt },
    problems: [
      errors.notFound,
      errors.nominationOfOneself,
      errors.factsInvalid,
      errors.noOrganisation,
      errors.organisationRequired,
      errors.forbidden,
    ],
    idempotent: true,
    handler: async ({ principal, query, body }) => {
      const { achievement, reason, nominator } = body
      if (principal.kind === 'session' && nominator === undefined) {
        const wanted = {
          achievement,
          subject: readPerson(body.subject, '/subject'),
          ...given({ reason }),
        }
        return receipt(await nominations.byAccount(principal, query.organisation, wanted))
      }
      const organisationId = organisationFor(principal, query.organisation)
      const wanted = {
        achievement,
        subject: readPerson(body.subject, '/subject'),
        nominator: readPerson(nominator ?? '', '/nominator'),
        ...given({ reason }),
      }
      return receipt(await nominations.onBehalf(principal, organisationId, wanted))
    },
  }),
  defineRoute({
    method: 'delete',
    path: '/v1/nominations/{id}',
    operationId: 'withdrawNomination',
    tags,
    summary: 'Withdraw a nomination, and erase the reason given',
    description: 'By whoever made it, or with the right to award.',
    access: 'authenticated',
    request: { params: FactParams, query: OrganisationQuery },
    responses: { 204: { empty: true } },
    problems: [errors.notFound, errors.noOrganisation, errors.organisationRequired, errors.forbidden],
    handler: async ({ principal, query, params }) => {
      await nominations.withdraw(principal, query.organisation, params.id as NominationId)
      return { status: 204 }
    },
  }),
]

const receipt = ({ nomination, isNew }: MadeNomination) => ({
  status: isNew ? (201 as const) : (200 as const),
  body: {
    id: nomination.id,
    outcome: isNew ? ('made' as const) : ('already' as const),
    nominatedAt: formatInstant(nomination.nominatedAt),
  },
})

const showNomination = (nomination: StoredNomination): z.input<typeof Nomination> => ({
  id: nomination.id,
  achievementId: nomination.achievementId,
  subjectId: nomination.subjectId,
  nominatorId: nomination.nominatorId,
  reason: nomination.reason ?? null,
  nominatedAt: formatInstant(nomination.nominatedAt),
  withdrawnAt: timeOrNull(nomination.withdrawnAt),
})
