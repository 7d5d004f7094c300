import { credentialBytes } from '#engine/credentials/prepared-credential.ts'
import {
  buildStatusListCredential,
  STATUS_LIST_MIN_ENTRIES,
  withoutStatusBit,
  withStatusBits,
} from '#engine/credentials/status-list.ts'
import { errors } from '#engine/errors/catalogue.ts'
import { MINUTE_MS } from '#engine/shared/duration.ts'
import { asInstant } from '#engine/shared/instant.ts'
import type { JsonObject } from '#engine/shared/json.ts'
import type { Clock } from '#services/ports/clock.ts'
import type { CredentialSuite } from '#services/ports/credential-suite.ts'
import type { IssuingCurve, SigningKey } from '#services/ports/key-store.ts'
import type { Random } from '#services/ports/random.ts'
import { entryFor, type WantedStatus } from './wanted-status.ts'

/** How many credentials it remembers for `/status`; the oldest are forgotten. */
const REMEMBERED = 10_000
/** Of one credential, which may be signed again and again. */
const MOST_PLACES = 64
/** A purpose is any text: each has a list of its own. */
const MOST_PURPOSES = 16
/** Lists that it keeps; the oldest are forgotten. */
const MOST_LISTS = 64

interface List {
  readonly number: number
  readonly purpose: string
  readonly key: SigningKey
  readonly taken: Set<number>
  bits: Uint8Array
}

interface Place {
  readonly list: List
  readonly index: number
}

export type DidKeyIssuer = ReturnType<typeof createDidKeyIssuer>

/**
 * An issuer for conformance suites, which know issuers by did:key and call without a key. It signs for anybody, so it is off
 * unless a setting asks for it. Its status lists and what it signed live in memory, until the process ends.
 */
export function createDidKeyIssuer({
  keys,
  suite,
  random,
  clock,
  origin,
}: {
  /** One for each curve. */
  readonly keys: readonly SigningKey[]
  readonly suite: CredentialSuite
  readonly random: Random
  readonly clock: Clock
  readonly origin: string
}) {
  const lists: List[] = []
  let made = 0
  const purposesOf = new Map<SigningKey, Set<string>>()
  const places = new Map<string, Place[]>()
  const address = ({ number }: List) => `${origin}/vc/status/${number}`

  const listFor = (key: SigningKey, purpose: string): List => {
    const open = lists.find((each) => each.key === key && each.purpose === purpose)
    if (open !== undefined && open.taken.size * 2 < STATUS_LIST_MIN_ENTRIES) return open
    const bits = new Uint8Array(STATUS_LIST_MIN_ENTRIES / 8)
    made += 1
    const list: List = { number: made, purpose, key, taken: new Set(), bits }
    lists.unshift(list)
    if (lists.length > MOST_LISTS) lists.pop()
    return list
  }

  const signedList = async (number: number): Promise<JsonObject | undefined> => {
    const list = lists.find((each) => each.number === number)
    if (list === undefined) return undefined
    // A minute ago: whoever began to verify before it was signed must not find it in the future.
    const signedAt = asInstant(clock.now() - MINUTE_MS)
    const unsigned = buildStatusListCredential({
      url: address(list),
      issuerDid: list.key.controller,
      validFrom: signedAt,
      encodedList: await suite.encodeStatusList(list.bits),
      statusPurpose: list.purpose,
    })
    const checked = await suite.prepare(unsigned)
    if (!checked.ok) throw errors.credentialUnfit({ faults: checked.faults })
    return suite.sign(checked.prepared, list.key, signedAt)
  }

  return {
    dids: keys.map(({ controller }) => controller),
    /** The key of this DID, or of the curve where none is named. */
    keyOf: (did: string | undefined, curve: IssuingCurve): SigningKey | undefined =>
      keys.find((key) => (did === undefined ? key.curve === curve : key.controller === did)),

    /** Free entries of its lists, one for each purpose. Throws `status-purpose-refused` where there are too many of these. */
    allocate: (
      key: SigningKey,
      wanted: readonly WantedStatus[],
    ): readonly { entry: JsonObject; place: Place }[] => {
      const known = new Set([...(purposesOf.get(key) ?? []), ...wanted.map(({ purpose }) => purpose)])
      const [refused] =
        known.size > MOST_PURPOSES ? wanted.filter(({ purpose }) => !purposesOf.get(key)?.has(purpose)) : []
      if (refused !== undefined) throw errors.statusPurposeRefused({ statusPurpose: refused.purpose })
      purposesOf.set(key, known)
      return wanted.map((each) => {
        const list = listFor(key, each.purpose)
        let index = random.integer(STATUS_LIST_MIN_ENTRIES)
        while (list.taken.has(index)) index = random.integer(STATUS_LIST_MIN_ENTRIES)
        list.taken.add(index)
        return { entry: entryFor({ list: address(list), index }, each), place: { list, index } }
      })
    },

    remember: (credentialId: string, found: readonly Place[]): void => {
      places.set(credentialId, [...(places.get(credentialId) ?? []), ...found].slice(-MOST_PLACES))
      const [oldest] = places.keys()
      if (places.size > REMEMBERED && oldest !== undefined) places.delete(oldest)
    },

    /** Sets or clears the bits of a credential; false where it remembers none of that id and purpose. */
    setStatus: (credentialId: string, purpose: string, status: boolean): boolean => {
      const found = (places.get(credentialId) ?? []).filter(({ list }) => list.purpose === purpose)
      for (const { list, index } of found) {
        if (!status && purpose === 'revocation') throw errors.statusStays({})
        list.bits = status ? withStatusBits(list.bits, [index]) : withoutStatusBit(list.bits, index)
      }
      return found.length > 0
    },

    /** Throws `not-found`. */
    statusList: async (number: number): Promise<Uint8Array> => {
      const signed = await signedList(number)
      if (signed === undefined) throw errors.notFound({ what: 'status list', id: String(number) })
      return credentialBytes(signed)
    },

    /** The same for the verifier in this process. */
    readList: async (number: number): Promise<JsonObject | 'unavailable'> =>
      (await signedList(number)) ?? 'unavailable',
  }
}
