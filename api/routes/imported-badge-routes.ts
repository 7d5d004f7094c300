import * as z from 'zod'
import { foreignFileHeaders } from '#api/http/file-headers.ts'
import { defineRoute, type Route } from '#api/http/route.ts'
import { Id, listOf } from '#api/schemas/common.ts'
import {
  CheckedBadge as CheckedSchema,
  ImportedBadge as ImportedSchema,
} from '#api/schemas/imported-badges.ts'
import { errors } from '#engine/errors/catalogue.ts'
import type { ImportedBadgeId } from '#engine/shared/ids.ts'
import { formatInstant } from '#engine/shared/instant.ts'
import type { CheckedBadge } from '#services/backpack/import-badges.ts'
import type { ImportedBadge } from '#services/ports/imported-badge-store.ts'
import { BROUGHT_BADGE, broughtDocument } from './brought-badge.ts'
import type { RouteNeeds } from './route-needs.ts'
import { timeOrNull } from './shown.ts'
import { showReport } from './verification-view.ts'

const tags = ['backpack']
const access = 'session'
const IdParams = z.strictObject({ id: Id })
/** What the file of each kind is called, and handed out as; a kind that browsers would run is not among them. */
const FILE_KINDS: Readonly<Record<string, 'png' | 'svg' | 'jwt' | 'pdf'>> = {
  'image/png': 'png',
  'image/svg+xml': 'svg',
  'application/jwt': 'jwt',
  'application/pdf': 'pdf',
}

export const importedBadgeRoutes = ({ importBadges }: RouteNeeds): readonly Route[] => [
  defineRoute({
    method: 'get',
    path: '/v1/backpack/imported',
    operationId: 'listImportedBadges',
    tags,
    summary: 'The badges from elsewhere that the caller keeps here',
    access,
    responses: { 200: listOf(ImportedSchema) },
    handler: async ({ principal }) => ({
      status: 200,
      body: { items: (await importBadges.list(principal.accountId)).map(showImported) },
    }),
  }),
  defineRoute({
    method: 'post',
    path: '/v1/backpack/imported',
    operationId: 'importBadge',
    tags,
    summary: 'Bring a badge from elsewhere',
    description: [
      'The file itself as body (a credential, a JWS, a baked PNG or SVG, a PDF with the badge attached), or JSON with `credential`. It is verified first:',
      'one that does not verify is refused, and so is one whose signature could not be checked; one of an issuer that nobody',
      'here knows is kept as `undecided`. The same document is kept once. It counts for nothing here.',
    ].join(' '),
    access,
    request: BROUGHT_BADGE,
    responses: { 201: CheckedSchema },
    problems: [
      errors.documentTooLarge,
      errors.documentUnreadable,
      errors.notABadge,
      errors.foreignBadgeInvalid,
      errors.foreignBadgeUndecided,
      errors.badgeImported,
      errors.tooManyImported,
    ],
    idempotent: true,
    handler: async ({ principal, raw }) => {
      const outcome = await importBadges.bring(principal.accountId, broughtDocument(raw))
      if (outcome.kind === 'imported') return { status: 201, body: showChecked(outcome) }
      const report = showReport(outcome.report)
      throw outcome.kind === 'invalid'
        ? errors.foreignBadgeInvalid({ report })
        : errors.foreignBadgeUndecided({ report })
    },
  }),
  defineRoute({
    method: 'get',
    path: '/v1/backpack/imported/{id}',
    operationId: 'getImportedBadge',
    tags,
    summary: 'One badge from elsewhere',
    access,
    request: { params: IdParams },
    responses: { 200: ImportedSchema },
    problems: [errors.notFound],
    handler: async ({ principal, params }) => ({
      status: 200,
      body: showImported(await importBadges.find(principal.accountId, params.id as ImportedBadgeId)),
    }),
  }),
  defineRoute({
    method: 'get',
    path: '/v1/backpack/imported/{id}/document',
    operationId: 'downloadImportedBadge',
    tags,
    summary: 'The file of a badge from elsewhere, as it came',
    access,
    request: { params: IdParams },
    responses: { 200: { bytes: ['application/octet-stream', 'image/png', 'image/svg+xml'] } },
    problems: [errors.notFound],
    handler: async ({ principal, params }) => {
      const id = params.id as ImportedBadgeId
      const { bytes, mediaType } = await importBadges.document(principal.accountId, id)
      const kind = FILE_KINDS[mediaType]
      return {
        status: 200,
        bytes,
        mediaType:
          kind === 'png' ? 'image/png' : kind === 'svg' ? 'image/svg+xml' : 'application/octet-stream',
        headers: foreignFileHeaders(`badge-${id}.${kind ?? 'json'}`),
      }
    },
  }),
  defineRoute({
    method: 'post',
    path: '/v1/backpack/imported/{id}/recheck',
    operationId: 'recheckImportedBadge',
    tags,
    summary: 'Verify a badge from elsewhere again',
    description:
      'What is found is kept with its time: verdict, and whether it names you. One that holds no more stays, and says so.',
    access,
    request: { params: IdParams },
    responses: { 200: CheckedSchema },
    problems: [errors.notFound],
    handler: async ({ principal, params }) => ({
      status: 200,
      body: showChecked(await importBadges.recheck(principal.accountId, params.id as ImportedBadgeId)),
    }),
  }),
  defineRoute({
    method: 'delete',
    path: '/v1/backpack/imported/{id}',
    operationId: 'removeImportedBadge',
    tags,
    summary: 'Remove a badge from elsewhere',
    access,
    request: { params: IdParams },
    responses: { 204: { empty: true } },
    problems: [errors.notFound],
    handler: async ({ principal, params }) => {
      await importBadges.remove(principal.accountId, params.id as ImportedBadgeId)
      return { status: 204 }
    },
  }),
]

const showChecked = ({ badge, report }: CheckedBadge) => ({
  badge: showImported(badge),
  report: showReport(report),
})

const showImported = ({ said, ...badge }: ImportedBadge): z.input<typeof ImportedSchema> => ({
  id: badge.id,
  name: said.name ?? null,
  description: said.description ?? null,
  achievement: said.achievement ?? null,
  issuer:
    said.issuer === undefined
      ? null
      : {
          id: said.issuer,
          name: said.issuerName ?? null,
          domain: said.issuerDomain ?? null,
          known: said.issuerKnown,
        },
  validFrom: timeOrNull(said.validFrom),
  validUntil: timeOrNull(said.validUntil),
  verdict: badge.verdict,
  checkedAt: formatInstant(badge.checkedAt),
  matchesHolder: badge.holder,
  importedAt: formatInstant(badge.importedAt),
})
