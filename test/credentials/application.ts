import {
  allowInsecureRequests,
  authorizationCodeGrant,
  buildAuthorizationUrl,
  ClientSecretBasic,
  type Configuration,
  calculatePKCECodeChallenge,
  dynamicClientRegistration,
  randomPKCECodeVerifier,
  randomState,
} from 'openid-client'
import { OB_SCOPES } from '#engine/open-badges-api/scopes.ts'
import type { TestProduct } from '#test/product/test-product.ts'
import type { Visitor } from './visitor.ts'

export const ALL_SCOPES = Object.values(OB_SCOPES)
export const RETURNS_TO = 'https://wallet.example.org/callback'

export const CLIENT_METADATA = {
  client_name: 'TEST Wallet',
  client_uri: 'https://wallet.example.org',
  logo_uri: 'https://wallet.example.org/logo.png',
  tos_uri: 'https://wallet.example.org/terms',
  policy_uri: 'https://wallet.example.org/privacy',
  software_id: 'c88b6ed8-269e-448e-99be-7e2ff47167d1',
  software_version: 'v4.0.30319',
  redirect_uris: [RETURNS_TO],
  token_endpoint_auth_method: 'client_secret_basic',
  grant_types: ['authorization_code', 'refresh_token'],
  response_types: ['code'],
  scope: [...ALL_SCOPES, 'offline_access'].join(' '),
}

/** A wallet of somebody else, which speaks OAuth by a certified library. */
export const registerApplication = (product: TestProduct): Promise<Configuration> =>
  dynamicClientRegistration(new URL(`${product.url}/oauth`), CLIENT_METADATA, ClientSecretBasic(), {
    algorithm: 'oauth2',
    execute: [allowInsecureRequests],
  })

/** A question to somebody to let the application in, with what its answer is checked by. */
export async function askFor(application: Configuration, scopes: readonly string[]) {
  const pkceCodeVerifier = randomPKCECodeVerifier()
  const expectedState = randomState()
  const url = buildAuthorizationUrl(application, {
    redirect_uri: RETURNS_TO,
    scope: scopes.join(' '),
    state: expectedState,
    code_challenge: await calculatePKCECodeChallenge(pkceCodeVerifier),
    code_challenge_method: 'S256',
  })
  return { url, checks: { pkceCodeVerifier, expectedState } }
}

/** Lets the application in, and answers its tokens. */
export async function connect(
  application: Configuration,
  visitor: Visitor,
  scopes: readonly string[] = [...ALL_SCOPES, 'offline_access'],
) {
  const { url, checks } = await askFor(application, scopes)
  return authorizationCodeGrant(application, await visitor.answerRequest(url.href), checks)
}
