import { errors } from '#engine/errors/catalogue.ts'
import { WaarmerkError } from '#engine/errors/define-error.ts'
import { platformErrors } from '#engine/errors/platform-errors.ts'
import type { ObScope } from '#engine/open-badges-api/scopes.ts'
import { equalBytes, utf8 } from '#engine/shared/bytes.ts'
import { MINUTE_MS, SECOND_MS } from '#engine/shared/duration.ts'
import type { AccountId, HostConnectionId } from '#engine/shared/ids.ts'
import type { Instant } from '#engine/shared/instant.ts'
import type { BadgeHosts, HostClient, HostDescription, HostTokens } from '#services/ports/badge-host.ts'
import type { Clock } from '#services/ports/clock.ts'
import { crashPoint } from '#services/ports/crash-points.ts'
import type { Database } from '#services/ports/database.ts'
import type { HostConnection, LiveHostConnection } from '#services/ports/host-connection-store.ts'
import type { Pause } from '#services/ports/pause.ts'
import type { SecretBox } from '#services/ports/secret-box.ts'
import type { Stores } from '#services/ports/stores.ts'

export interface UseHostNeeds {
  readonly database: Database
  readonly clock: Clock
  readonly pause: Pause
  readonly secretBox: SecretBox
  readonly hosts: Pick<BadgeHosts, 'refresh' | 'revoke'>
}

/** What is kept sealed of a connection. */
export interface HostSecrets {
  readonly client: HostClient
  /** Of the trip that is under way. */
  readonly state?: string
  readonly codeVerifier?: string
  readonly tokens?: HostTokens
}

/** Tokens that came too late for a connection. */
interface Unkept {
  readonly description: HostDescription
  readonly client: HostClient
  readonly tokens: HostTokens
}
type Connected = Extract<HostConnection, { state: 'connected' | 'lost' }>

/** A token that ends so soon is as good as ended. */
const MARGIN_MS = MINUTE_MS
/** Longer than a host may take over its answer: whoever holds a renewal for so long is dead, and the next one takes it up. */
const LEASE_MS = 30 * SECOND_MS
/** Whoever waits for another's renewal outlives a dead one, and looks as often. */
const WAIT_MS = LEASE_MS + 10 * SECOND_MS
const LOOK_MS = 100

export type UseHost = ReturnType<typeof createUseHost>

