import type { Principal } from '#engine/access/rights.ts'
import { errors } from '#engine/errors/catalogue.ts'
import { WaarmerkError } from '#engine/errors/define-error.ts'
import { OB_SCOPES, OFFLINE_ACCESS } from '#engine/open-badges-api/scopes.ts'
import { equalBytes, utf8 } from '#engine/shared/bytes.ts'
import { HOUR_MS, MINUTE_MS } from '#engine/shared/duration.ts'
import type { AccountId, CredentialId, HostConnectionId } from '#engine/shared/ids.ts'
import { asInstant, type Instant } from '#engine/shared/instant.ts'
import type { JsonObject } from '#engine/shared/json.ts'
import { hashToken, newToken } from '#services/access/secret-token.ts'
import type { ServeCredentials } from '#services/credentials/serve-credentials.ts'
import type { BadgeHosts, HostClient, HostTokens } from '#services/ports/badge-host.ts'
import type { Clock } from '#services/ports/clock.ts'
import type { Database } from '#services/ports/database.ts'
import type { Hashes } from '#services/ports/hashes.ts'
import type { HostConnection } from '#services/ports/host-connection-store.ts'
import type { Random } from '#services/ports/random.ts'
import type { SecretBox } from '#services/ports/secret-box.ts'
import type { Stores } from '#services/ports/stores.ts'
import type { HostCredentials } from './host-credentials.ts'
import type { HostProfile } from './host-profile.ts'

export interface ConnectHostsNeeds {
  readonly database: Database
  readonly clock: Clock
  readonly random: Random
  readonly hashes: Hashes
  readonly secretBox: SecretBox
  readonly hosts: BadgeHosts
  readonly hostCredentials: Pick<HostCredentials, 'upsert'>
  readonly hostProfile: Pick<HostProfile, 'show'>
  readonly credentials: Pick<ServeCredentials, 'document'>
  /** PUBLIC_URL, without a slash at the end. */
  readonly origin: string
}

/** What became of what was fetched. `refused`: under which codes, and how often. */
export interface FetchedBadges {
  readonly created: number
  readonly replaced: number
  readonly kept: number
  readonly refused: Readonly<Record<string, number>>
  /** There is more than is fetched at once. */
  readonly more: boolean
}

type Person = Extract<Principal, { kind: 'session' }>
type Connected = Extract<HostConnection, { state: 'connected' | 'lost' }>

interface Secrets {
  readonly client: HostClient
  /** Of the trip that is under way. */
  readonly state?: string
  readonly codeVerifier?: string
  readonly tokens?: HostTokens
}

/** How long somebody may take to say yes at the other host. */
const TRIP_MS = HOUR_MS
/** A token that ends so soon is as good as ended. */
const MARGIN_MS = MINUTE_MS
const MOST_CONNECTIONS = 20
/** What is fetched at once, page by page. */
const A_PAGE = 50
const MOST_PAGES = 5

export type ConnectHosts = ReturnType<typeof createConnectHosts>

