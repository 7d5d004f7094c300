import type { Principal } from '#engine/access/rights.ts'
import { errors } from '#engine/errors/catalogue.ts'
import type { AccountId } from '#engine/shared/ids.ts'
import type { JsonObject } from '#engine/shared/json.ts'
import type {
  AccessRequest,
  AuthorizationServer,
  ConnectedApplication,
} from '#services/ports/authorization-server.ts'
import type { Clock } from '#services/ports/clock.ts'
import type { Database } from '#services/ports/database.ts'
import type { Random } from '#services/ports/random.ts'

export interface ConnectedApplicationsNeeds {
  readonly database: Database
  readonly clock: Clock
  readonly random: Random
  readonly server: AuthorizationServer
}

type Person = Pick<Extract<Principal, { kind: 'session' }>, 'accountId'>

export type ConnectedApplications = ReturnType<typeof createConnectedApplications>

/** Which applications somebody lets reach their backpack, and how that is taken back. */
export const createConnectedApplications = (needs: ConnectedApplicationsNeeds) => {
  const { database, clock, random, server } = needs

  const record = (accountId: AccountId, action: string, detail: JsonObject) =>
    database.asWorker((stores) =>
      stores.accounts.record(accountId, { id: random.rowId(), at: clock.now(), action, detail }),
    )

  return {
    /** Throws `access-request-over`. */
    request: async (uid: string): Promise<AccessRequest> => {
      const asked = await server.request(uid)
      if (asked === undefined) throw errors.accessRequestOver({})
      return asked
    },

    /** Answers where the browser goes on to. Throws `access-request-over`. */
    allow: async ({ accountId }: Person, uid: string): Promise<string> => {
      const asked = await server.request(uid)
      const next = asked === undefined ? undefined : await server.allow(uid, accountId)
      if (asked === undefined || next === undefined) throw errors.accessRequestOver({})
      await record(accountId, 'application.connected', {
        application: asked.client.name,
        returnsTo: new URL(asked.returnsTo).host,
        scopes: asked.scopes.join(' '),
      })
      return next
    },

    /** The same for a no. */
    refuse: async ({ accountId }: Person, uid: string): Promise<string> => {
      const asked = await server.request(uid)
      const next = asked === undefined ? undefined : await server.refuse(uid)
      if (asked === undefined || next === undefined) throw errors.accessRequestOver({})
      await record(accountId, 'application.refused', { application: asked.client.name })
      return next
    },

    list: ({ accountId }: Person): Promise<readonly ConnectedApplication[]> => server.applications(accountId),

    /** Every token that the application holds ends at once. Throws `not-found`. */
    withdraw: async ({ accountId }: Person, id: string): Promise<void> => {
      const client = await server.withdraw(accountId, id)
      if (client === undefined) throw errors.notFound({ what: 'connected application', id })
      await record(accountId, 'application.withdrawn', { application: client.name })
    },
  }
}
