import * as z from 'zod'
import { versionTag } from '#api/http/etag.ts'
import { defineRoute, type Route } from '#api/http/route.ts'
import { Award, AwardEdition, Correction, Reinstatement, Renewal, Why } from '#api/schemas/awards.ts'
import { Id, listOf, OrganisationQuery } from '#api/schemas/common.ts'
import { errors } from '#engine/errors/catalogue.ts'
import { toHex } from '#engine/shared/bytes.ts'
import type { AwardId } from '#engine/shared/ids.ts'
import { formatInstant } from '#engine/shared/instant.ts'
import { organisationFor } from '#services/access/authorise.ts'
import type { WantedChanges } from '#services/awards/after-issuing.ts'
import type { AwardOverview } from '#services/awards/manage-awards.ts'
import type { CredentialEdition } from '#services/ports/credential-store.ts'
import { showAward } from './award-view.ts'
import { readParticulars } from './profile-view.ts'
import type { RouteNeeds } from './route-needs.ts'
import { given, readTime, timeOrNull } from './shown.ts'

const tags = ['awards']
const params = z.strictObject({ id: Id })
const NEXT_EDITION =
  'The next edition is signed within seconds: the same credential id, a newer `validFrom`, the same `awardedDate`. From then on the edition before says `superseded` when it is verified; until then it stays what it was. The earner is mailed.'

export const afterIssuingRoutes = ({ afterIssuing, renewAward }: RouteNeeds): readonly Route[] => [
  defineRoute({
    method: 'get',
    path: '/v1/awards/{id}/editions',
    operationId: 'listAwardEditions',
    tags,
    summary: 'The editions of the credential of an award, oldest first',
    description:
      'Each has its own place in the status list and its own leaf. Their documents: `GET /v1/credentials/{id}/document?edition=N`, or by `digest`.',
    access: { right: 'read' },
    request: { params, query: OrganisationQuery },
    responses: { 200: listOf(AwardEdition) },
    problems: [errors.notFound],
    handler: async ({ principal, query, params }) => {
      const organisationId = organisationFor(principal, query.organisation)
      const editions = await afterIssuing.editions(principal, organisationId, params.id as AwardId)
      return { status: 200, body: { items: editions.map(showEdition) } }
    },
  }),
  defineRoute({
    method: 'post',
    path: '/v1/awards/{id}/correct',
    operationId: 'correctAward',
    tags,
    summary: 'Correct what a badge says, by a new edition',
    description: `Of an award that is issued and not suspended. ${NEXT_EDITION} Refused where nothing is named, or what the badge cannot say (\`correction-unfit\`).`,
    access: { right: 'award' },
    request: { params, query: OrganisationQuery, body: Correction },
    responses: { 200: Award },
    problems: [errors.notFound, errors.awardState, errors.correctionUnfit, errors.credentialUnfit],
    ifMatch: true,
    handler: async ({ principal, query, params, body, expectedVersion }) => {
      const organisationId = organisationFor(principal, query.organisation)
      return answer(
        await afterIssuing.correct(principal, organisationId, params.id as AwardId, {
          ...given({ reason: body.reason, note: body.note }),
          seen: expectedVersion,
          changes: readChanges(body.changes),
        }),
      )
    },
  }),
  defineRoute({
    method: 'post',
    path: '/v1/awards/{id}/reissue',
    operationId: 'reissueAward',
    tags,
    summary: 'Sign a badge anew, under the key of today',
    description: `As after a key was compromised: what the badge says stays the same. ${NEXT_EDITION}`,
    access: { right: 'award' },
    request: { params, query: OrganisationQuery, body: Why },
    responses: { 200: Award },
    problems: [errors.notFound, errors.awardState, errors.credentialUnfit],
    ifMatch: 'optional',
    handler: async ({ principal, query, params, body, expectedVersion: seen }) => {
      const organisationId = organisationFor(principal, query.organisation)
      const why = given({ ...body, seen })
      return answer(await afterIssuing.reissue(principal, organisationId, params.id as AwardId, why))
    },
  }),
  defineRoute({
    method: 'post',
    path: '/v1/awards/{id}/suspend',
    operationId: 'suspendAward',
    tags,
    summary: 'Suspend a badge: for the time being it is not valid',
    description:
      'Sets the bit of its current edition, for good: `reinstate` makes a new one. The award stays issued, and rules count it as held. The reason is shown to verifiers and told to the earner; the note stays in the organisation.',
    access: { right: 'award' },
    request: { params, query: OrganisationQuery, body: Why },
    responses: { 200: Award },
    problems: [errors.notFound, errors.awardState],
    ifMatch: 'optional',
    handler: async ({ principal, query, params, body, expectedVersion: seen }) => {
      const organisationId = organisationFor(principal, query.organisation)
      const why = given({ ...body, seen })
      return answer(await afterIssuing.suspend(principal, organisationId, params.id as AwardId, why))
    },
  }),
  defineRoute({
    method: 'post',
    path: '/v1/awards/{id}/reinstate',
    operationId: 'reinstateAward',
    tags,
    summary: 'Make a suspended or revoked badge valid again, by a new edition',
    description: `With \`changes\` it is corrected as well. ${NEXT_EDITION} A revoked award is issued again once that is so. Refused where another award has its place (\`award-replaced\`): nobody holds the same badge twice.`,
    access: { right: 'award' },
    request: { params, query: OrganisationQuery, body: Reinstatement },
    responses: { 200: Award },
    problems: [
      errors.notFound,
      errors.awardState,
      errors.awardReplaced,
      errors.correctionUnfit,
      errors.credentialUnfit,
    ],
    ifMatch: 'optional',
    handler: async ({ principal, query, params, body, expectedVersion: seen }) => {
      const organisationId = organisationFor(principal, query.organisation)
      return answer(
        await afterIssuing.reinstate(principal, organisationId, params.id as AwardId, {
          ...given({ reason: body.reason, note: body.note, seen }),
          ...(body.changes === undefined ? {} : { changes: readChanges(body.changes) }),
        }),
      )
    },
  }),
  defineRoute({
    method: 'post',
    path: '/v1/awards/{id}/renew',
    operationId: 'renewAward',
    tags,
    summary: 'Renew a badge by hand, by a new award',
    description:
      'Of an award that is issued and not suspended, or has expired. The answer is the new award, of the newest published version, from today (`renews`). Once it is issued the earlier one is `superseded`: its badge stays valid until it is over by itself. One award renews another (`award-renewed`); one that is revoked leaves its place.',
    access: { right: 'award' },
    request: { params, query: OrganisationQuery, body: Renewal },
    responses: { 201: Award },
    problems: [
      errors.notFound,
      errors.awardState,
      errors.awardRenewed,
      errors.conflict,
      errors.correctionUnfit,
    ],
    idempotent: true,
    ifMatch: 'optional',
    handler: async ({ principal, query, params, body, expectedVersion: seen }) => {
      const organisationId = organisationFor(principal, query.organisation)
      const renewed = await renewAward(principal, organisationId, params.id as AwardId, {
        ...given({ reason: body.reason, note: body.note, seen }),
        ...given({ validUntil: readTime(body.validUntil, '/validUntil') }),
      })
      return { ...answer(renewed), status: 201 }
    },
  }),
]

