import { createPrivateKey, hkdfSync } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import {
  type Interaction,
  interactionPolicy,
  type KoaContext,
  errors as oauthErrors,
  Provider,
} from 'oidc-provider'
import { knownScopes, OB_SCOPES, OFFLINE_ACCESS } from '#engine/open-badges-api/scopes.ts'
import { SECOND_MS } from '#engine/shared/duration.ts'
import type { AccountId } from '#engine/shared/ids.ts'
import { asInstant } from '#engine/shared/instant.ts'
import type { JsonObject } from '#engine/shared/json.ts'
import {
  type AuthorizationServer,
  type ClientSaid,
  CONNECT_COOKIE,
  CONNECT_PATH,
  OAUTH_PATH,
} from '#services/ports/authorization-server.ts'
import type { Log } from '#services/ports/log.ts'
import type { OAuthRecord } from '#services/ports/oauth-store.ts'
import { errorPage } from './error-page.ts'
import { createOAuthRecords, type RecordNeeds } from './record-adapter.ts'

export interface AuthorizationServerNeeds extends RecordNeeds {
  readonly masterKey: Uint8Array
  readonly log: Log
  /** PUBLIC_URL, without a slash at the end. */
  readonly origin: string
}

const DAY_S = 86_400
/** In seconds. The specification of the API advises 3600 for access tokens and about 10 minutes for codes. */
const LIFE_S = {
  AccessToken: 3600,
  AuthorizationCode: 600,
  RefreshToken: 90 * DAY_S,
  Grant: 365 * DAY_S,
  // To sign in by a mail takes its time.
  Interaction: 1800,
  Session: 1800,
  IdToken: 600,
}

const SESSION_COOKIE = 'waarmerk-oauth'
const MOST_NAME = 200

export interface OpenAuthorizationServer extends AuthorizationServer {
  /** Answers what comes to `/oauth`. */
  handle(request: IncomingMessage, response: ServerResponse): void
}

/**
 * The authorization server of the Open Badges API, on oidc-provider (certified for OpenID Connect). It speaks OAuth 2.0
 * alone: codes with PKCE (S256), confidential clients that registered themselves, opaque tokens.
 *
 * Whoever lets an application in has signed in to us in the usual way and is asked each time: the library's own session
 * begins anew with every request, so that who is signed in is told in one place. Nothing that a client names is fetched.
 */
