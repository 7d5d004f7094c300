import * as z from 'zod'
import { versionTag } from '#api/http/etag.ts'
import { pageBody, pageRequest } from '#api/http/pagination.ts'
import { defineRoute, type Route } from '#api/http/route.ts'
import { Id, listOf, OrganisationQuery, PageQuery, pageOf, Slug } from '#api/schemas/common.ts'
import { JsonDocument } from '#api/schemas/credentials.ts'
import {
  Compromise,
  CompromiseReport,
  Issuer,
  IssuerChange,
  IssuerKey,
  IssuerWithKeys,
  KeyChangeRequest,
  KeyRotation,
  NewIssuer,
  SignedOverVcApi,
} from '#api/schemas/issuers.ts'
import { errors } from '#engine/errors/catalogue.ts'
import type { IssuerId, KeyId, UnitId } from '#engine/shared/ids.ts'
import { formatInstant } from '#engine/shared/instant.ts'
import { organisationFor } from '#services/access/authorise.ts'
import type {
  Issuer as StoredIssuer,
  IssuerKey as StoredKey,
  KeyChangeRequest as StoredRequest,
} from '#services/ports/issuer-store.ts'
import type { VcApiCredential } from '#services/ports/vc-api-store.ts'
import { readInstitution, showInstitution } from './profile-view.ts'
import type { RouteNeeds } from './route-needs.ts'
import { given, requireTime, timeOrNull } from './shown.ts'

const tags = ['issuers']

/** How long anybody may keep a status list: so long may a revocation stay unseen by a cache. */
export const STATUS_LIST_CACHE_S = 60

