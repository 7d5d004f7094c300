import {
  AuthorizationResponseError,
  allowInsecureRequests,
  authorizationCodeGrant,
  buildAuthorizationUrl,
  buildEndSessionUrl,
  type ClientAuth,
  ClientError,
  type ClientMetadata,
  ClientSecretBasic,
  ClientSecretPost,
  Configuration,
  calculatePKCECodeChallenge,
  clockTolerance,
  discovery,
  enableNonRepudiationChecks,
  fetchUserInfo,
  None,
  ResponseBodyError,
  type ServerMetadata,
} from 'openid-client'
import type { ProvingClaim, RequiredClaim } from '#engine/access/proven-identities.ts'
import { errors } from '#engine/errors/catalogue.ts'
import type { WaarmerkError } from '#engine/errors/define-error.ts'
import type { JsonObject } from '#engine/shared/json.ts'
import type { IdentityProvider, RoundTrip } from '#services/ports/identity-providers.ts'
import type { Log } from '#services/ports/log.ts'

export interface OidcSettings {
  readonly id: string
  readonly name: string
  /** Its issuer identifier: https, or http on localhost. The discovery document must name exactly this. */
  readonly issuer: string
  readonly clientId: string
  /** Without one the client is public, and PKCE alone protects the code. */
  readonly clientSecret?: string
  readonly clientAuth: 'basic' | 'post'
  readonly scopes: readonly string[]
  readonly proves: readonly ProvingClaim[]
  readonly requires: readonly RequiredClaim[]
  /** Sent along, and one of them must come back. */
  readonly acrValues: readonly string[]
  readonly prompt?: string
  /** Seconds since the person last showed a password there. */
  readonly maxAgeS?: number
  /** Whether our address is registered there to come back to after signing out. */
  readonly returnsAfterSignOut: boolean
  /** By how many seconds its clock and ours may differ. */
  readonly clockToleranceS: number
}

const TIMEOUT_S = 5
/** How long its discovery document is taken for what it is. */
const METADATA_MS = 10 * 60_000

/**
 * An OpenID Connect provider: authorisation code flow with PKCE, on a certified library.
 *
 * The URL is the operator's, not a stranger's, so it is fetched directly; plain http is for localhost. Keys are fetched
 * anew at each sign-in: one that the provider has taken back is not honoured, and a new one is known at once. The
 * signature of the ID token is checked although TLS would do, so no token without one (`none`) or with a shared secret
 * (HS256) passes.
 */
