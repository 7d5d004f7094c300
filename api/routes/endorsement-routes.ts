import * as z from 'zod'
import { downloadHeaders } from '#api/http/file-headers.ts'
import { defineRoute, type Route } from '#api/http/route.ts'
import { Id, listOf, OrganisationQuery } from '#api/schemas/common.ts'
import { Receipt } from '#api/schemas/credentials.ts'
import {
  CreatedEndorsement,
  Endorsement,
  EndorsementRequest,
  EndorserAddress,
  NewEndorsement,
  SignedEndorsement as SignedBody,
} from '#api/schemas/endorsements.ts'
import type { SignedEndorsement } from '#engine/endorsements/signed-endorsement.ts'
import { errors } from '#engine/errors/catalogue.ts'
import type { EndorsementId } from '#engine/shared/ids.ts'
import { formatInstant } from '#engine/shared/instant.ts'
import { organisationFor } from '#services/access/authorise.ts'
import type { Endorsement as StoredEndorsement } from '#services/ports/endorsement-store.ts'
import type { RouteNeeds } from './route-needs.ts'
import { given, timeOrNull } from './shown.ts'

const tags = ['endorsements']
const IdParams = z.strictObject({ id: Id })
const TokenParams = z.strictObject({ token: z.string().min(20).max(100) })