/** How a connected host is spoken to: its secrets, and a token of it that is good. */
export const createUseHost = ({ database, clock, pause, secretBox, hosts }: UseHostNeeds) => {
  const context = (id: HostConnectionId) => ({ keyId: 'host-connection', rowId: id })
  const seal = (id: HostConnectionId, secrets: HostSecrets) =>
    secretBox.seal(utf8(JSON.stringify(secrets)), context(id))
  const open = ({ id, sealed }: { id: HostConnectionId; sealed: Uint8Array }): HostSecrets =>
    JSON.parse(new TextDecoder().decode(secretBox.open(sealed, context(id)))) as HostSecrets

  const own = async (
    stores: Stores,
    accountId: AccountId,
    id: HostConnectionId,
    how: 'find' | 'lock' = 'find',
  ): Promise<LiveHostConnection> => {
    const found = await stores.hostConnections[how](id)
    if (found === undefined || found.accountId !== accountId || found.state === 'ended')
      throw errors.notFound({ what: 'connection', id })
    return found
  }

  /** Asks for new tokens, alone among all processes; what another has got meanwhile is good as well. */
  const renew = async (used: Connected): Promise<Connected> => {
    const host = new URL(used.description.apiUrl).host
    const giveUpAt = clock.now() + WAIT_MS
    for (;;) {
      const now = await database.asWorker((stores) => stores.hostConnections.find(used.id))
      if (now?.state !== 'connected') throw errors.hostConnectionLost({ host })
      if (!equalBytes(now.sealed, used.sealed)) return now
      const until = await database.asWorker((stores) => stores.hostConnections.claimRenewal(now, LEASE_MS))
      if (until !== undefined) return renewAlone(now, until)
      if (clock.now() >= giveUpAt) throw errors.unavailable({ what: `connection to ${host}` })
      await pause(LOOK_MS)
    }
  }

  /**
   * A host may end everything when a refresh token comes twice, and whoever dies between its answer and the transaction has used
   * it: the next one asks with it all the same, as nobody can tell, and is told that the connection is lost.
   */
  const renewAlone = async (held: Connected, until: Instant): Promise<Connected> => {
    const { id, description, sealed } = held
    const { client, tokens } = open(held)
    const lost = () => errors.hostConnectionLost({ host: new URL(description.apiUrl).host })
    crashPoint('host-tokens.claimed')
    if (tokens === undefined) throw lost()
    let fresh: HostTokens
    try {
      fresh = await hosts.refresh(description, client, tokens)
    } catch (error) {
      const now = await database.asWorker(async (stores) => {
        // Where no answer came, the host may have seen the token all the same: nobody shows it again before the claim is over.
        if (isLost(error) || hasSeenNothing(error)) await stores.hostConnections.giveUpRenewal(id, until)
        return stores.hostConnections.find(id)
      })
      // This took longer than the claim, and another has renewed them meanwhile.
      if (now?.state === 'connected' && !equalBytes(now.sealed, sealed)) return now
      throw error
    }
    crashPoint('host-tokens.answered')
    const renewed: Connected = { ...held, sealed: seal(id, { client, tokens: fresh }) }
    const { now, isKept } = await database.asWorker(async (stores) => {
      if (await stores.hostConnections.renew(held, renewed.sealed)) return { now: renewed, isKept: true }
      const now = await stores.hostConnections.lock(id)
      return { now, isKept: await keepAside(stores, now, { used: tokens, fresh }) }
    })
    crashPoint('host-tokens.stored')
    if (now?.state === 'connected') return now
    if (!isKept) await giveBackBeside(now, { description, client, tokens: fresh })
    throw lost()
  }

  /** Somebody was sent off once more meanwhile: whoever ends that trip without a yes gives back what it has, so it has these. */
  const keepAside = async (
    stores: Stores,
    now: HostConnection | undefined,
    { used, fresh }: { readonly used: HostTokens; readonly fresh: HostTokens },
  ): Promise<boolean> => {
    if (now?.state !== 'asked') return false
    const secrets = open(now)
    if (secrets.tokens?.accessToken !== used.accessToken) return false
    const sealed = seal(now.id, { ...secrets, tokens: fresh })
    return stores.hostConnections.replace(now, { ...now, sealed })
  }

  /**
   * Gives back tokens that came and were not kept, unless the connection stands by others: a host may end everything that
   * somebody has granted when one of its tokens comes back (RFC 7009, section 2.1).
   */
  const giveBackBeside = async (
    now: HostConnection | undefined,
    { description, client, tokens }: Unkept,
  ): Promise<void> => {
    if (now?.state !== 'connected') await giveBack(description, client, tokens)
  }

  /** That a host does not take tokens back keeps nobody here. */
  const giveBack = async (
    description: HostDescription,
    client: HostClient,
    tokens: HostTokens,
  ): Promise<void> => {
    try {
      await hosts.revoke(description, client, tokens)
    } catch (error) {
      if (!(error instanceof WaarmerkError)) throw error
    }
  }

  return {
    seal,
    open,
    own,
    giveBack,
    giveBackBeside,

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
        held = await renew(held)
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
      await stores.hostConnections.replace(held, { ...held, state: 'lost' })
    })
  }
}

const isLost = (error: unknown): boolean =>
  error instanceof WaarmerkError && error.code === errors.hostConnectionLost.code

/** Nothing went out, or nobody listened. */
const hasSeenNothing = (error: unknown): boolean =>
  error instanceof WaarmerkError &&
  (error.code === platformErrors.fetchRefused.code || codeOf(error.cause) === 'ECONNREFUSED')

const codeOf = (cause: unknown): unknown =>
  typeof cause === 'object' && cause !== null && 'code' in cause ? cause.code : undefined
