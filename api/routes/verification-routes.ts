import type * as z from 'zod'
import { defineRoute, type Route } from '#api/http/route.ts'
import { type BareCredential, VerificationReport, VerifyBody } from '#api/schemas/verification.ts'
import { errors } from '#engine/errors/catalogue.ts'
import type { Json, JsonObject } from '#engine/shared/json.ts'
import { readRecipient } from '#engine/verification/recipient.ts'
import type { RouteNeeds } from './route-needs.ts'
import { given } from './shown.ts'
import { showReport } from './verification-view.ts'

export const verificationRoutes = ({ verification }: RouteNeeds): readonly Route[] => [
  defineRoute({
    method: 'post',
    path: '/v1/verify',
    operationId: 'verify',
    tags: ['verification'],
    summary: 'Verify a badge, from here or from anywhere',
    description: [
      'As JSON with the credential (a document or a compact JWS) or the address of a badge of this server;',
      'or the file itself as body: a credential, a JWS, a baked PNG or SVG.',
      'Each check is `passed`, `failed`, `unknown` (it could not be told) or `not_applicable`;',
      'the verdict is `valid`, `invalid` or `undecided`. A bad badge is an answer, not an error.',
    ].join(' '),
    access: 'public',
    request: {
      body: VerifyBody,
      bodyKinds: ['json', 'vc', 'ld', 'jwt', 'text', 'png', 'svg', 'bytes'],
      bodyLimit: 'upload',
    },
    responses: { 200: VerificationReport },
    problems: [errors.documentTooLarge, errors.documentUnreadable, errors.notFound],
    anyOrigin: true,
    handler: async ({ body, raw, principal }) => {
      if (body === undefined) {
        const read = verification.read(raw.bytes)
        if (read.ok)
          return { status: 200, body: showReport(await verification.verify({ document: read.document })) }
        if (read.code === 'document-too-large') throw errors.documentTooLarge({ limit: '1 MB' })
        throw errors.documentUnreadable({ reason: read.reason })
      }
      // The strictly parsed value, not what a schema made of it: signed bytes are verified as they came.
      if (isBareCredential(body)) {
        const report = await verification.verify({ document: raw.json as JsonObject })
        return { status: 200, body: showReport(report) }
      }
      const { credential, url, receipt, endorsements, trustLists, trustKeys, recipient } = body
      const beside = given({
        receipt: receipt as Json | undefined,
        endorsements: endorsements as readonly JsonObject[] | undefined,
        trustLists: trustLists as readonly JsonObject[] | undefined,
        trustKeys,
        recipient: recipient === undefined ? undefined : readRecipient(recipient),
      })
      const report =
        url === undefined
          ? await verification.verify({ ...beside, document: credential as JsonObject | string })
          : await verification.verifyUrl(url, given({ principal }), beside)
      return { status: 200, body: showReport(report) }
    },
  }),
]

const isBareCredential = (body: z.output<typeof VerifyBody>): body is z.output<typeof BareCredential> =>
  '@context' in body
