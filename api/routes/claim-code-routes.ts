import type * as z from 'zod'
import { downloadHeaders } from '#api/http/file-headers.ts'
import { pageBody, pageRequest } from '#api/http/pagination.ts'
import { defineRoute, type Route } from '#api/http/route.ts'
import { OrganisationQuery, PageQuery, pageOf } from '#api/schemas/common.ts'
import {
  Code,
  CreatedCode,
  NewCode,
  QrRequest,
  RedeemedCode,
  RedeemRequest,
  SlugParams,
} from '#api/schemas/facts.ts'
import { errors } from '#engine/errors/catalogue.ts'
import { formatInstant } from '#engine/shared/instant.ts'
import { organisationFor } from '#services/access/authorise.ts'
import type { ClaimCode } from '#services/ports/claim-code-store.ts'
import { readPerson } from './read-fact-rows.ts'
import type { RouteNeeds } from './route-needs.ts'
import { given, readTime, timeOrNull } from './shown.ts'

const tags = ['codes']

export const claimCodeRoutes = ({ claimCodes, redeemCodes }: RouteNeeds): readonly Route[] => [
  defineRoute({
    method: 'get',
    path: '/v1/codes',
    operationId: 'listCodes',
    tags,
    summary: 'The claim codes of an organisation, newest first',
    access: { right: 'read' },
    request: { query: PageQuery },
    responses: { 200: pageOf(Code) },
    handler: async ({ principal, query }) => {
      const organisationId = organisationFor(principal, query.organisation)
      const page = await claimCodes.list(principal, organisationId, pageRequest(query))
      return { status: 200, body: pageBody(page, showCode) }
    },
  }),
  defineRoute({
    method: 'post',
    path: '/v1/codes',
    operationId: 'createCode',
    tags,
    summary: 'Make a claim code, to be typed or scanned by people',
    description: 'Its text is shown this once; afterwards only a hash of it is known.',
    access: { right: 'update' },
    request: { query: OrganisationQuery, body: NewCode },
    responses: { 201: CreatedCode },
    problems: [errors.alreadyExists],
    idempotent: { secrets: ['secret', 'url'] },
    handler: async ({ principal, query, body }) => {
      const organisationId = organisationFor(principal, query.organisation)
      const { slug, name, maxUses } = body
      const wanted = {
        slug,
        name,
        ...given({
          validFrom: readTime(body.validFrom, '/validFrom'),
          validUntil: readTime(body.validUntil, '/validUntil'),
          maxUses,
        }),
      }
      const { code, text, url } = await claimCodes.create(principal, organisationId, wanted)
      return { status: 201, body: { claimCode: showCode(code), secret: text, url } }
    },
  }),
  defineRoute({
    method: 'get',
    path: '/v1/codes/{slug}',
    operationId: 'getCode',
    tags,
    summary: 'A claim code, and how often it was redeemed',
    access: { right: 'read' },
    request: { params: SlugParams, query: OrganisationQuery },
    responses: { 200: Code },
    problems: [errors.notFound],
    handler: async ({ principal, query, params }) => {
      const organisationId = organisationFor(principal, query.organisation)
      return { status: 200, body: showCode(await claimCodes.find(principal, organisationId, params.slug)) }
    },
  }),
  defineRoute({
    method: 'post',
    path: '/v1/codes/{slug}/end',
    operationId: 'endCode',
    tags,
    summary: 'End a claim code; what was redeemed stays',
    access: { right: 'delete' },
    request: { params: SlugParams, query: OrganisationQuery },
    responses: { 200: Code },
    problems: [errors.notFound],
    handler: async ({ principal, query, params }) => {
      const organisationId = organisationFor(principal, query.organisation)
      return { status: 200, body: showCode(await claimCodes.end(principal, organisationId, params.slug)) }
    },
  }),
  defineRoute({
    method: 'post',
    path: '/v1/codes/{slug}/qr',
    operationId: 'drawCode',
    tags,
    summary: 'Draw a claim code as a QR code',
    description: 'The text of the code comes along, since only its hash is known here.',
    access: { right: 'update' },
    request: { params: SlugParams, query: OrganisationQuery, body: QrRequest },
    responses: { 200: { bytes: ['image/png', 'image/svg+xml'] } },
    problems: [errors.notFound, errors.codeUnknown],
    wrongSecret: errors.codeUnknown,
    handler: async ({ principal, query, params, body }) => {
      const { code: text, format } = body
      const organisationId = organisationFor(principal, query.organisation)
      const bytes = await claimCodes.draw(principal, organisationId, params.slug, { text, format })
      return {
        status: 200,
        bytes,
        mediaType: format === 'png' ? 'image/png' : 'image/svg+xml',
        headers: downloadHeaders(`${params.slug}.${format}`),
      }
    },
  }),
  defineRoute({
    method: 'post',
    path: '/v1/codes/redeem',
    operationId: 'redeemCode',
    tags,
    summary: 'Redeem a claim code',
    description: [
      'By a person who signed in, for themselves; or by an organisation on behalf of `subject`, which takes the right to',
      'award. A code counts once for each person: redeeming it again answers `already`.',
      'Who tries too many wrong ones is stopped for a while.',
    ].join(' '),
    access: 'authenticated',
    request: { query: OrganisationQuery, body: RedeemRequest },
    responses: { 200: RedeemedCode },
    problems: [
      errors.codeUnknown,
      errors.codeNotYet,
      errors.codeExpired,
      errors.codeUsedUp,
      errors.factsInvalid,
      errors.forbidden,
    ],
    wrongSecret: errors.codeUnknown,
    handler: async ({ principal, query, body }) => {
      const { code: text, subject } = body
      if (principal.kind === 'session' && subject === undefined)
        return {
          status: 200,
          body: show(await redeemCodes.byAccount(principal.accountId, text, query.organisation)),
        }
      const organisationId = organisationFor(principal, query.organisation)
      const person = readPerson(subject ?? '', '/subject')
      return { status: 200, body: show(await redeemCodes.onBehalf(principal, organisationId, text, person)) }
    },
  }),
]

const show = ({
  code,
  redeemedAt,
  again,
}: Awaited<ReturnType<RouteNeeds['redeemCodes']['byAccount']>>): z.input<typeof RedeemedCode> => ({
  outcome: again ? 'already' : 'redeemed',
  slug: code.slug,
  name: { ...code.name },
  redeemedAt: formatInstant(redeemedAt),
})

const showCode = (code: ClaimCode): z.input<typeof Code> => ({
  id: code.id,
  slug: code.slug,
  name: { ...code.name },
  validFrom: timeOrNull(code.validFrom),
  validUntil: timeOrNull(code.validUntil),
  maxUses: code.maxUses ?? null,
  uses: code.uses,
  endedAt: timeOrNull(code.endedAt),
  createdAt: formatInstant(code.createdAt),
})