export const issuerRoutes = ({
  issuers,
  reportCompromise,
  publishedIssuers,
  vcApi,
}: RouteNeeds): readonly Route[] => [
  defineRoute({
    method: 'get',
    path: '/v1/issuers',
    operationId: 'listIssuers',
    tags,
    summary: 'The issuers of an organisation',
    access: { right: 'read' },
    request: { query: OrganisationQuery },
    responses: { 200: listOf(Issuer) },
    handler: async ({ principal, query }) => {
      const all = await issuers.list(principal, organisationFor(principal, query.organisation))
      return { status: 200, body: { items: all.map(showIssuer) } }
    },
  }),
  defineRoute({
    method: 'post',
    path: '/v1/issuers',
    operationId: 'createIssuer',
    tags,
    summary: 'Create an issuer',
    description:
      'Its slug becomes part of its DID and of every badge, for ever. Its keys are made here and registered on chain.',
    access: { right: 'administer' },
    request: { query: OrganisationQuery, body: NewIssuer },
    responses: { 201: Issuer },
    problems: [errors.slugTaken, errors.unitTooDeep, errors.unitOfAchievement, errors.credentialUnfit],
    idempotent: true,
    handler: async ({ principal, query, body }) => {
      const { slug, name, url, email, description, parentUnitId, ...institution } = body
      const issuer = await issuers.create(principal, organisationFor(principal, query.organisation), {
        slug,
        name,
        ...given({ url, email, description, parentUnitId: parentUnitId as UnitId | undefined }),
        ...readInstitution<never>(institution),
      })
      return { status: 201, body: showIssuer(issuer) }
    },
  }),
  defineRoute({
    method: 'get',
    path: '/v1/issuers/{id}',
    operationId: 'getIssuer',
    tags,
    summary: 'An issuer with its keys',
    access: { right: 'read' },
    request: { params: z.strictObject({ id: Id }), query: OrganisationQuery },
    responses: { 200: IssuerWithKeys },
    problems: [errors.notFound],
    handler: async ({ principal, query, params }) => {
      const { issuer, keys } = await issuers.find(
        principal,
        organisationFor(principal, query.organisation),
        params.id as IssuerId,
      )
      return {
        status: 200,
        body: { ...showIssuer(issuer), keys: keys.map(showKey) },
        headers: { ETag: versionTag(issuer.revision) },
      }
    },
  }),
  defineRoute({
    method: 'patch',
    path: '/v1/issuers/{id}',
    operationId: 'changeIssuer',
    tags,
    summary: 'Change what an issuer says of itself',
    description:
      'In its profile at once, and in every badge that is prepared from then on; what was signed stays as it was, and endorsements of the profile become `stale`, as they are about the profile as it was: ask for them again. Its name and website stand in achievements that never change, so they do not change either.',
    access: { right: 'administer' },
    request: { params: z.strictObject({ id: Id }), query: OrganisationQuery, body: IssuerChange },
    responses: { 200: Issuer },
    problems: [errors.notFound, errors.credentialUnfit],
    ifMatch: true,
    handler: async ({ principal, query, params, body, expectedVersion }) => {
      const { email, description, ...rest } = body
      const changed = await issuers.change(
        principal,
        organisationFor(principal, query.organisation),
        params.id as IssuerId,
        expectedVersion,
        { ...given({ email, description }), ...readInstitution<null>(rest) },
      )
      return { status: 200, body: showIssuer(changed), headers: { ETag: versionTag(changed.revision) } }
    },
  }),
  defineRoute({
    method: 'get',
    path: '/v1/issuers/{id}/key-change',
    operationId: 'getKeyChange',
    tags,
    summary: 'The request for a new issuing key that waits for a second person',
    description: 'Null where there is none. A request waits for seven days.',
    access: { right: 'administer' },
    request: { params: z.strictObject({ id: Id }), query: OrganisationQuery },
    responses: { 200: KeyChangeRequest.nullable() },
    problems: [errors.notFound],
    handler: async ({ principal, query, params }) => {
      const organisationId = organisationFor(principal, query.organisation)
      const open = await issuers.keyChange(principal, organisationId, params.id as IssuerId)
      return { status: 200, body: open === undefined ? null : showRequest(open) }
    },
  }),
  defineRoute({
    method: 'post',
    path: '/v1/issuers/{id}/key-change',
    operationId: 'requestKeyChange',
    tags,
    summary: 'Ask for a new issuing key, for a second person to make',
    access: { right: 'administer' },
    request: { params: z.strictObject({ id: Id }), query: OrganisationQuery },
    responses: { 200: KeyChangeRequest },
    problems: [errors.notFound],
    handler: async ({ principal, query, params }) => {
      const organisationId = organisationFor(principal, query.organisation)
      const asked = await issuers.requestKeyChange(principal, organisationId, params.id as IssuerId)
      return { status: 200, body: showRequest(asked) }
    },
  }),
  defineRoute({
    method: 'post',
    path: '/v1/issuers/{id}/rotate-key',
    operationId: 'rotateIssuingKey',
    tags,
    summary: 'Put a fresh issuing key in the place of the active one',
    description:
      'The old key stays in did.json: what it signed stays valid. Where the organisation wants a second person, somebody else has to have asked for it.',
    access: { right: 'administer' },
    request: {
      params: z.strictObject({ id: Id }),
      query: OrganisationQuery,
      body: KeyRotation.optional(),
    },
    responses: { 200: IssuerKey },
    problems: [errors.notFound, errors.conflict, errors.secondPersonNeeded],
    idempotent: true,
    handler: async ({ principal, query, params, body }) => {
      const organisationId = organisationFor(principal, query.organisation)
      const wanted = given({ curve: body?.curve, purpose: body?.purpose })
      return {
        status: 200,
        body: showKey(
          await issuers.rotateIssuingKey(principal, organisationId, params.id as IssuerId, wanted),
        ),
      }
    },
  }),
  defineRoute({
    method: 'post',
    path: '/v1/issuers/{id}/keys/{keyId}/compromise',
    operationId: 'reportKeyCompromise',
    tags,
    summary: 'Say that an issuing key is in wrong hands since a moment',
    description:
      'The key is `revoked` in did.json and on chain from that moment on, and a fresh one takes its place. What a block held before stays valid; a job of kind `key_reissue` issues the rest again, and its result counts `reissue`, `anchored` and `left`, and as `signedOverVcApi` what whoever had it signed must have signed again. Saying it again with a later moment changes nothing, with an earlier one moves the end.',
    access: { right: 'administer' },
    request: {
      params: z.strictObject({ id: Id, keyId: Id }),
      query: OrganisationQuery,
      body: CompromiseReport,
    },
    responses: { 200: Compromise },
    problems: [errors.notFound, errors.secondPersonNeeded, errors.compromiseInFuture],
    idempotent: true,
    handler: async ({ principal, query, params, body }) => {
      const { key, replacement, jobId } = await reportCompromise(
        principal,
        organisationFor(principal, query.organisation),
        { issuerId: params.id as IssuerId, keyId: params.keyId as KeyId },
        { since: requireTime(body.since, '/since'), reason: body.reason },
      )
      return {
        status: 200,
        body: {
          key: showKey(key),
          replacement: replacement === undefined ? null : showKey(replacement),
          jobId: jobId ?? null,
        },
      }
    },
  }),
  defineRoute({
    method: 'get',
    path: '/v1/issuers/{id}/keys/{keyId}/signed-over-vc-api',
    operationId: 'listSignedOverVcApi',
    tags,
    summary: 'What other software had signed with a key over VC-API, newest first',
    description:
      'For a key that was stolen: these documents count for nothing any more, and only whoever had them signed knows to whom they went. Have each signed again with `POST /vc/credentials/issue`, and hand it out. The documents themselves are not in it.',
    access: { right: 'sign' },
    request: { params: z.strictObject({ id: Id, keyId: Id }), query: PageQuery },
    responses: { 200: pageOf(SignedOverVcApi) },
    problems: [errors.notFound],
    handler: async ({ principal, query, params }) => {
      const page = await vcApi.listSigned(
        principal,
        organisationFor(principal, query.organisation),
        { issuerId: params.id as IssuerId, keyId: params.keyId as KeyId },
        pageRequest(query),
      )
      return { status: 200, body: pageBody(page, showSigned) }
    },
  }),
  defineRoute({
    method: 'get',
    path: '/issuers/{slug}',
    operationId: 'getIssuerProfile',
    tags: ['public'],
    summary: 'The profile of an issuer (Open Badges 3.0)',
    access: 'public',
    request: { params: z.strictObject({ slug: Slug }) },
    responses: { 200: { schema: JsonDocument, mediaType: 'application/ld+json' } },
    problems: [errors.notFound],
    cacheSeconds: 60,
    anyOrigin: true,
    page: true,
    handler: async ({ params }) => ({ status: 200, body: await publishedIssuers.profile(params.slug) }),
  }),
  defineRoute({
    method: 'get',
    path: '/issuers/{slug}/did.json',
    operationId: 'getDidDocument',
    tags: ['public'],
    summary: 'The DID document of an issuer (did:web)',
    access: 'public',
    request: { params: z.strictObject({ slug: Slug }) },
    responses: { 200: { schema: JsonDocument, mediaType: 'application/did+ld+json' } },
    problems: [errors.notFound],
    cacheSeconds: 60,
    anyOrigin: true,
    handler: async ({ params }) => ({
      status: 200,
      body: await publishedIssuers.didDocumentBySlug(params.slug),
    }),
  }),
  defineRoute({
    method: 'get',
    path: '/issuers/{slug}/status/{number}',
    operationId: 'getStatusList',
    tags: ['public'],
    summary: 'A status list (Bitstring Status List v1.0)',
    description: `Who asks is not logged, and everybody gets the same list. A cache may keep it for ${STATUS_LIST_CACHE_S} seconds.`,
    access: 'public',
    request: {
      params: z.strictObject({ slug: Slug, number: z.coerce.number().int().min(1).max(1_000_000) }),
    },
    responses: { 200: { bytes: ['application/vc+ld+json'], holds: JsonDocument } },
    problems: [errors.notFound],
    cacheSeconds: STATUS_LIST_CACHE_S,
    anyOrigin: true,
    handler: async ({ params }) => ({
      status: 200,
      bytes: await publishedIssuers.statusList(params.slug, params.number),
      mediaType: 'application/vc+ld+json',
    }),
  }),
]

