import express, { type Request, type Response, type Router } from 'express'
import { readBody } from '#api/http/body-reader.ts'
import type { HttpLimits } from '#api/http/http-limits.ts'
import { passed } from '#api/http/passed.ts'
import type { RateLimiter } from '#api/http/rate-limits.ts'
import type { WaarmerkError } from '#engine/errors/define-error.ts'
import { isJsonArray, isJsonObject, type JsonObject } from '#engine/shared/json.ts'
import {
  type BADGE_CONFIGURATIONS,
  type OfferBadges,
  PRE_AUTHORIZED,
  type WalletRefusal,
} from '#services/wallets/offer-badges.ts'

export interface WalletDoor {
  readonly offerBadges: Pick<OfferBadges, 'token' | 'nonce' | 'credential'>
  /** What a proof may be signed with. */
  readonly proofAlgorithms: readonly string[]
  /** PUBLIC_URL, without a slash at the end. */
  readonly publicUrl: string
}

const PATH = '/openid4vci'
const TOKEN = `${PATH}/token`
const CREDENTIAL = `${PATH}/credential`
const FORM = 'application/x-www-form-urlencoded'

/**
 * Where wallets fetch badges that were offered to them: OpenID for Verifiable Credential Issuance 1.0 with a pre-authorised code.
 * What a wallet asks wrongly is refused in its words and those of OAuth 2.0, bodies that cannot be read too (`walletRefusalOf`). Who comes
 * too often, and what breaks here, gets a problem document as everywhere.
 */
export function walletDoor({
  offerBadges,
  proofAlgorithms,
  publicUrl,
  limits,
  rateLimiter,
}: WalletDoor & { readonly limits: HttpLimits; readonly rateLimiter: RateLimiter }): Router {
  const router = express.Router({ caseSensitive: true, strict: true })
  const metadata = issuerMetadata(publicUrl, proofAlgorithms)
  const server = {
    issuer: publicUrl,
    token_endpoint: `${publicUrl}${TOKEN}`,
    token_endpoint_auth_methods_supported: ['none'],
    grant_types_supported: [PRE_AUTHORIZED],
    response_types_supported: [],
    'pre-authorized_grant_anonymous_access_supported': true,
  }

  const door =
    (route: string, work: (request: Request, response: Response) => Promise<void>) =>
    async (request: Request, response: Response) => {
      response.locals['route'] = route
      response.locals['caller'] = 'anonymous'
      await passed(rateLimiter.perCaller, request, response)
      // Wallets run in browsers too, and nothing here counts on a cookie.
      response.setHeader('Access-Control-Allow-Origin', '*')
      response.setHeader('Cache-Control', 'no-store')
      await work(request, response)
    }
  const refuse = (response: Response, { status, error, description }: WalletRefusal) => {
    if (status === 401) response.setHeader('WWW-Authenticate', `Bearer error="${error}"`)
    response.status(status).json({ error, error_description: description })
  }
  const bad = (response: Response, error: string, description: string) =>
    refuse(response, { ok: false, status: 400, error, description })

  for (const [path, document] of [
    ['/.well-known/openid-credential-issuer', metadata],
    ['/.well-known/oauth-authorization-server', server],
  ] as const)
    router.get(
      path,
      door(path, async (_request, response) => void response.json(document)),
    )

  router.post(
    TOKEN,
    door(TOKEN, async (request, response) => {
      const body = await readBody(request, ['form'], limits.body.standard)
      if (body === undefined) return bad(response, 'invalid_request', `Send ${FORM}.`)
      const form = new URLSearchParams(new TextDecoder().decode(body.bytes))
      if (form.get('grant_type') !== PRE_AUTHORIZED)
        return bad(response, 'unsupported_grant_type', `There is ${PRE_AUTHORIZED} and no other.`)
      const code = form.get('pre-authorized_code')
      if (code === null) return bad(response, 'invalid_request', 'pre-authorized_code is missing.')
      const answer = await offerBadges.token(code, form.get('tx_code') ?? undefined)
      if (!answer.ok) return refuse(response, answer)
      response.json({ access_token: answer.token, token_type: 'Bearer', expires_in: answer.expiresIn })
    }),
  )

  router.post(
    `${PATH}/nonce`,
    // A request has no parameters (section 7.1), and some wallets send a body all the same: it is not read.
    door(`${PATH}/nonce`, async (_request, response) => void response.json({ c_nonce: offerBadges.nonce() })),
  )

  router.post(
    CREDENTIAL,
    door(CREDENTIAL, async (request, response) => {
      const body = await readBody(request, ['json'], limits.body.standard)
      const asked = body?.json
      if (!isJsonObject(asked))
        return bad(response, 'invalid_credential_request', 'The body must be a JSON object.')
      const [, token = ''] = /^Bearer +([\w.~+/-]+=*)$/i.exec(request.headers.authorization ?? '') ?? []
      const { credential_configuration_id: configuration } = asked
      const answer = await offerBadges.credential(token, {
        configuration: typeof configuration === 'string' ? configuration : undefined,
        proof: proofIn(asked),
      })
      if (!answer.ok) return refuse(response, answer)
      response.json({ credentials: [{ credential: answer.credential }] })
    }),
  )

  router.options([TOKEN, `${PATH}/nonce`, CREDENTIAL], (_request, response) => {
    response.setHeader('Access-Control-Allow-Origin', '*')
    response.setHeader('Access-Control-Allow-Methods', 'POST')
    response.setHeader('Access-Control-Allow-Headers', 'Content-Type, Authorization')
    response.status(204).end()
  })
  return router
}