export function createOidcProvider(settings: OidcSettings, log: Log): IdentityProvider {
  const { id, name, issuer, clientId, clientSecret, acrValues, prompt, maxAgeS } = settings
  const isPlain = issuer.startsWith('http:')
  let known: { readonly metadata: ServerMetadata; readonly until: number } | undefined

  const configured = (configuration: Configuration): Configuration => {
    enableNonRepudiationChecks(configuration)
    if (isPlain) allowInsecureRequests(configuration)
    configuration.timeout = TIMEOUT_S
    return configuration
  }

  /** A new one each time: it would hold on to keys. */
  const configure = async (): Promise<Configuration> => {
    const client: Partial<ClientMetadata> = { [clockTolerance]: settings.clockToleranceS }
    const auth = clientAuth(clientSecret, settings.clientAuth)
    if (known === undefined || known.until < performance.now()) {
      const found = await discovery(new URL(issuer), clientId, client, auth, {
        execute: isPlain ? [allowInsecureRequests] : [],
        timeout: TIMEOUT_S,
      }).catch((error: unknown) => {
        // Whatever is wrong with it: nobody can sign in there now.
        throw errors.providerUnavailable({ provider: name }, error)
      })
      known = { metadata: found.serverMetadata(), until: performance.now() + METADATA_MS }
    }
    return configured(new Configuration({ ...known.metadata }, clientId, client, auth))
  }

  const refusal = (error: unknown): WaarmerkError => {
    const problem = problemOf(error, name)
    log.warn('sign-in.provider', {
      provider: id,
      problem: problem.code,
      fault: faultOf(isOurs(error) ? error.cause : error),
    })
    if (problem.code === 'provider-unavailable') known = undefined
    return problem
  }

  return {
    id,
    name,
    proves: settings.proves,
    requires: settings.requires,

    begin: async ({ redirectUri, state, nonce, codeVerifier }, language) => {
      try {
        return buildAuthorizationUrl(await configure(), {
          redirect_uri: redirectUri,
          scope: settings.scopes.join(' '),
          state,
          nonce,
          code_challenge: await calculatePKCECodeChallenge(codeVerifier),
          code_challenge_method: 'S256',
          ui_locales: language,
          ...(acrValues.length === 0 ? {} : { acr_values: acrValues.join(' ') }),
          ...(prompt === undefined ? {} : { prompt }),
          ...(maxAgeS === undefined ? {} : { max_age: String(maxAgeS) }),
        }).href
      } catch (error) {
        throw refusal(error)
      }
    },

    finish: async (trip: RoundTrip, query: string) => {
      try {
        const configuration = await configure()
        const tokens = await authorizationCodeGrant(configuration, new URL(`${trip.redirectUri}?${query}`), {
          expectedState: trip.state,
          expectedNonce: trip.nonce,
          pkceCodeVerifier: trip.codeVerifier,
          idTokenExpected: true,
          ...(maxAgeS === undefined ? {} : { maxAge: maxAgeS }),
        })
        const claims = tokens.claims()
        if (claims === undefined) throw errors.providerAnswerInvalid({ provider: name })
        if (acrValues.length > 0 && !acrValues.includes(String(claims['acr'])))
          throw errors.providerAnswerInvalid({ provider: name })
        const told =
          configuration.serverMetadata().userinfo_endpoint === undefined
            ? undefined
            : await fetchUserInfo(configuration, tokens.access_token, claims.sub)
        const sources = told === undefined ? [claims] : [claims, told]
        return { sources: sources as unknown as readonly JsonObject[], idToken: tokens.id_token ?? '' }
      } catch (error) {
        throw refusal(error)
      }
    },

    signOut: async (idToken, home) => {
      try {
        const configuration = await configure()
        if (configuration.serverMetadata().end_session_endpoint === undefined) return undefined
        return buildEndSessionUrl(configuration, {
          id_token_hint: idToken,
          ...(settings.returnsAfterSignOut ? { post_logout_redirect_uri: home } : {}),
        }).href
      } catch (error) {
        // Whoever signs out is signed out here, whatever becomes of it there.
        refusal(error)
        return undefined
      }
    },
  }
}

function clientAuth(secret: string | undefined, how: 'basic' | 'post'): ClientAuth {
  if (secret === undefined) return None()
  return how === 'basic' ? ClientSecretBasic(secret) : ClientSecretPost(secret)
}

/** Who is to blame: the network and the settings (`unavailable`), the person there (`refused`), or the answer. */
function problemOf(error: unknown, provider: string): WaarmerkError {
  if (isOurs(error)) return error
  if (error instanceof AuthorizationResponseError)
    return error.error === 'server_error' || error.error === 'temporarily_unavailable'
      ? errors.providerUnavailable({ provider }, error)
      : errors.providerRefused({ provider, error: knownWord(error.error) }, error)
  // The code was used, is over, or belongs to somebody else; all other words speak of our settings.
  if (error instanceof ResponseBodyError)
    return error.error === 'invalid_grant'
      ? errors.providerAnswerInvalid({ provider }, error)
      : errors.providerUnavailable({ provider }, error)
  if (error instanceof ClientError && !NO_ANSWER.includes(error.code ?? ''))
    return errors.providerAnswerInvalid({ provider }, error)
  return errors.providerUnavailable({ provider }, error)
}

/** Codes that say that there was no proper answer at all, where all others say that it was wrong. */
const NO_ANSWER: readonly string[] = [
  '',
  'OAUTH_TIMEOUT',
  'OAUTH_ABORT',
  'OAUTH_RESPONSE_IS_NOT_CONFORM',
  'OAUTH_RESPONSE_IS_NOT_JSON',
  'OAUTH_HTTP_REQUEST_FORBIDDEN',
  'OAUTH_REQUEST_PROTOCOL_FORBIDDEN',
  'OAUTH_MISSING_SERVER_METADATA',
]

const isOurs = (error: unknown): error is WaarmerkError =>
  error instanceof Error && error.name === 'WaarmerkError'

/** The provider's word reached us through the browser: anybody may have written it. */
const knownWord = (word: string): string => (/^[a-z_]{1,50}$/.test(word) ? word : 'unknown')

/** For the log: the library's code, and no words of anybody. */
const faultOf = (error: unknown): string => {
  if (error instanceof AuthorizationResponseError || error instanceof ResponseBodyError)
    return knownWord(error.error)
  return error instanceof ClientError
    ? (error.code ?? 'unknown')
    : error instanceof Error
      ? error.name
      : 'unknown'
}
