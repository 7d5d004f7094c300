import type { Principal } from '#engine/access/rights.ts'
import { errors } from '#engine/errors/catalogue.ts'
import { OB_SCOPES, OFFLINE_ACCESS } from '#engine/open-badges-api/scopes.ts'
import { equalBytes } from '#engine/shared/bytes.ts'
import { HOUR_MS } from '#engine/shared/duration.ts'
import type { AccountId, CredentialId, HostConnectionId } from '#engine/shared/ids.ts'
import { asInstant } from '#engine/shared/instant.ts'
import type { JsonObject } from '#engine/shared/json.ts'
import { hashToken, newToken } from '#services/access/secret-token.ts'
import type { ServeCredentials } from '#services/credentials/serve-credentials.ts'
import type { HostProfile } from '#services/open-badges-api/host-profile.ts'
import type { BadgeHosts, HostClient, HostTokens } from '#services/ports/badge-host.ts'
import type { Clock } from '#services/ports/clock.ts'
import type { Database } from '#services/ports/database.ts'
import type { Hashes } from '#services/ports/hashes.ts'
import type { HostConnection } from '#services/ports/host-connection-store.ts'
import type { HostFetch } from '#services/ports/host-fetch-store.ts'
import type { Random } from '#services/ports/random.ts'
import type { Stores } from '#services/ports/stores.ts'
import type { UseHost } from './use-host.ts'

export interface ConnectHostsNeeds {
  readonly database: Database
  readonly clock: Clock
  readonly random: Random
  readonly hashes: Hashes
  readonly hosts: BadgeHosts
  readonly useHost: UseHost
  readonly hostProfile: Pick<HostProfile, 'show'>
  readonly credentials: Pick<ServeCredentials, 'earned'>
  /** PUBLIC_URL, without a slash at the end. */
  readonly origin: string
}

/** A connection, and its last fetch where there was one. */
export interface ListedConnection {
  readonly connection: HostConnection
  readonly fetch: HostFetch | undefined
}

type Person = Extract<Principal, { kind: 'session' }>

/** How long somebody may take to say yes at the other host. */
const TRIP_MS = HOUR_MS
const MOST_CONNECTIONS = 20

export type ConnectHosts = ReturnType<typeof createConnectHosts>