const showIssuer = (issuer: StoredIssuer): z.input<typeof Issuer> => ({
  id: issuer.id,
  unitId: issuer.unitId,
  slug: issuer.slug,
  did: issuer.did,
  name: issuer.name,
  url: issuer.url,
  email: issuer.email ?? null,
  description: issuer.description ?? null,
  ...showInstitution(issuer),
  state: issuer.state,
  page: `${issuer.origin}/issuers/${issuer.slug}`,
  revision: issuer.revision,
})

const showRequest = ({ requestedBy, createdAt }: StoredRequest): z.input<typeof KeyChangeRequest> => ({
  requestedBy,
  requestedAt: formatInstant(createdAt),
})

const showKey = (key: StoredKey): z.input<typeof IssuerKey> => ({
  id: key.id,
  purpose: key.purpose,
  publicKey: key.publicKey,
  state: key.state,
  createdAt: formatInstant(key.createdAt),
  endedAt: timeOrNull(key.endedAt),
})

const showSigned = ({ id, credentialId, actor, createdAt, statuses }: VcApiCredential) => ({
  id,
  credentialId: credentialId ?? null,
  signedBy: actor,
  signedAt: formatInstant(createdAt),
  statuses: statuses.map(({ purpose, setAt }) => ({ statusPurpose: purpose, setAt: timeOrNull(setAt) })),
})
