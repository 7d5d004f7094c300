import * as z from 'zod'
import type { ReadBody } from '#api/http/body-reader.ts'
import { downloadHeaders } from '#api/http/file-headers.ts'
import { defineRoute, type Route } from '#api/http/route.ts'
import { AnyVerificationReport, type BareCredential, VerifyBody } from '#api/schemas/verification.ts'
import type { Principal } from '#engine/access/rights.ts'
import { errors } from '#engine/errors/catalogue.ts'
import type { Json, JsonObject } from '#engine/shared/json.ts'
import type { AnyReport } from '#engine/verification/presentation-report.ts'
import { readRecipient } from '#engine/verification/recipient.ts'
import type { RouteNeeds } from './route-needs.ts'
import { given } from './shown.ts'
import { showAnyReport } from './verification-view.ts'

export const verificationRoutes = ({ verification }: RouteNeeds): readonly Route[] => {
  const read = async (bytes: Uint8Array) => {
    const found = await verification.read(bytes)
    if (found.ok) return found
    if (found.code === 'document-too-large') throw errors.documentTooLarge({ limit: '1 MB' })
    throw errors.documentUnreadable({ reason: found.reason })
  }

  const reportOn = async (
    body: z.output<typeof VerifyBody> | undefined,
    raw: ReadBody,
    principal: Principal | undefined,
  ): Promise<AnyReport> => {
    if (body === undefined) return verification.verifyAny(await read(raw.bytes))
    // The strictly parsed value, not what a schema made of it: signed bytes are verified as they came.
    if (isBareCredential(body)) return verification.verifyAny({ document: raw.json as JsonObject })
    const {
      credential,
      url,
      file,
      receipt,
      endorsements,
      trustLists,
      trustKeys,
      recipient,
      challenge,
      domain,
    } = body
    const beside = given({
      receipt: receipt as Json | undefined,
      endorsements: endorsements as readonly JsonObject[] | undefined,
      trustLists: trustLists as readonly JsonObject[] | undefined,
      trustKeys,
      challenge,
      domain,
      recipient: recipient === undefined ? undefined : readRecipient(recipient),
    })
    if (url !== undefined) return verification.verifyUrl(url, given({ principal }), beside)
    if (file !== undefined) {
      const { document, picture } = await read(Buffer.from(file, 'base64'))
      return verification.verifyAny(given({ ...beside, document, picture }))
    }
    return verification.verifyAny({ ...beside, document: credential as JsonObject | string })
  }

  return [
    defineRoute({
      method: 'post',
      path: '/v1/verify',
      operationId: 'verify',
      tags: ['verification'],
      summary: 'Verify a badge, from here or from anywhere',
      description: [
        'As JSON with the credential (a document or a compact JWS) or the address of a badge, here or elsewhere;',
        'or the file itself as body: a credential, a JWS, a baked PNG or SVG, a PDF with the badge attached.',
        'A presentation goes the same ways, and gets a report of its own kind (`waarmerk-presentation-report/1`): its own checks, with',
        'the `challenge` and `domain` that it should answer, and a whole report of each credential in it, at most 16.',
        'Each check is `passed`, `failed`, `unknown` (it could not be told) or `not_applicable`;',
        'the verdict is `valid`, `invalid` or `undecided`. A bad badge is an answer, not an error.',
      ].join(' '),
      access: 'public',
      request: {
        body: VerifyBody,
        bodyKinds: ['json', 'vc', 'ld', 'jwt', 'text', 'png', 'svg', 'pdf', 'bytes'],
        bodyLimit: 'verification',
      },
      responses: { 200: AnyVerificationReport },
      problems: [
        errors.documentTooLarge,
        errors.documentUnreadable,
        errors.nothingPresented,
        errors.notFound,
        errors.fetchRefused,
        errors.fetchFailed,
      ],
      anyOrigin: true,
      handler: async ({ body, raw, principal }) => {
        const report = await reportOn(body, raw, principal)
        return { status: 200, body: showAnyReport(report) }
      },
    }),
    defineRoute({
      method: 'post',
      path: '/v1/verify/report',
      operationId: 'printVerification',
      tags: ['verification'],
      summary: 'Verify a badge, and get the report as PDF',
      description: [
        'Takes what `/v1/verify` takes, verifies it now, and gives a tagged PDF in Dutch or English: verdict, every check with its code and',
        'what was asked for it, and what was not proved. Without `language`, that of `Accept-Language` counts, else English.',
        'The QR code leads to a page where the same is verified anew.',
      ].join(' '),
      access: 'public',
      request: {
        query: z.object({ language: z.enum(['nl', 'en']).optional() }),
        body: VerifyBody,
        bodyKinds: ['json', 'vc', 'ld', 'jwt', 'text', 'png', 'svg', 'pdf', 'bytes'],
        bodyLimit: 'verification',
      },
      responses: { 200: { bytes: ['application/pdf'] } },
      problems: [
        errors.documentTooLarge,
        errors.documentUnreadable,
        errors.nothingPresented,
        errors.notFound,
        errors.fetchRefused,
        errors.fetchFailed,
        errors.unavailable,
      ],
      anyOrigin: true,
      handler: async ({ body, raw, principal, query, rawHeaders }) => {
        const report = await reportOn(body, raw, principal)
        const language = query.language ?? languageOf(rawHeaders['accept-language'])
        return {
          status: 200,
          bytes: await verification.print(report, language),
          mediaType: 'application/pdf',
          headers: downloadHeaders('verification-report.pdf'),
        }
      },
    }),
  ]
}

/** The first of our languages that a browser names; it names them in the order that its reader likes them. */
const languageOf = (accepted: string | undefined): 'nl' | 'en' =>
  /(?:^|,)\s*(nl|en)\b/i.exec(accepted ?? '')?.[1]?.toLowerCase() === 'nl' ? 'nl' : 'en'

const isBareCredential = (body: z.output<typeof VerifyBody>): body is z.output<typeof BareCredential> =>
  '@context' in body
