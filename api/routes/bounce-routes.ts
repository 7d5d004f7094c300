import { defineRoute, type Route } from '#api/http/route.ts'
import { TakenBounces } from '#api/schemas/bounces.ts'
import { OrganisationQuery } from '#api/schemas/common.ts'
import { errors } from '#engine/errors/catalogue.ts'
import { organisationFor } from '#services/access/authorise.ts'
import type { RouteNeeds } from './route-needs.ts'

export const bounceRoutes = ({ bounces }: RouteNeeds): readonly Route[] => [
  defineRoute({
    method: 'post',
    path: '/v1/mail/bounces',
    operationId: 'takeBounce',
    tags: ['notifications'],
    summary: 'Hand in what a mail server sent back',
    description:
      'The whole mail as it came: a report of RFC 3464. It is known by the Message-ID of the mail that it reports on, and counts for mails of this organisation only. Where it says that the address is none, later mails of the organisation to it are held until its owner proves it again. Twice is once.',
    access: { right: 'administer' },
    request: { query: OrganisationQuery, bodyKinds: ['mail'] },
    responses: { 200: TakenBounces },
    problems: [errors.bounceUnreadable, errors.bounceUnknown],
    handler: async ({ principal, query, raw }) => {
      const taken = await bounces.take(principal, organisationFor(principal, query.organisation), raw.bytes)
      return { status: 200, body: { items: taken.map((each) => ({ ...each })) } }
    },
  }),
]