export function createAuthorizationServer(needs: AuthorizationServerNeeds): OpenAuthorizationServer {
  const { database, clock, log, masterKey, origin } = needs
  const records = createOAuthRecords(needs)
  const provider = new Provider(`${origin}${OAUTH_PATH}`, {
    adapter: records.adapter,
    jwks: { keys: [signingKey(masterKey)] },
    cookies: {
      keys: [derive(masterKey, 'waarmerk oauth cookies 1').toString('base64url')],
      names: { session: SESSION_COOKIE, interaction: CONNECT_COOKIE, resume: 'waarmerk-resume' },
    },
    routes: {
      authorization: '/authorize',
      token: '/token',
      registration: '/register',
      revocation: '/revoke',
    },
    scopes: [...Object.values(OB_SCOPES), OFFLINE_ACCESS],
    responseTypes: ['code'],
    clientAuthMethods: ['client_secret_basic'],
    clientDefaults: {
      grant_types: ['authorization_code', 'refresh_token'],
      response_types: ['code'],
      token_endpoint_auth_method: 'client_secret_basic',
      id_token_signed_response_alg: 'EdDSA',
    },
    enabledJWA: { idTokenSigningAlgValues: ['EdDSA'] },
    extraClientMetadata: {
      properties: ['software_id', 'software_version'],
      validator: (_ctx: unknown, _name: string, _value: unknown, metadata: Record<string, unknown>) =>
        assertShort(metadata),
    },
    features: {
      devInteractions: { enabled: false },
      dPoP: { enabled: false },
      pushedAuthorizationRequests: { enabled: false },
      registration: { enabled: true, issueRegistrationAccessToken: false },
      resourceIndicators: { enabled: false },
      revocation: {
        enabled: true,
        allowedPolicy: (_ctx: unknown, client: { clientId: string }, token: { clientId: string }) =>
          client.clientId === token.clientId,
      },
      rpInitiatedLogout: { enabled: false },
      userinfo: { enabled: false },
    },
    pkce: { required: () => true },
    rotateRefreshToken: true,
    expiresWithSession: () => false,
    ttl: LIFE_S,
    interactions: {
      policy: policy(),
      url: (_ctx: unknown, { uid }: Interaction) => `${origin}${CONNECT_PATH}/${uid}`,
    },
    // An earlier yes does not count: what is granted is what was asked this time.
    loadExistingGrant: async (ctx: KoaContext) => {
      const grantId = ctx.oidc.result?.consent?.grantId
      return grantId === undefined ? undefined : provider.Grant.find(grantId)
    },
    findAccount: (_ctx: unknown, sub: string) => ({ accountId: sub, claims: () => ({ sub }) }),
    renderError: (ctx: KoaContext, out: { error: string; error_description?: string }) => {
      ctx.type = 'html'
      ctx.body = errorPage(out)
    },
    fetch: () => Promise.reject(new Error('No address of a client is fetched.')),
  })
  // Where it stands is said below, whatever the request says.
  provider.proxy = true
  provider.on('server_error', (_ctx, error) => log.error('oauth.broke', { error }))
  const answer = provider.callback()
  const { host, protocol } = new URL(origin)

  const finish = async (uid: string, result: Record<string, unknown>): Promise<string | undefined> => {
    const interaction = await open(uid)
    if (interaction === undefined) return undefined
    interaction.result = result
    await interaction.save(interaction.exp - Math.floor(clock.now() / SECOND_MS))
    return interaction.returnTo
  }
  const open = async (uid: string): Promise<Interaction | undefined> => {
    const interaction = await provider.Interaction.find(uid)
    return interaction?.result === undefined ? interaction : undefined
  }
  const saidBy = async (clientId: string | undefined): Promise<ClientSaid | undefined> => {
    const client = clientId === undefined ? undefined : await provider.Client.find(clientId)
    return client === undefined ? undefined : clientSaid(client.metadata())
  }

  return {
    handle: (request, response) => {
      const { headers } = request
      delete headers['x-forwarded-host']
      headers.host = host
      headers['x-forwarded-proto'] = protocol.slice(0, -1)
      if (request.url?.split('?', 1)[0] === '/authorize') beginAnew(request)
      answer(request, response)
    },

    request: async (uid) => {
      const interaction = await open(uid)
      const client = await saidBy(interaction?.params['client_id'])
      if (interaction === undefined || client === undefined) return undefined
      return {
        client,
        clientId: interaction.params['client_id'] ?? '',
        returnsTo: interaction.params['redirect_uri'] ?? '',
        scopes: scopesIn(interaction),
        expiresAt: asInstant(interaction.exp * SECOND_MS),
      }
    },

    allow: async (uid, accountId) => {
      const interaction = await open(uid)
      const clientId = interaction?.params['client_id']
      if (interaction === undefined || clientId === undefined) return undefined
      const grant = new provider.Grant({ clientId, accountId })
      grant.addOIDCScope(scopesIn(interaction).join(' '))
      const grantId = await grant.save()
      return finish(uid, { login: { accountId, remember: false }, consent: { grantId } })
    },

    refuse: (uid) => finish(uid, { error: 'access_denied', error_description: 'The person said no.' }),

    holder: async (text) => {
      const token = await provider.AccessToken.find(text)
      if (token === undefined) return undefined
      const { accountId, clientId, scopes } = token
      return { accountId: accountId as AccountId, clientId, scopes }
    },

    applications: async (accountId) => {
      const { grants, clients } = await database.asWorker(async (stores) => {
        const grants = await stores.oauth.grantsOf(accountId, clock.now())
        const clients = new Map<string, OAuthRecord>()
        for (const grant of grants) {
          const { clientId } = records.open(grant)
          if (typeof clientId !== 'string' || clients.has(clientId)) continue
          const client = await stores.oauth.find('Client', records.hash(clientId))
          if (client !== undefined) clients.set(clientId, client)
        }
        return { grants, clients }
      })
      // Of a client that was let in several times, what it was last let into.
      const shown = new Map<string, OAuthRecord>()
      for (const grant of grants) {
        const clientId = String(records.open(grant)['clientId'])
        if (!shown.has(clientId)) shown.set(clientId, grant)
      }
      return [...shown].flatMap(([clientId, grant]) => {
        const client = clients.get(clientId)
        if (client === undefined) return []
        const { openid } = records.open(grant) as { openid?: { scope?: string } }
        return [
          {
            id: client.id,
            client: clientSaid(records.open(client)),
            scopes: knownScopes((openid?.scope ?? '').split(' ')),
            since: grant.createdAt,
            until: grant.expiresAt ?? grant.createdAt,
          },
        ]
      })
    },

    withdraw: (accountId, applicationId) =>
      database.asWorker(async (stores) => {
        const client = await stores.oauth.findById('Client', applicationId)
        if (client?.clientHash === undefined) return undefined
        const grants = await stores.oauth.withdraw(accountId, client.clientHash)
        return grants === 0 ? undefined : clientSaid(records.open(client))
      }),
  }
}

