import { pageBody, pageRequest } from '#api/http/pagination.ts'
import { defineRoute, type Route } from '#api/http/route.ts'
import { AwardChange } from '#api/schemas/award-changes.ts'
import { BlastRadius, NewRepair, RadiusCause } from '#api/schemas/blast-radius.ts'
import { OrganisationQuery, PageQuery } from '#api/schemas/common.ts'
import { errors } from '#engine/errors/catalogue.ts'
import type { AwardId } from '#engine/shared/ids.ts'
import { formatInstant } from '#engine/shared/instant.ts'
import { organisationFor } from '#services/access/authorise.ts'
import type { RestingAward } from '#services/awards/blast-radius.ts'
import type { RadiusCause as Cause } from '#services/ports/radius-store.ts'
import { showAwardChange } from './award-change-view.ts'
import type { RouteNeeds } from './route-needs.ts'
import { given } from './shown.ts'

const tags = ['award changes']

export const blastRadiusRoutes = ({ blastRadius }: RouteNeeds): readonly Route[] => [
  defineRoute({
    method: 'post',
    path: '/v1/blast-radius',
    operationId: 'lookAtBlastRadius',
    tags,
    summary: 'Every award that rests on an event, a source, a rule version, an assessor or a key',
    description:
      'With, for each, the events that its decision names, and whether it would stand without them: the history of the person is folded anew, with and without. Changes nothing. Newest first.',
    access: { right: 'read' },
    request: { query: PageQuery, body: RadiusCause },
    responses: { 200: BlastRadius },
    problems: [errors.notFound],
    handler: async ({ principal, query, body }) => {
      const organisationId = organisationFor(principal, query.organisation)
      const radius = await blastRadius.look(principal, organisationId, body as Cause, pageRequest(query))
      return {
        status: 200,
        body: {
          total: Object.values(radius.counts).reduce((sum, count) => sum + count, 0),
          byState: { ...radius.counts },
          ...pageBody(radius, showResting),
        },
      }
    },
  }),
  defineRoute({
    method: 'post',
    path: '/v1/blast-radius/repairs',
    operationId: 'prepareRepair',
    tags,
    summary: 'Prepare what is to become of everything that rests on it',
    description:
      'Revoke, sign anew or leave: by verdict, and of single awards otherwise. Nothing is done yet: look at the list, and confirm it as any other change of awards (`POST /v1/award-changes/{id}/confirm`). Awards to which it cannot be done are left out. At most 1,000 at once. Verdicts fold at most 50,000 events in one repair; of awards that are named, and where every verdict means the same, nothing is folded.',
    access: { right: 'award' },
    request: { query: OrganisationQuery, body: NewRepair },
    responses: { 201: AwardChange },
    problems: [errors.notFound, errors.awardSelection, errors.awardState, errors.repairTooLarge],
    idempotent: true,
    handler: async ({ principal, query, body }) => {
      const organisationId = organisationFor(principal, query.organisation)
      const prepared = await blastRadius.prepareRepair(principal, organisationId, {
        ...given({ reason: body.reason, note: body.note }),
        cause: body.about as Cause,
        perVerdict: { stands: 'leave', falls: 'leave', unknown: 'leave', ...body.perVerdict },
        perAward: new Map((body.awards ?? []).map(({ awardId, action }) => [awardId as AwardId, action])),
      })
      return { status: 201, body: showAwardChange(prepared) }
    },
  }),
]

const showResting = ({ award, events, verdict }: RestingAward) => ({
  awardId: award.id,
  achievementId: award.achievementId,
  subjectId: award.subjectId,
  state: award.state,
  revision: award.revision,
  grantedAt: formatInstant(award.grantedAt),
  ruleVersionId: award.byRule?.ruleVersionId ?? null,
  decisionId: award.byRule?.decisionId ?? null,
  events: [...events],
  verdict,
})
