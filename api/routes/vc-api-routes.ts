import * as z from 'zod'
import { type Access, defineRoute, type Route } from '#api/http/route.ts'
import {
  VcDeriveRequest,
  VcIssued,
  VcIssueRequest,
  VcStatusRequest,
  VcVerified,
  VcVerifyPresentationRequest,
  VcVerifyRequest,
} from '#api/schemas/vc-api.ts'
import { errors } from '#engine/errors/catalogue.ts'
import { isJsonObject, type JsonObject } from '#engine/shared/json.ts'
import {
  credentialAnswer,
  presentationAnswer,
  type VcApiAnswer,
  vcApiBody,
} from '#engine/verification/vc-api-answer.ts'
import type { RouteNeeds } from './route-needs.ts'
import { given } from './shown.ts'

const tags = ['vc-api']

/** Not verified is an answer with a body of its own, and no problem: 400 where it is bad, 422 where it could not be told. */
const VERIFY_RESPONSES = {
  200: { schema: VcVerified, description: 'Verified.' },
  400: {
    schema: VcVerified,
    description: 'Not verified: something is wrong, and `problemDetails` says what.',
  },
  422: { schema: VcVerified, description: 'Not verified: something could not be told.' },
} as const

/** VC-API of the W3C Credentials Community Group, for other software and for conformance suites: docs/vc-api.md. */
export const vcApiRoutes = ({ vcApi }: RouteNeeds): readonly Route[] => {
  // Suites call the built-in issuer without a key; what it is asked for is looked at where it is done.
  const access: Access = vcApi.isOpen ? 'public' : { right: 'sign' }
  return [
    defineRoute({
      method: 'post',
      path: '/vc/credentials/issue',
      operationId: 'vcIssueCredential',
      tags,
      summary: 'Sign a credential that other software made',
      description: [
        'The issuer is the DID that the credential names, on whose unit the caller holds the right `sign`, or the only such one.',
        'What breaks a MUST of the VC Data Model, names a context that is not built in or has a term that none defines is refused.',
        'What was signed is kept and audited. It has no page, no claim and no anchor: a badge is awarded.',
      ].join(' '),
      access,
      request: { body: VcIssueRequest, bodyLimit: 'credential' },
      responses: { 201: VcIssued },
      problems: [
        errors.credentialRefused,
        errors.credentialIssuerRefused,
        errors.credentialIssuerMissing,
        errors.credentialHasProof,
        errors.suiteNotForKey,
        errors.pointersUnmatched,
        errors.statusPurposeRefused,
        errors.documentTooLarge,
      ],
      idempotent: true,
      handler: async ({ principal, body, raw }) => {
        const { cryptosuite, keyType, credentialStatus, envelope, mandatoryPointers } = body.options ?? {}
        const options = given({
          cryptosuite,
          keyType,
          envelope,
          mandatoryPointers,
          statuses: credentialStatus?.map(
            ({ statusPurpose, statusSize, statusMessage, statusReference }) => ({
              purpose: statusPurpose,
              said: given({ statusSize, statusMessage, statusReference }),
            }),
          ),
        })
        const verifiableCredential = await vcApi.issue(principal, member(raw.json, 'credential'), options)
        return { status: 201, body: { verifiableCredential } }
      },
    }),
    defineRoute({
      method: 'post',
      path: '/vc/credentials/status',
      operationId: 'vcChangeStatus',
      tags,
      summary: 'Revoke or suspend what was signed over VC-API',
      description: [
        'Sets the bit of every credential that was signed here under that id and has an entry for that purpose, or clears it with',
        '`"status": false`. A revocation stays. The list at its address tells it from the next request on.',
      ].join(' '),
      access,
      request: { body: VcStatusRequest },
      responses: { 200: z.strictObject({}) },
      problems: [errors.notFound, errors.statusStays],
      handler: async ({ principal, body }) => {
        const { credentialId, credentialStatus, status } = body
        const { statusPurpose } = credentialStatus
        await vcApi.changeStatus(principal, { credentialId, statusPurpose, status })
        return { status: 200, body: {} }
      },
    }),
    defineRoute({
      method: 'post',
      path: '/vc/credentials/derive',
      operationId: 'vcDeriveCredential',
      tags,
      summary: 'Make of a base proof what its holder wants to show',
      description: [
        'Of a credential under `ecdsa-sd-2023` as its issuer signed it: what every disclosure shows, and what the pointers lead to.',
        'It takes no key, and nothing is kept. A holder that does not want to show the whole of it here derives it by itself.',
      ].join(' '),
      access: 'public',
      request: { body: VcDeriveRequest, bodyLimit: 'credential' },
      responses: { 201: VcIssued },
      problems: [
        errors.noBaseProof,
        errors.pointersUnmatched,
        errors.credentialUnfit,
        errors.documentTooLarge,
      ],
      anyOrigin: true,
      handler: async ({ body, raw }) => {
        const { selectivePointers } = body.options
        const document = member(raw.json, 'verifiableCredential')
        const verifiableCredential = await vcApi.derive(document, selectivePointers)
        return { status: 201, body: { verifiableCredential } }
      },
    }),
    defineRoute({
      method: 'post',
      path: '/vc/credentials/verify',
      operationId: 'vcVerifyCredential',
      tags,
      summary: 'Verify a credential as VC-API has it',
      description: [
        'Every proof must hold; a credential that was revoked or suspended, is out of date, or whose status could not be looked up',
        'is not verified. Whether anybody here knows the issuer is a warning: `POST /v1/verify` makes it a verdict.',
      ].join(' '),
      access: 'public',
      request: { body: VcVerifyRequest, bodyLimit: 'credential' },
      responses: VERIFY_RESPONSES,
      problems: [errors.documentTooLarge],
      anyOrigin: true,
      handler: async ({ raw }) =>
        answer(credentialAnswer(await vcApi.verify({ document: member(raw.json, 'verifiableCredential') }))),
    }),
    defineRoute({
      method: 'post',
      path: '/vc/presentations/verify',
      operationId: 'vcVerifyPresentation',
      tags,
      summary: 'Verify a presentation as VC-API has it',
      description: [
        'Its own proof must have been made to present (`authentication`), by the holder that it names, with the challenge and for the',
        'domain that were asked for; then each credential in it is verified, at most 16.',
      ].join(' '),
      access: 'public',
      request: { body: VcVerifyPresentationRequest, bodyLimit: 'credential' },
      responses: VERIFY_RESPONSES,
      problems: [errors.documentTooLarge],
      anyOrigin: true,
      handler: async ({ body, raw }) => {
        const { challenge, domain } = body.options ?? {}
        const presentation = member(raw.json, 'verifiablePresentation')
        return answer(
          presentationAnswer(await vcApi.verifyPresentation(given({ presentation, challenge, domain }))),
        )
      },
    }),
    defineRoute({
      method: 'get',
      path: '/vc/status/{number}',
      operationId: 'vcReadStatusList',
      tags,
      summary: 'A status list of the built-in issuer',
      description:
        'There are none where the installation has no such issuer. Lists of issuers are at their own addresses.',
      access: 'public',
      request: { params: z.strictObject({ number: z.string().regex(/^[1-9]\d{0,8}$/) }) },
      responses: { 200: { bytes: ['application/json'] } },
      problems: [errors.notFound],
      anyOrigin: true,
      handler: async ({ params }) => ({
        status: 200,
        bytes: await vcApi.statusList(Number(params.number)),
        mediaType: 'application/json',
      }),
    }),
  ]
}

const answer = (result: VcApiAnswer) => ({ status: result.status, body: vcApiBody(result) as never })

/** The strictly parsed value, not what a schema made of it: what is signed and verified are the bytes as they came. */
function member(json: unknown, name: string): JsonObject {
  const value = isJsonObject(json as JsonObject) ? (json as JsonObject)[name] : undefined
  if (!isJsonObject(value)) throw new TypeError(`The schema let ${name} through.`)
  return value
}
