import { errors } from '#engine/errors/catalogue.ts'
import { WaarmerkError } from '#engine/errors/define-error.ts'
import type { ObScope } from '#engine/open-badges-api/scopes.ts'
import { equalBytes, utf8 } from '#engine/shared/bytes.ts'
import { MINUTE_MS } from '#engine/shared/duration.ts'
import type { AccountId, HostConnectionId } from '#engine/shared/ids.ts'
import type { BadgeHosts, HostClient, HostTokens } from '#services/ports/badge-host.ts'
import type { Clock } from '#services/ports/clock.ts'
import type { Database } from '#services/ports/database.ts'
import type { HostConnection } from '#services/ports/host-connection-store.ts'
import type { SecretBox } from '#services/ports/secret-box.ts'
import type { Stores } from '#services/ports/stores.ts'

export interface UseHostNeeds {
  readonly database: Database
  readonly clock: Clock
  readonly secretBox: SecretBox
  readonly hosts: Pick<BadgeHosts, 'refresh'>
}

/** What is kept sealed of a connection. */
export interface HostSecrets {
  readonly client: HostClient
  /** Of the trip that is under way. */
  readonly state?: string
  readonly codeVerifier?: string
  readonly tokens?: HostTokens
}

export type LiveConnection = Exclude<HostConnection, { state: 'ended' }>
type Connected = Extract<HostConnection, { state: 'connected' | 'lost' }>

/** A token that ends so soon is as good as ended. */
const MARGIN_MS = MINUTE_MS

export type UseHost = ReturnType<typeof createUseHost>

/** How a connected host is spoken to: its secrets, and a token of it that is good. */
export const createUseHost = ({ database, clock, secretBox, hosts }: UseHostNeeds) => {
  const context = (id: HostConnectionId) => ({ keyId: 'host-connection', rowId: id })
  const seal = (id: HostConnectionId, secrets: HostSecrets) =>
    secretBox.seal(utf8(JSON.stringify(secrets)), context(id))
  const open = ({ id, sealed }: { id: HostConnectionId; sealed: Uint8Array }): HostSecrets =>
    JSON.parse(new TextDecoder().decode(secretBox.open(sealed, context(id)))) as HostSecrets

  const own = async (stores: Stores, accountId: AccountId, id: HostConnectionId): Promise<LiveConnection> => {
    const found = await stores.hostConnections.find(id)
    if (found === undefined || found.accountId !== accountId || found.state === 'ended')
      throw errors.notFound({ what: 'connection', id })
    return found
  }

  /** Those of this process that are under way: a refresh token that is used twice at once ends everything at many a host. */
  const renewals = new Map<HostConnectionId, Promise<Connected>>()

  const renew = async (used: Connected): Promise<Connected> => {
    const now = await database.asWorker((stores) => stores.hostConnections.find(used.id))
    const lost = () => errors.hostConnectionLost({ host: new URL(used.description.apiUrl).host })
    if (now?.state !== 'connected') throw lost()
    // Another call has renewed it meanwhile.
    if (!equalBytes(now.sealed, used.sealed)) return now
    const { client, tokens } = open(now)
    if (tokens === undefined) throw lost()
    const fresh = await hosts.refresh(now.description, client, tokens)
    const renewed: Connected = { ...now, sealed: seal(now.id, { client, tokens: fresh }) }
    await database.asWorker((stores) => stores.hostConnections.replace('connected', renewed))
    return renewed
  }
  const renewOnce = (used: Connected): Promise<Connected> => {
    const running = renewals.get(used.id)
    if (running !== undefined) return running
    const renewal = renew(used).finally(() => renewals.delete(used.id))
    renewals.set(used.id, renewal)
    return renewal
  }

  return {
    seal,
    open,
    own,

    /**
     * Does something with a token that is good, and remembers a new one; a connection that is honoured no more is lost.
     * Throws `not-found`, `host-connection-lost`, `host-scope-missing`, and as `BadgeHosts` does.
     */
    withToken: async <T>(
      accountId: AccountId,
      id: HostConnectionId,
      scope: ObScope,
      work: (connection: HostConnection, token: string) => Promise<T>,
    ): Promise<T> => {
      const connection = await database.asWorker((stores) => own(stores, accountId, id))
      const host = new URL(connection.description.apiUrl).host
      if (connection.state !== 'connected') throw errors.hostConnectionLost({ host })
      if (!connection.scopes.includes(scope)) throw errors.hostScopeMissing({ host, scope })
      const { tokens } = open(connection)
      if (tokens === undefined) throw errors.hostConnectionLost({ host })
      let held: Connected = connection
      const again = async (): Promise<T> => {
        held = await renewOnce(held)
        return work(held, open(held).tokens?.accessToken ?? '')
      }
      try {
        const isOver = tokens.expiresAt !== undefined && tokens.expiresAt - MARGIN_MS <= clock.now()
        if (isOver) return await again()
        try {
          return await work(connection, tokens.accessToken)
        } catch (error) {
          // Taken back before its time, where the host honours a refresh still.
          if (!isLost(error) || tokens.refreshToken === undefined) throw error
          return await again()
        }
      } catch (error) {
        if (isLost(error)) await lose(held)
        throw error
      }
    },
  }

  /** Another call may have renewed the tokens meanwhile: then it is these that were refused, and nothing is lost. */
  function lose(held: Connected): Promise<void> {
    return database.asWorker(async (stores) => {
      const now = await stores.hostConnections.find(held.id)
      if (now?.state === 'connected' && equalBytes(now.sealed, held.sealed))
        await stores.hostConnections.replace('connected', { ...now, state: 'lost' })
    })
  }
}

const isLost = (error: unknown): boolean =>
  error instanceof WaarmerkError && error.code === errors.hostConnectionLost.code
