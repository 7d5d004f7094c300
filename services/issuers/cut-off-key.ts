import { errors } from '#engine/errors/catalogue.ts'
import { type Hex, toHex } from '#engine/shared/bytes.ts'
import { formatInstant, type Instant } from '#engine/shared/instant.ts'
import type { AuditTrail } from '#services/audit/audit-trail.ts'
import type { Chain, ContractCall } from '#services/ports/chain.ts'
import type { Clock } from '#services/ports/clock.ts'
import type { Database } from '#services/ports/database.ts'
import type { Issuer, IssuerKey } from '#services/ports/issuer-store.ts'
import type { Pause } from '#services/ports/pause.ts'
import type { SecretBox } from '#services/ports/secret-box.ts'
import { issuerKeySecret } from './manage-issuers.ts'

export interface CutOffKeyNeeds {
  readonly database: Database
  readonly clock: Clock
  readonly chain: Chain
  readonly secretBox: SecretBox
  readonly audit: AuditTrail
  readonly pause: Pause
}

export interface KeyCutOff {
  readonly key: Hex
  readonly issuerId: Hex
  /** Nothing that the key anchored from this moment on is authorised. */
  readonly since: Instant
  /** The transaction that says so; absent where the chain had it already. */
  readonly transaction?: Hex
}

/**
 * Cuts a stolen anchoring key off backwards in time, for the operator of an installation. Doing it again is harmless.
 * Throws `not-found`, `conflict` where there is no such key on chain, and what the chain throws.
 */
export const createCutOffKey =
  ({ database, clock, chain, secretBox, audit, pause }: CutOffKeyNeeds) =>
  async (slug: string, since: Instant): Promise<KeyCutOff> => {
    // 1. Load.
    const { issuer, key } = await database.asWorker(async (stores) => {
      const found = await stores.issuers.findBySlug(slug)
      if (found === undefined) throw errors.notFound({ what: 'issuer', id: slug })
      const keys = await stores.issuers.keys(found.id)
      return { issuer: found, key: keys.findLast(({ purpose }) => purpose === 'anchoring') }
    })
    const address = key?.publicKey as Hex | undefined
    const held = address === undefined ? undefined : await chain.key(address)
    if (key === undefined || address === undefined || held === undefined || issuer.onchainId === undefined)
      throw errors.conflict({ what: 'issuer', reason: 'it has no anchoring key on chain yet' })

    // 2. From here on nothing is anchored with the key, whatever becomes of the rest.
    await database.asWorker(async (stores) => {
      if (await stores.issuers.retireKey(key.id, since))
        await audit(stores, factOf(issuer, key, since, clock.now()))
    })

    // 3. Tell the chain, signed by the key itself: it has nothing more to say afterwards.
    const cutOff = { key: address, issuerId: toHex(issuer.onchainId), since }
    if (held.validUntil <= since) return cutOff
    const call = await chain.narrowKeyCall({
      issuerId: cutOff.issuerId,
      key: address,
      roles: held.roles,
      validFrom: held.validFrom,
      validUntil: since,
      anchoringKey: secretBox.open(key.sealedSecret, issuerKeySecret(key.id)),
    })
    const transaction = await sendNow({ database, chain, pause }, call)
    return { ...cutOff, transaction }
  }

const TURN_MS = 200

/** Sends a call in between those of the running product, whose sender it takes turns with, and waits until it is mined. */
async function sendNow(
  { database, chain, pause }: Pick<CutOffKeyNeeds, 'database' | 'chain' | 'pause'>,
  call: ContractCall,
): Promise<Hex> {
  const { chainId } = chain.address
  const send = () =>
    database.asWorker(async (stores) => {
      if (!(await stores.anchoring.lockSender(chainId, chain.relayer))) return undefined
      const transaction = await chain.sign(call, await chain.nextNonce())
      await chain.send(transaction)
      return transaction.hash
    })
  let hash = await send()
  while (hash === undefined) {
    await pause(TURN_MS)
    hash = await send()
  }
  for (;;) {
    const status = await chain.status(hash)
    if (status.state === 'mined') return hash
    if (status.state === 'reverted')
      throw errors.conflict({ what: 'issuer', reason: `its key was not cut off: ${hash} was reverted` })
    await pause(TURN_MS)
  }
}

const factOf = (issuer: Issuer, key: IssuerKey, since: Instant, at: Instant) => ({
  organisationId: issuer.organisationId,
  at,
  actor: 'operator',
  action: 'issuer.key_cut_off',
  targetType: 'issuer',
  targetId: issuer.id,
  detail: { key: key.publicKey, since: formatInstant(since) },
})