/** Other backpacks and wallets that somebody connects theirs to: badges come from there and go there. */
export const createConnectHosts = (needs: ConnectHostsNeeds) => {
  const {
    database,
    clock,
    random,
    hashes,
    secretBox,
    hosts,
    hostCredentials,
    hostProfile,
    credentials,
    origin,
  } = needs

  const context = (id: HostConnectionId) => ({ keyId: 'host-connection', rowId: id })
  const seal = (id: HostConnectionId, secrets: Secrets) =>
    secretBox.seal(utf8(JSON.stringify(secrets)), context(id))
  const open = ({ id, sealed }: { id: HostConnectionId; sealed: Uint8Array }): Secrets =>
    JSON.parse(new TextDecoder().decode(secretBox.open(sealed, context(id)))) as Secrets
  const redirectUri = (id: HostConnectionId) => `${origin}/connections/callback/${id}`

  const own = async (stores: Stores, { accountId }: Person, id: HostConnectionId) => {
    const found = await stores.hostConnections.find(id)
    if (found === undefined || found.accountId !== accountId || found.state === 'ended')
      throw errors.notFound({ what: 'connection', id })
    return found
  }
  const record = (stores: Stores, accountId: AccountId, action: string, detail: JsonObject) =>
    stores.accounts.record(accountId, { id: random.rowId(), at: clock.now(), action, detail })

  /** Begins a trip to the host, with a client that is registered there. */
  const sendOff = async (
    connection: Omit<HostConnection, 'state'>,
    client: HostClient,
    tokens?: HostTokens,
  ) => {
    const state = newToken(random, hashes.sha256)
    const codeVerifier = newToken(random, hashes.sha256).token
    const { id, description } = connection
    const url = await hosts.authorizeAt(
      description,
      client,
      { redirectUri: redirectUri(id), state: state.token, codeVerifier },
      [...description.scopes, OFFLINE_ACCESS],
    )
    const asked: HostConnection = {
      ...connection,
      state: 'asked',
      stateHash: state.hash,
      sealed: seal(id, {
        client,
        state: state.token,
        codeVerifier,
        ...(tokens === undefined ? {} : { tokens }),
      }),
      expiresAt: asInstant(clock.now() + TRIP_MS),
    }
    return { asked, url }
  }

  /** Does something with a token that is good, and remembers a new one; a connection that is honoured no more is lost. */
  const withToken = async <T>(
    person: Person,
    id: HostConnectionId,
    scope: string,
    work: (connection: Connected, token: string) => Promise<T>,
  ): Promise<T> => {
    const connection = await database.asWorker((stores) => own(stores, person, id))
    const host = new URL(connection.description.apiUrl).host
    if (connection.state !== 'connected') throw errors.hostConnectionLost({ host })
    if (!connection.scopes.includes(scope)) throw errors.hostScopeMissing({ host, scope })
    let held: Connected = connection
    const keep = async (tokens: HostTokens): Promise<void> => {
      held = { ...held, sealed: seal(id, { ...open(held), tokens }) }
      await database.asWorker((stores) => stores.hostConnections.replace('connected', held))
    }
    /** Another call may have renewed the tokens meanwhile: then it is these that were refused, and nothing is lost. */
    const lose = () =>
      database.asWorker(async (stores) => {
        const now = await stores.hostConnections.find(id)
        if (now?.state === 'connected' && equalBytes(now.sealed, held.sealed))
          await stores.hostConnections.replace('connected', { ...now, state: 'lost' })
      })
    const { client, tokens } = open(connection)
    if (tokens === undefined) throw errors.hostConnectionLost({ host })
    const renewed = async (): Promise<string> => {
      const fresh = await hosts.refresh(connection.description, client, tokens)
      await keep(fresh)
      return fresh.accessToken
    }
    try {
      const isOver = tokens.expiresAt !== undefined && tokens.expiresAt - MARGIN_MS <= clock.now()
      if (isOver) return await work(connection, await renewed())
      try {
        return await work(connection, tokens.accessToken)
      } catch (error) {
        // Taken back before its time, where the host honours a refresh still.
        if (!isLost(error) || tokens.refreshToken === undefined) throw error
        return await work(connection, await renewed())
      }
    } catch (error) {
      if (isLost(error)) await lose()
      throw error
    }
  }

  return {
    list: ({ accountId }: Person): Promise<readonly HostConnection[]> =>
      database.asWorker((stores) => stores.hostConnections.ofAccount(accountId)),

    /**
     * Finds out what is at an address, registers there, and answers where the browser goes to say yes.
     * Throws `too-many-connections`, and as `BadgeHosts` does.
     */
    begin: async (person: Person, address: string): Promise<{ connection: HostConnection; url: string }> => {
      const { accountId } = person
      const assertRoom = async (stores: Stores) => {
        if ((await stores.hostConnections.ofAccount(accountId)).length >= MOST_CONNECTIONS)
          throw errors.tooManyConnections({ most: MOST_CONNECTIONS })
      }
      await database.asWorker(assertRoom)
      const id = random.uuid() as HostConnectionId
      const description = await hosts.describe(address)
      if (description.scopes.length === 0)
        throw errors.hostUnusable({
          host: new URL(description.apiUrl).host,
          reason: 'its description offers no scope of the Open Badges API',
        })
      const client = await hosts.register(description, redirectUri(id))
      const { name, apiUrl: baseUrl } = description
      const { asked, url } = await sendOff(
        { id, accountId, baseUrl, name, description, scopes: [], createdAt: clock.now() },
        client,
      )
      await database.asWorker(async (stores) => {
        await assertRoom(stores)
        await stores.hostConnections.insert(asked)
        await record(stores, accountId, 'connection.begun', { host: new URL(baseUrl).host })
      })
      return { connection: asked, url }
    },

    /** Goes there once more, to say yes again. */
    again: async (
      person: Person,
      id: HostConnectionId,
    ): Promise<{ connection: HostConnection; url: string }> => {
      const before = await database.asWorker((stores) => own(stores, person, id))
      const { client, tokens } = open(before)
      const { asked, url } = await sendOff(before, client, tokens)
      await database.asWorker((stores) => stores.hostConnections.replace(before.state, asked))
      return { connection: asked, url }
    },

    /**
     * Ends the trip with what the browser came back with. Throws `connection-trip-invalid`, and as `BadgeHosts` does.
     */
    finish: async (person: Person, id: HostConnectionId, query: string): Promise<HostConnection> => {
      const state = new URLSearchParams(query).get('state') ?? ''
      const asked = await database.asWorker((stores) => stores.hostConnections.find(id))
      if (
        asked?.state !== 'asked' ||
        asked.accountId !== person.accountId ||
        asked.expiresAt <= clock.now() ||
        !equalBytes(asked.stateHash, hashToken(state, hashes.sha256))
      )
        throw errors.connectionTripInvalid({})
      const { client, codeVerifier = '' } = open(asked)
      const trip = { redirectUri: redirectUri(id), state, codeVerifier }
      const tokens = await hosts.redeem(asked.description, client, trip, query)
      const { stateHash: _, expiresAt: __, ...rest } = asked
      const granted = tokens.scopes.length === 0 ? [...asked.description.scopes] : [...tokens.scopes]
      const connected: HostConnection = {
        ...rest,
        state: 'connected',
        scopes: granted,
        sealed: seal(id, { client, tokens }),
        connectedAt: clock.now(),
      }
      return database.asWorker(async (stores) => {
        if (!(await stores.hostConnections.replace('asked', connected)))
          throw errors.connectionTripInvalid({})
        await record(stores, person.accountId, 'connection.made', {
          host: new URL(asked.baseUrl).host,
          scopes: granted.join(' '),
        })
        return connected
      })
    },

    /** Fetches badges, which are verified and kept as badges from elsewhere: 250 at once at most. */
    fetch: (person: Person, id: HostConnectionId, since?: Instant): Promise<FetchedBadges> =>
      withToken(person, id, OB_SCOPES.readCredentials, async (connection, token) => {
        const counts = { created: 0, replaced: 0, kept: 0 }
        const refused: Record<string, number> = {}
        let more = true
        for (let offset = 0, page = 0; more && page < MOST_PAGES; page++) {
          const { documents, isLast } = await hosts.credentials(connection.description, token, {
            limit: A_PAGE,
            offset,
            ...(since === undefined ? {} : { since }),
          })
          for (const document of documents.slice(0, A_PAGE)) {
            const outcome = await takeIn(person.accountId, document)
            if (outcome in counts) counts[outcome as keyof typeof counts]++
            else refused[outcome] = (refused[outcome] ?? 0) + 1
          }
          offset += documents.length
          more = !isLast
        }
        await database.asWorker(async (stores) => {
          // The tokens may have been renewed meanwhile: only the moment is changed.
          const now = await own(stores, person, id)
          if (now.state === 'connected')
            await stores.hostConnections.replace('connected', { ...now, fetchedAt: clock.now() })
          await record(stores, person.accountId, 'connection.fetched', {
            host: new URL(connection.baseUrl).host,
            created: String(counts.created),
          })
        })
        return { ...counts, refused, more }
      }),

    /** Sends a badge that was claimed here. Throws `not-found`, `credential-not-signed`, and as `BadgeHosts` does. */
    push: async (
      person: Person,
      id: HostConnectionId,
      credentialId: CredentialId,
    ): Promise<'created' | 'replaced' | 'older'> => {
      const document = await credentials.document(credentialId, { principal: person }, 'json')
      return withToken(person, id, OB_SCOPES.upsertCredentials, async (connection, token) => {
        const outcome = await hosts.upsert(connection.description, token, document)
        await database.asWorker((stores) =>
          record(stores, person.accountId, 'connection.pushed', {
            host: new URL(connection.baseUrl).host,
            credential: credentialId,
          }),
        )
        return outcome
      })
    },

    /** Whom the host takes them for. Nothing of it is kept: who an account is, its identities say. */
    readProfile: (person: Person, id: HostConnectionId): Promise<JsonObject | undefined> =>
      withToken(person, id, OB_SCOPES.readProfile, ({ description }, token) =>
        hosts.profile(description, token),
      ),

    pushProfile: (person: Person, id: HostConnectionId): Promise<void> =>
      withToken(person, id, OB_SCOPES.updateProfile, async (connection, token) => {
        const profile = await hostProfile.show(person.accountId)
        await hosts.putProfile(connection.description, token, profile)
        await database.asWorker((stores) =>
          record(stores, person.accountId, 'connection.profile_pushed', {
            host: new URL(connection.baseUrl).host,
          }),
        )
      }),

    /** Forgets a connection, and gives its tokens back. That the host does not take them keeps nobody here. */
    disconnect: async (person: Person, id: HostConnectionId): Promise<void> => {
      const before = await database.asWorker(async (stores) => {
        const before = await own(stores, person, id)
        const { accountId, baseUrl, name, description, scopes, createdAt } = before
        const ended: HostConnection = {
          ...{ id, accountId, baseUrl, name, description, scopes, createdAt },
          state: 'ended',
          endedAt: clock.now(),
        }
        if (!(await stores.hostConnections.replace(before.state, ended)))
          throw errors.notFound({ what: 'connection', id })
        await record(stores, accountId, 'connection.ended', { host: new URL(baseUrl).host })
        return before
      })
      const { client, tokens } = open(before)
      if (tokens === undefined) return
      try {
        await hosts.revoke(before.description, client, tokens)
      } catch (error) {
        if (!(error instanceof WaarmerkError)) throw error
      }
    },
  }

  /** What became of one document: a word of `FetchedBadges`, or the code under which it was refused. */
  async function takeIn(accountId: AccountId, document: JsonObject | string): Promise<string> {
    const file =
      typeof document === 'string'
        ? { bytes: utf8(document), mediaType: 'application/jwt' }
        : { bytes: utf8(JSON.stringify(document)), mediaType: 'application/vc' }
    try {
      const outcome = await hostCredentials.upsert(accountId, file)
      return outcome === 'older' || outcome === 'same' ? 'kept' : outcome
    } catch (error) {
      if (error instanceof WaarmerkError && error.status < 500) return error.code
      if (error instanceof WaarmerkError && error.code === errors.pushedBadgeUndecided.code) return error.code
      throw error
    }
  }
}

const isLost = (error: unknown): boolean =>
  error instanceof WaarmerkError && error.code === errors.hostConnectionLost.code
