import { errors } from '#engine/errors/catalogue.ts'
import { type Hex, toHex } from '#engine/shared/bytes.ts'
import type { KeyId } from '#engine/shared/ids.ts'
import { asInstant, formatInstant, type Instant } from '#engine/shared/instant.ts'
import type { AuditTrail } from '#services/audit/audit-trail.ts'
import type { ChainTask } from '#services/ports/anchoring-store.ts'
import type { Chain } from '#services/ports/chain.ts'
import type { Clock } from '#services/ports/clock.ts'
import type { Database } from '#services/ports/database.ts'
import type { Issuer, IssuerKey } from '#services/ports/issuer-store.ts'
import type { KeyMaker } from '#services/ports/key-maker.ts'
import { issuerKeySecret } from '#services/ports/key-store.ts'
import type { Random } from '#services/ports/random.ts'
import type { SecretBox } from '#services/ports/secret-box.ts'
import type { Stores } from '#services/ports/stores.ts'

export interface CutOffKeyNeeds {
  readonly database: Database
  readonly clock: Clock
  readonly random: Random
  readonly chain: Chain
  readonly keyMaker: KeyMaker
  readonly secretBox: SecretBox
  readonly audit: AuditTrail
}

export interface KeyCutOff {
  readonly key: Hex
  readonly keyId: KeyId
  readonly issuerId: Hex
  /** Nothing that the key anchored from this moment on is authorised. */
  readonly since: Instant
  /** The key that goes on in its place; absent where the key was not in use any more. */
  readonly replacement?: { readonly key: Hex; readonly keyId: KeyId }
  /** How many batches of ours, in no block before that moment, are anchored once more under the new key. */
  readonly again: number
}

/**
 * Cuts a stolen anchoring key off backwards in time, for the operator of an installation, and puts another one in its
 * place. What the chain has to be told becomes tasks of the sender, in the transaction that retires the key. The key is
 * that which was in force at the moment, so that doing it again is harmless.
 * Throws `not-found`, `conflict` where there is no such key on chain, and what the chain throws.
 */
export const createCutOffKey = (needs: CutOffKeyNeeds) => {
  const { database, clock, random, chain, keyMaker, secretBox, audit } = needs

  const queue = (stores: Stores, issuer: Issuer, kind: ChainTask['kind'], keyId: KeyId, createdAt: Instant) =>
    stores.anchoring.insertTask({
      organisationId: issuer.organisationId,
      id: random.rowId(),
      issuerId: issuer.id,
      kind,
      keyId,
      state: 'queued',
      createdAt,
      attempts: 0,
    })

  /** The new key comes first: the stolen one lets it in, and has nothing more to say after its own end. */
  const replace = async (stores: Stores, issuer: Issuer, stolen: IssuerKey, since: Instant) => {
    const now = clock.now()
    const { address, secretKey } = keyMaker.newAnchoringKey()
    const id = random.rowId() as KeyId
    await stores.issuers.insertKey({
      organisationId: issuer.organisationId,
      id,
      issuerId: issuer.id,
      purpose: 'anchoring',
      publicKey: address,
      sealedSecret: secretBox.seal(secretKey, issuerKeySecret(id)),
      state: 'active',
      createdAt: now,
    })
    await queue(stores, issuer, 'grant_key', id, now)
    await queue(stores, issuer, 'cut_off', stolen.id, asInstant(now + 1))
    // What the stolen key said of signing keys since then counts no more: the new one says it again.
    await stores.anchoring.doAgain({ statementsOf: issuer.id })
    const old = stolen.publicKey as Hex
    const again = await stores.anchoring.anchorUnder({ old, replacement: address, since })
    return { replacement: { key: address, keyId: id }, again }
  }

  return async (slug: string, since: Instant): Promise<KeyCutOff> => {
    // 1. Load.
    const { issuer, key } = await database.asWorker(async (stores) => {
      const found = await stores.issuers.findBySlug(slug)
      if (found === undefined) throw errors.notFound({ what: 'issuer', id: slug })
      const keys = (await stores.issuers.keys(found.id)).filter(({ purpose }) => purpose === 'anchoring')
      const asked = keys.find(({ endedAt }) => endedAt === since)
      const inForce = keys.findLast(({ createdAt }) => createdAt <= since) ?? keys[0]
      return { issuer: found, key: asked ?? inForce }
    })
    const held = key === undefined ? undefined : await chain.key(key.publicKey as Hex)
    if (key === undefined || held === undefined || issuer.onchainId === undefined)
      throw errors.conflict({ what: 'issuer', reason: 'it has no anchoring key on chain yet' })

    // 2. From here on nothing is anchored with the key, and the sender tells the chain.
    const changed = await database.asWorker(async (stores) => {
      // Nothing is signed meanwhile: a sender that has read the key would sign with it afterwards.
      await stores.anchoring.awaitSender(chain.address.chainId, chain.relayer)
      if (await stores.issuers.retireKey(key.id, since)) {
        await audit(stores, factOf(issuer, key, since, clock.now()))
        return replace(stores, issuer, key, since)
      }
      if (key.endedAt === undefined || key.endedAt <= since) return { again: 0 }
      await stores.issuers.endEarlier(key.id, since)
      await queue(stores, issuer, 'cut_off', key.id, clock.now())
      await audit(stores, factOf(issuer, key, since, clock.now()))
      const active = await stores.issuers.activeKey(issuer.id, 'anchoring')
      if (active === undefined) return { again: 0 }
      const [old, replacement] = [key.publicKey as Hex, active.publicKey as Hex]
      return { again: await stores.anchoring.anchorUnder({ old, replacement, since }) }
    })
    return {
      key: key.publicKey as Hex,
      keyId: key.id,
      issuerId: toHex(issuer.onchainId),
      since,
      ...changed,
    }
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