/** Everybody is asked, each time. What the specification of the API wants of a request besides is looked at here. */
function policy() {
  const made = interactionPolicy.base()
  made.get('login').checks.add(
    new interactionPolicy.Check(
      'asked_here',
      'who lets it in is asked here',
      'login_required',
      ({ oidc }) => {
        if (oidc.params?.['state'] === undefined) throw new oauthErrors.InvalidRequest('state is required')
        if (![...oidc.requestParamOIDCScopes].some((scope) => scope !== OFFLINE_ACCESS))
          throw new oauthErrors.InvalidScope(
            'a scope of the Open Badges API is required',
            oidc.params['scope'] ?? '',
          )
        return oidc.result?.login === undefined
      },
    ),
  )
  return made
}

/** The library's session of before does not count, and a refresh token needs no word besides its scope. */
function beginAnew(request: IncomingMessage): void {
  const { headers } = request
  if (headers.cookie !== undefined)
    headers.cookie = headers.cookie
      .split(/; */)
      .filter((each) => !each.startsWith(SESSION_COOKIE))
      .join('; ')
  const [path = '', query = ''] = (request.url ?? '').split('?')
  const asked = new URLSearchParams(query)
  if (!asked.has('prompt') && (asked.get('scope') ?? '').split(' ').includes(OFFLINE_ACCESS))
    request.url = `${path}?${query}&prompt=consent`
}

const scopesIn = ({ params }: Interaction) => knownScopes((params['scope'] ?? '').split(' '))

function clientSaid(metadata: Readonly<Record<string, unknown>> | JsonObject): ClientSaid {
  const {
    client_name: name,
    client_uri: url,
    tos_uri: terms,
    policy_uri: privacy,
    redirect_uris: to,
  } = metadata
  const text = (value: unknown): value is string => typeof value === 'string' && value !== ''
  return {
    name: text(name) ? name : new URL(String(Array.isArray(to) ? to[0] : 'https://unknown.invalid')).hostname,
    ...(text(url) ? { url } : {}),
    ...(text(terms) ? { termsUrl: terms } : {}),
    ...(text(privacy) ? { privacyUrl: privacy } : {}),
  }
}

/** What people are shown must be readable, and a redirect address is kept for long. */
function assertShort(metadata: Readonly<Record<string, unknown>>): void {
  const { client_name: name, redirect_uris: to, software_id: id, software_version: version } = metadata
  for (const [member, value] of Object.entries({
    client_name: name,
    software_id: id,
    software_version: version,
  }))
    if (value !== undefined && (typeof value !== 'string' || value.length > MOST_NAME))
      throw new oauthErrors.InvalidClientMetadata(
        `${member} must be a text of at most ${MOST_NAME} characters`,
      )
  if (Array.isArray(to) && to.length > 10)
    throw new oauthErrors.InvalidClientMetadata('redirect_uris must have at most 10 members')
}

const derive = (masterKey: Uint8Array, purpose: string): Buffer =>
  Buffer.from(hkdfSync('sha256', masterKey, new Uint8Array(0), purpose, 32))

/** The library wants a key, though nothing is signed: tokens are opaque. Ed25519, from a seed in PKCS #8 (RFC 8410). */
function signingKey(masterKey: Uint8Array) {
  const seed = derive(masterKey, 'waarmerk oauth signing 1')
  const der = Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), seed])
  const jwk = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' }).export({ format: 'jwk' })
  return { ...jwk, alg: 'EdDSA', use: 'sig', kid: 'oauth-1' }
}