/** Of a body that could not be read. Undefined where the path or the error is another's to word. */
export function walletRefusalOf(path: string, { status, message }: WaarmerkError): object | undefined {
  const error = BAD_BODY[path]
  if (error === undefined || ![400, 413, 415].includes(status)) return undefined
  // RFC 6749, section 5.2, leaves few characters.
  return { error, error_description: message.replace(/[^\x20\x21\x23-\x5b\x5d-\x7e]/g, "'") }
}

/** RFC 6749, section 5.2; OpenID4VCI 1.0, section 8.3.1.2. */
const BAD_BODY: Readonly<Record<string, string>> = {
  [TOKEN]: 'invalid_request',
  [CREDENTIAL]: 'invalid_credential_request',
}

/** `proofs` as the final text has it, or `proof` of the drafts before it. One proof: a badge is handed out once. */
function proofIn({ proofs, proof }: JsonObject): string | undefined {
  const list = isJsonObject(proofs) ? proofs['jwt'] : undefined
  if (isJsonArray(list)) return list.length === 1 && typeof list[0] === 'string' ? list[0] : undefined
  const single = isJsonObject(proof) && proof['proof_type'] === 'jwt' ? proof['jwt'] : undefined
  return typeof single === 'string' ? single : undefined
}

/** OpenID4VCI 1.0, section 12.2, and appendices A.1.1 and A.1.2 for the two formats. */
function issuerMetadata(publicUrl: string, proofAlgorithms: readonly string[]): object {
  const display = [
    { name: 'Open Badge', locale: 'en' },
    { name: 'Open Badge', locale: 'nl' },
  ]
  const type = ['VerifiableCredential', 'OpenBadgeCredential']
  const common = {
    cryptographic_binding_methods_supported: ['jwk', 'did:key', 'did:jwk'],
    proof_types_supported: { jwt: { proof_signing_alg_values_supported: proofAlgorithms } },
    credential_metadata: { display },
  }
  const configurations: Readonly<Record<keyof typeof BADGE_CONFIGURATIONS, object>> = {
    OpenBadgeCredential_ldp_vc: {
      format: 'ldp_vc',
      credential_definition: {
        '@context': [
          'https://www.w3.org/ns/credentials/v2',
          'https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json',
        ],
        type,
      },
      credential_signing_alg_values_supported: ['eddsa-rdfc-2022', 'ecdsa-rdfc-2019'],
      ...common,
    },
    OpenBadgeCredential_jwt_vc_json: {
      format: 'jwt_vc_json',
      credential_definition: { type },
      credential_signing_alg_values_supported: ['EdDSA', 'ES256'],
      ...common,
    },
  }
  return {
    credential_issuer: publicUrl,
    credential_endpoint: `${publicUrl}${CREDENTIAL}`,
    nonce_endpoint: `${publicUrl}${PATH}/nonce`,
    display: [{ name: 'Waarmerk' }],
    credential_configurations_supported: configurations,
  }
}