export const endorsementRoutes = ({ endorsements }: RouteNeeds): readonly Route[] => [
  defineRoute({
    method: 'get',
    path: '/v1/endorsements',
    operationId: 'listEndorsements',
    tags,
    summary: 'The endorsements that were asked for',
    access: { right: 'read' },
    request: { query: OrganisationQuery },
    responses: { 200: listOf(Endorsement) },
    handler: async ({ principal, query }) => {
      const all = await endorsements.list(principal, organisationFor(principal, query.organisation))
      return { status: 200, body: { items: all.map(showEndorsement) } }
    },
  }),
  defineRoute({
    method: 'post',
    path: '/v1/endorsements',
    operationId: 'requestEndorsement',
    tags,
    summary: 'Ask somebody to vouch, with their own key',
    description:
      'For an issuer profile, a published achievement version or a credential. The link is shown this once, and mailed where there is an address.',
    access: { right: 'update' },
    request: { query: OrganisationQuery, body: NewEndorsement },
    responses: { 201: CreatedEndorsement },
    problems: [errors.notFound, errors.credentialUnfit],
    idempotent: { secrets: ['requestUrl'] },
    handler: async ({ principal, query, body }) => {
      const organisationId = organisationFor(principal, query.organisation)
      const { endorsement, requestUrl } = await endorsements.request(principal, organisationId, given(body))
      return { status: 201, body: { ...showEndorsement(endorsement), requestUrl } }
    },
  }),
  defineRoute({
    method: 'post',
    path: '/v1/endorsements/{id}/publish',
    operationId: 'publishEndorsement',
    tags,
    summary: 'Show a signed endorsement in public and anchor it',
    access: { right: 'sign' },
    request: { params: IdParams, query: OrganisationQuery },
    responses: { 200: Endorsement },
    problems: [errors.notFound, errors.conflict],
    handler: async ({ principal, query, params }) => {
      const organisationId = organisationFor(principal, query.organisation)
      return {
        status: 200,
        body: showEndorsement(
          await endorsements.publish(principal, organisationId, params.id as EndorsementId),
        ),
      }
    },
  }),
  defineRoute({
    method: 'post',
    path: '/v1/endorsements/{id}/hide',
    operationId: 'hideEndorsement',
    tags,
    summary: 'Take a published endorsement out of sight',
    description: 'What was anchored stays anchored.',
    access: { right: 'sign' },
    request: { params: IdParams, query: OrganisationQuery },
    responses: { 200: Endorsement },
    problems: [errors.notFound, errors.conflict],
    handler: async ({ principal, query, params }) => {
      const organisationId = organisationFor(principal, query.organisation)
      return {
        status: 200,
        body: showEndorsement(await endorsements.hide(principal, organisationId, params.id as EndorsementId)),
      }
    },
  }),
  defineRoute({
    method: 'get',
    path: '/v1/endorsements/{id}/receipt',
    operationId: 'getEndorsementReceipt',
    tags,
    summary: 'The receipt: proof that a published endorsement is in an anchored batch',
    description: 'With the signed document, it can be checked without this server.',
    access: { right: 'read' },
    request: { params: IdParams, query: OrganisationQuery },
    responses: { 200: Receipt },
    problems: [errors.notFound, errors.receiptNotReady],
    handler: async ({ principal, query, params }) => {
      const organisationId = organisationFor(principal, query.organisation)
      const receipt = await endorsements.receipt(principal, organisationId, params.id as EndorsementId)
      return {
        status: 200,
        body: receipt as unknown as Record<string, unknown>,
        headers: downloadHeaders(`receipt-${params.id}.json`),
      }
    },
  }),
  defineRoute({
    method: 'post',
    path: '/v1/endorsements/{id}/link',
    operationId: 'linkEndorsement',
    tags,
    summary: 'A new link for the endorser; the one before is void',
    description:
      'For a request that is still open: for whoever the gate of a rule asks, of whom only the DID is known, or lost the link.',
    access: { right: 'update' },
    request: { params: IdParams, query: OrganisationQuery, body: EndorserAddress },
    responses: { 200: CreatedEndorsement },
    problems: [errors.notFound, errors.conflict],
    idempotent: { secrets: ['requestUrl'] },
    handler: async ({ principal, query, params, body }) => {
      const organisationId = organisationFor(principal, query.organisation)
      const { endorsement, requestUrl } = await endorsements.link(
        principal,
        organisationId,
        params.id as EndorsementId,
        given({ email: body.endorserEmail, language: body.language }),
      )
      return { status: 200, body: { ...showEndorsement(endorsement), requestUrl } }
    },
  }),
  defineRoute({
    method: 'get',
    path: '/v1/endorsement-requests/{token}',
    operationId: 'getEndorsementRequest',
    tags,
    summary: 'What an endorser is asked to sign',
    description:
      'The whole document and the endorsed one, whose digest stands inside it. Sign `unsigned` outside the product, with your own key.',
    access: 'public',
    request: { params: TokenParams },
    responses: { 200: EndorsementRequest },
    problems: [errors.notFound],
    handler: async ({ params }) => {
      const shown = await endorsements.show(params.token)
      return {
        status: 200,
        body: {
          id: shown.endorsement.id,
          state: shown.endorsement.state,
          issuerName: shown.issuerName,
          what: shown.what,
          endorserDid: shown.endorsement.endorserDid,
          unsigned: shown.unsigned,
          target: shown.target,
          digest: shown.targetDigest,
        },
      }
    },
  }),
  defineRoute({
    method: 'post',
    path: '/v1/endorsement-requests/{token}/signature',
    operationId: 'signEndorsement',
    tags,
    summary: 'Hand in the signed endorsement',
    description:
      'The document as it was shown, with a proof by the key that was asked; or a compact JWS by that key whose payload it is, which then stands in badges as `endorsementJwt`.',
    access: 'public',
    request: { params: TokenParams, body: SignedBody },
    responses: { 200: Endorsement },
    problems: [
      errors.notFound,
      errors.endorsementUnsigned,
      errors.endorsementWrongKey,
      errors.endorsementWrongTarget,
      errors.endorsementWrongDigest,
      errors.endorsementAltered,
      errors.endorsementSignatureWrong,
      errors.endorsementKeyUnavailable,
      errors.endorsementAlreadySigned,
    ],
    handler: async ({ params, body }) => {
      const endorsement = await endorsements.sign(params.token, body.credential as SignedEndorsement)
      return { status: 200, body: showEndorsement(endorsement) }
    },
  }),
  defineRoute({
    method: 'post',
    path: '/v1/endorsement-requests/{token}/reject',
    operationId: 'rejectEndorsement',
    tags,
    summary: 'Say no to an endorsement request',
    access: 'public',
    request: { params: TokenParams },
    responses: { 204: { empty: true } },
    problems: [errors.notFound, errors.conflict],
    handler: async ({ params }) => {
      await endorsements.reject(params.token)
      return { status: 204 }
    },
  }),
]

const showEndorsement = (endorsement: StoredEndorsement): z.input<typeof Endorsement> => ({
  id: endorsement.id,
  issuerId: endorsement.issuerId,
  target: endorsement.target,
  targetId: endorsement.targetId,
  endorserDid: endorsement.endorserDid,
  endorserName: endorsement.endorserName,
  endorserEmail: endorsement.endorserEmail ?? null,
  state: endorsement.state,
  requestedAt: formatInstant(endorsement.requestedAt),
  signedAt: timeOrNull(endorsement.signedAt),
  publishedAt: timeOrNull(endorsement.publishedAt),
})
