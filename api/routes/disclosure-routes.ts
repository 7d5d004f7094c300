import * as z from 'zod'
import { downloadHeaders, foreignFileHeaders } from '#api/http/file-headers.ts'
import { defineRoute, type Route } from '#api/http/route.ts'
import { Id } from '#api/schemas/common.ts'
import { DisclosureParts, DisclosureQuery, JsonDocument } from '#api/schemas/credentials.ts'
import { errors } from '#engine/errors/catalogue.ts'
import type { CredentialId } from '#engine/shared/ids.ts'
import type { RouteNeeds } from './route-needs.ts'

const tags = ['credentials']
const IdParams = z.strictObject({ id: Id })
const VC = 'application/vc+ld+json'
const PICTURES = { png: 'image/png', svg: 'image/svg+xml' } as const
const NO_INDEX = { 'X-Robots-Tag': 'noindex' }
const problems = [
  errors.notFound,
  errors.credentialNotSigned,
  errors.badgeNotDisclosable,
  errors.credentialUnfit,
  errors.conflict,
]

/** Parts of a badge that can be verified without the rest, for its earner: docs/backpack.md. */
export const disclosureRoutes = ({ disclosing }: RouteNeeds): readonly Route[] => [
  defineRoute({
    method: 'get',
    path: '/v1/credentials/{id}/disclosure-parts',
    operationId: 'getDisclosureParts',
    tags,
    summary: 'Of which parts the earner of a badge chooses what to show',
    description:
      'For its earner. What is not among them is always shown: issuer, dates of validity, status, the id of the badge and its subject, and all that the achievement says of everybody.',
    access: 'any-session',
    request: { params: IdParams },
    responses: { 200: DisclosureParts },
    problems: [errors.notFound, errors.credentialNotSigned],
    handler: async ({ params, principal }) => {
      const parts = await disclosing.parts(principal, params.id as CredentialId)
      const shown = (parts ?? []).map(({ id, kind, name = null, says = null }) => ({ id, kind, name, says }))
      return { status: 200, body: { allowed: parts !== undefined, parts: shown } }
    },
  }),
  defineRoute({
    method: 'get',
    path: '/v1/credentials/{id}/disclosure',
    operationId: 'getDisclosure',
    tags,
    summary: 'Parts of a badge, as a badge that can be verified',
    description:
      'For its earner, who hands it on. Derived from an `ecdsa-sd-2023` base proof that the issuer signs when this is first asked for; nobody who sees it can tell what was left out. No receipt is about it. Nothing of it is kept here, and nothing is written down about who asked for which parts.',
    access: 'any-session',
    request: { params: IdParams, query: DisclosureQuery },
    responses: { 200: { bytes: [VC, 'image/png', 'image/svg+xml'], holds: JsonDocument } },
    problems: [...problems, errors.disclosurePartUnknown, errors.imageUnfit],
    handler: async ({ params, query, principal }) => {
      const { format } = query
      const parts = [...new Set(query.parts?.split(',') ?? [])]
      const bytes = await disclosing.disclose(principal, params.id as CredentialId, { parts, format })
      const name = `badge-${params.id}-parts.${format}`
      return format === 'json'
        ? { status: 200, bytes, mediaType: VC, headers: { ...downloadHeaders(name), ...NO_INDEX } }
        : {
            status: 200,
            bytes,
            mediaType: PICTURES[format],
            headers: { ...foreignFileHeaders(name), ...NO_INDEX },
          }
    },
  }),
  defineRoute({
    method: 'get',
    path: '/v1/credentials/{id}/disclosure-base',
    operationId: 'getDisclosureBase',
    tags,
    summary: 'The badge with its base proof, for a wallet that derives by itself',
    description:
      'For its earner, to keep: whoever holds it can show any part of the badge. No verifier takes it; see `proof-is-base` in docs/verification.md.',
    access: 'any-session',
    request: { params: IdParams },
    responses: { 200: { bytes: [VC], holds: JsonDocument } },
    problems,
    handler: async ({ params, principal }) => ({
      status: 200,
      bytes: await disclosing.base(principal, params.id as CredentialId),
      mediaType: VC,
      headers: { ...downloadHeaders(`badge-${params.id}-base.json`), ...NO_INDEX },
    }),
  }),
]