const answer = (shown: AwardOverview) => ({
  status: 200 as const,
  body: showAward(shown),
  headers: { ETag: versionTag(shown.award.revision) },
})

const readChanges = ({
  validUntil,
  evidence,
  particulars,
  ...more
}: z.output<typeof Correction>['changes']): WantedChanges => ({
  ...given(more),
  ...given({
    validUntil: readTime(validUntil, '/changes/validUntil'),
    evidence: evidence?.map((each) => given(each)),
    particulars: particulars && readParticulars(particulars),
  }),
})

const showEdition = (edition: CredentialEdition): z.input<typeof AwardEdition> => ({
  edition: edition.edition,
  cause: edition.cause,
  reason: edition.reason ?? null,
  state: edition.state,
  validFrom: formatInstant(edition.preparedAt),
  keyId: edition.keyId,
  statusIndex: edition.statusIndex,
  isParked: edition.state === 'prepared' && edition.parkedAt !== undefined,
  ...(edition.state === 'signed'
    ? {
        signedAt: formatInstant(edition.signedAt),
        digest: toHex(edition.digest),
        endedBy: edition.endedBy ?? null,
        endedAt: timeOrNull(edition.revokedAt),
        endReason: edition.revocationReason ?? null,
      }
    : { signedAt: null, digest: null, endedBy: null, endedAt: null, endReason: null }),
})
