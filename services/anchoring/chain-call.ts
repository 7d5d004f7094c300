import { verificationMethodId } from '#engine/credentials/did-document.ts'
import { toHex } from '#engine/shared/bytes.ts'
import { DAY_MS } from '#engine/shared/duration.ts'
import { asInstant, type Instant } from '#engine/shared/instant.ts'
import type { ChainTask } from '#services/ports/anchoring-store.ts'
import type { AttestedChain } from '#services/ports/attested-chain.ts'
import type { Chain, ContractCall } from '#services/ports/chain.ts'
import type { Clock } from '#services/ports/clock.ts'
import type { IssuerKey } from '#services/ports/issuer-store.ts'
import { issuerKeySecret } from '#services/ports/key-store.ts'
import type { SecretBox } from '#services/ports/secret-box.ts'
import type { Stores } from '#services/ports/stores.ts'
import { attestedCallOf, isAttested } from './attested-call.ts'
import { keyCallOf } from './key-call.ts'

/** A batch closes within a day at the latest; the second is for a chain that does not answer. */
const TIME_TO_ANCHOR_MS = 2 * DAY_MS

/**
 * What a key signed before it was retired is anchored after, and a verifier that knows nothing but the chain wants the
 * anchor within the key's window. A compromised key gets no such time: what is not anchored yet is not believed.
 */
const endOnChain = ({ state }: IssuerKey, endedAt: Instant): Instant =>
  state === 'retired' ? asInstant(endedAt + TIME_TO_ANCHOR_MS) : endedAt

/**
 * What a task says to its contract: signed by the issuer's anchoring key, with a signature that runs out, so that it is
 * built anew each time; or what an attester has signed.
 */
export async function callOf(
  {
    chain,
    attestedChain,
    secretBox,
    clock,
  }: {
    readonly chain: Chain
    readonly attestedChain: AttestedChain
    readonly secretBox: SecretBox
    readonly clock: Clock
  },
  stores: Stores,
  task: ChainTask,
): Promise<ContractCall> {
  if (isAttested(task)) return attestedCallOf(attestedChain, stores, task)
  if (task.kind === 'grant_key' || task.kind === 'cut_off')
    return keyCallOf({ chain, secretBox, clock }, stores, task)
  const issuer = await stores.issuers.find(task.issuerId)
  const key = await stores.issuers.activeKey(task.issuerId, 'anchoring')
  if (issuer?.onchainId === undefined || key === undefined)
    throw new Error('The issuer has no anchoring key.')
  const issuerId = toHex(issuer.onchainId)
  const open = ({ id, sealedSecret }: IssuerKey) => secretBox.open(sealedSecret, issuerKeySecret(id))
  const anchoringKey = open(key)
  if (task.kind === 'register') {
    // The issuer's id follows from its first key, whatever has become of that.
    const keys = await stores.issuers.keys(issuer.id)
    const first = keys.find(({ purpose }) => purpose === 'anchoring') ?? key
    return chain.registerIssuerCall({ id: issuerId, did: issuer.did, anchoringKey: open(first) })
  }
  if (task.kind === 'publish_key') {
    const issuing = (await stores.issuers.keys(issuer.id)).find(({ id }) => id === task.keyId)
    if (issuing === undefined) throw new Error('The issuing key of a task is gone.')
    return chain.publishIssuingKeyCall({
      issuerId,
      verificationMethod: verificationMethodId(issuer.did, issuing.publicKey),
      validFrom: issuing.createdAt,
      ...(issuing.endedAt === undefined ? {} : { validUntil: endOnChain(issuing, issuing.endedAt) }),
      anchoringKey,
    })
  }
  const batch = task.batchId === undefined ? undefined : await stores.anchoring.findBatch(task.batchId)
  if (batch === undefined) throw new Error('The batch of a task is gone.')
  const root = toHex(batch.root)
  if (task.kind === 'anchor')
    return chain.anchorCall({ issuerId, root, size: batch.size, kind: 0, anchoringKey })
  return chain.revokeCall({
    issuerId,
    signer: batch.signer,
    root,
    leafIndexes: task.positions ?? [],
    anchoringKey,
  })
}