/** Other backpacks and wallets that somebody connects theirs to: badges come from there and go there. */
export const createConnectHosts = (needs: ConnectHostsNeeds) => {
  const { database, clock, random, hashes, hosts, useHost, hostProfile, credentials, origin } = needs
  const { seal, open } = useHost
  const redirectUri = (id: HostConnectionId) => `${origin}/connections/callback/${id}`

  const own = (stores: Stores, { accountId }: Person, id: HostConnectionId, how?: 'lock') =>
    useHost.own(stores, accountId, id, how)
  const record = (stores: Stores, accountId: AccountId, action: string, detail: JsonObject) =>
    stores.accounts.record(accountId, { id: random.rowId(), at: clock.now(), action, detail })

  /**
   * Begins a trip to the host, with a client that is registered there: where the browser goes, and what a connection is
   * from then on. Tokens that it has are to be given back where nobody says yes.
   */
  const sendOff = async (
    { id, description }: Pick<HostConnection, 'id' | 'description'>,
    client: HostClient,
  ) => {
    const state = newToken(random, hashes.sha256)
    const codeVerifier = newToken(random, hashes.sha256).token
    const url = await hosts.authorizeAt(
      description,
      client,
      { redirectUri: redirectUri(id), state: state.token, codeVerifier },
      [...description.scopes, OFFLINE_ACCESS],
    )
    const askedOf = (connection: Omit<HostConnection, 'state'>, tokens?: HostTokens): HostConnection => ({
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
    })
    return { askedOf, url }
  }

  return {
    /** With what is known of the last fetch of each. */
    list: ({ accountId }: Person): Promise<readonly ListedConnection[]> =>
      database.asWorker(async (stores) => {
        const all = await stores.hostConnections.ofAccount(accountId)
        const fetches = await stores.hostFetches.ofConnections(all.map(({ id }) => id))
        return all.map((connection) => ({ connection, fetch: fetches.get(connection.id) }))
      }),

    /**
     * Finds out what is at an address, registers there, and answers where the browser goes to say yes.
     * Throws `too-many-connections`, and as `BadgeHosts` does.
     */
    begin: async (person: Person, address: string): Promise<{ connection: HostConnection; url: string }> => {
      const { accountId } = person
      const assertRoom = async (stores: Stores, owner = accountId) => {
        if ((await stores.hostConnections.ofAccount(owner)).length >= MOST_CONNECTIONS)
          throw errors.tooManyConnections({ most: MOST_CONNECTIONS })
      }
      await database.asWorker((stores) => assertRoom(stores))
      const id = random.uuid() as HostConnectionId
      const description = await hosts.describe(address)
      if (description.scopes.length === 0)
        throw errors.hostUnusable({
          host: new URL(description.apiUrl).host,
          reason: 'its description offers no scope of the Open Badges API',
        })
      const client = await hosts.register(description, redirectUri(id))
      const { name, apiUrl: baseUrl } = description
      const { askedOf, url } = await sendOff({ id, description }, client)
      const createdAt = clock.now()
      const asked = askedOf({ id, accountId, baseUrl, name, description, scopes: [], createdAt })
      await database.asWorker(async (stores) => {
        // One after the other: of several that begin at once, each counts those before it.
        const owner = await stores.accounts.lock(accountId)
        await assertRoom(stores, owner)
        await stores.hostConnections.insert({ ...asked, accountId: owner })
        await record(stores, owner, 'connection.begun', { host: new URL(baseUrl).host })
      })
      return { connection: asked, url }
    },

    /** Goes there once more, to say yes again. */
    again: async (
      person: Person,
      id: HostConnectionId,
    ): Promise<{ connection: HostConnection; url: string }> => {
      const before = await database.asWorker((stores) => own(stores, person, id))
      const { askedOf, url } = await sendOff(before, open(before).client)
      const connection = await database.asWorker(async (stores) => {
        // Its tokens may have been renewed meanwhile.
        const now = await own(stores, person, id, 'lock')
        const asked = askedOf(now, open(now).tokens)
        await stores.hostConnections.replace(now, asked)
        return asked
      })
      return { connection, url }
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
      const { now, isKept } = await database.asWorker(async (stores) => {
        const now = await stores.hostConnections.lock(id)
        // A renewal may have put its tokens aside there meanwhile: what tells one trip from another is its state.
        if (now?.state !== 'asked' || !equalBytes(now.stateHash, asked.stateHash))
          return { now, isKept: false }
        await stores.hostConnections.replace(now, connected)
        await record(stores, person.accountId, 'connection.made', {
          host: new URL(asked.baseUrl).host,
          scopes: granted.join(' '),
        })
        return { now: connected, isKept: true }
      })
      if (isKept) return connected
      const { description } = asked
      await useHost.giveBackBeside(now, { description, client, tokens })
      throw errors.connectionTripInvalid({})
    },

    /**
     * Sends a badge that the person has claimed here and that stands. Throws `not-found`, `credential-not-signed`, `badge-ended`,
     * and as `BadgeHosts` does.
     */
    push: async (
      person: Person,
      id: HostConnectionId,
      credentialId: CredentialId,
    ): Promise<'created' | 'replaced' | 'older'> => {
      const document = await credentials.earned(credentialId, person, 'json')
      return useHost.withToken(
        person.accountId,
        id,
        OB_SCOPES.upsertCredentials,
        async (connection, token) => {
          const outcome = await hosts.upsert(connection.description, token, document)
          await database.asWorker((stores) =>
            record(stores, person.accountId, 'connection.pushed', {
              host: new URL(connection.baseUrl).host,
              credential: credentialId,
            }),
          )
          return outcome
        },
      )
    },

    /** Whom the host takes them for. Nothing of it is kept: who an account is, its identities say. */
    readProfile: (person: Person, id: HostConnectionId): Promise<JsonObject | undefined> =>
      useHost.withToken(person.accountId, id, OB_SCOPES.readProfile, ({ description }, token) =>
        hosts.profile(description, token),
      ),

    pushProfile: (person: Person, id: HostConnectionId): Promise<void> =>
      useHost.withToken(person.accountId, id, OB_SCOPES.updateProfile, async (connection, token) => {
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
        const before = await own(stores, person, id, 'lock')
        const { accountId, baseUrl, name, description, scopes, createdAt } = before
        const ended: HostConnection = {
          ...{ id, accountId, baseUrl, name, description, scopes, createdAt },
          state: 'ended',
          endedAt: clock.now(),
        }
        await stores.hostConnections.replace(before, ended)
        await stores.hostFetches.cancel(id, clock.now())
        await record(stores, accountId, 'connection.ended', { host: new URL(baseUrl).host })
        return before
      })
      const { client, tokens } = open(before)
      if (tokens !== undefined) await useHost.giveBack(before.description, client, tokens)
    },
  }
}
