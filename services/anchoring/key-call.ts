import { keyRoles } from '#engine/anchoring/anchor-verdict.ts'
import { type Hex, toHex } from '#engine/shared/bytes.ts'
import type { ChainTask } from '#services/ports/anchoring-store.ts'
import type { Chain, ContractCall } from '#services/ports/chain.ts'
import type { Clock } from '#services/ports/clock.ts'
import type { IssuerKey } from '#services/ports/issuer-store.ts'
import { issuerKeySecret } from '#services/ports/key-store.ts'
import type { SecretBox } from '#services/ports/secret-box.ts'
import type { Stores } from '#services/ports/stores.ts'

const ALL_ROLES = keyRoles.admin | keyRoles.anchor | keyRoles.revoke

/**
 * What is said when an anchoring key was stolen. The key before lets the new one in, and takes its own end; where it has
 * ended on chain already, the active one speaks.
 */
export async function keyCallOf(
  {
    chain,
    secretBox,
    clock,
  }: { readonly chain: Chain; readonly secretBox: SecretBox; readonly clock: Clock },
  stores: Stores,
  { kind, issuerId: id, keyId }: ChainTask,
): Promise<ContractCall> {
  const issuer = await stores.issuers.find(id)
  const keys = (await stores.issuers.keys(id)).filter(({ purpose }) => purpose === 'anchoring')
  const at = keys.findIndex((key) => key.id === keyId)
  const [key, before] = [keys[at], keys[at - 1]]
  if (issuer?.onchainId === undefined || key === undefined) throw new Error('The key of a task is gone.')
  const issuerId = toHex(issuer.onchainId)
  const open = (from: IssuerKey) => secretBox.open(from.sealedSecret, issuerKeySecret(from.id))

  if (kind === 'grant_key') {
    if (before === undefined) throw new Error('A first key is registered, and not granted.')
    return chain.grantKeyCall({ issuerId, roles: ALL_ROLES, newKey: open(key), anchoringKey: open(before) })
  }
  const address = key.publicKey as Hex
  const held = await chain.key(address)
  if (held === undefined || key.endedAt === undefined) throw new Error('The key of a task has not ended.')
  const isOver = held.validUntil <= clock.now()
  const speaker = isOver ? keys.find(({ state }) => state === 'active') : key
  return chain.narrowKeyCall({
    issuerId,
    key: address,
    roles: held.roles,
    validFrom: held.validFrom,
    validUntil: key.endedAt,
    anchoringKey: open(speaker ?? key),
  })
}
