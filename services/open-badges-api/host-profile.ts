import { errors } from '#engine/errors/catalogue.ts'
import type { AccountId } from '#engine/shared/ids.ts'
import type { Json, JsonObject } from '#engine/shared/json.ts'
import type { Clock } from '#services/ports/clock.ts'
import type { Database } from '#services/ports/database.ts'
import type { Random } from '#services/ports/random.ts'

export interface HostProfileNeeds {
  readonly database: Database
  readonly clock: Clock
  readonly random: Random
}

export type HostProfile = ReturnType<typeof createHostProfile>

/**
 * The Profile of Open Badges 3.0 of somebody who has a backpack here. Until an application writes one it says the address
 * that they are written to. What is written proves nothing: who an account is, its identities say.
 */
export const createHostProfile = ({ database, clock, random }: HostProfileNeeds) => ({
  show: (accountId: AccountId): Promise<JsonObject> =>
    database.asWorker(async (stores) => {
      const written = await stores.profiles.find(accountId)
      if (written !== undefined) return written
      const account = await stores.accounts.find(accountId)
      const addresses = account?.identities.filter(({ type }) => type === 'email') ?? []
      const email = (addresses.find(({ isPrimary }) => isPrimary) ?? addresses[0])?.value
      return { id: `urn:uuid:${accountId}`, type: ['Profile'], ...(email === undefined ? {} : { email }) }
    }),

  /** Puts a whole Profile in the place of the one that is there. Throws `profile-unfit`. */
  put: async (accountId: AccountId, profile: JsonObject, clientId: string): Promise<void> => {
    assertProfile(profile)
    await database.asWorker(async (stores) => {
      await stores.profiles.put(accountId, profile, clock.now())
      await stores.accounts.record(accountId, {
        id: random.rowId(),
        at: clock.now(),
        action: 'profile.changed',
        detail: { application: clientId },
      })
    })
  },
})

/** The members of a Profile that are texts (Open Badges 3.0, section "Profile"). */
const TEXTS = [
  'name',
  'url',
  'phone',
  'description',
  'email',
  'familyName',
  'familyNamePrefix',
  'givenName',
  'additionalName',
  'patronymicName',
  'honorificPrefix',
  'honorificSuffix',
  'official',
  'dateOfBirth',
] as const

function assertProfile(profile: JsonObject): void {
  const refuse = (reason: string): never => {
    throw errors.profileUnfit({ reason })
  }
  const { id, type } = profile
  if (typeof id !== 'string' || URL.parse(id) === null) refuse('its id is no URI')
  const types: readonly Json[] = Array.isArray(type) ? type : [type ?? null]
  if (!types.includes('Profile')) refuse('its type does not say Profile')
  for (const name of TEXTS)
    if (profile[name] !== undefined && typeof profile[name] !== 'string') refuse(`its ${name} is no text`)
}
