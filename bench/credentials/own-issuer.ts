import { didKeyMethod, didKeyOf } from '#adapters/crypto/did-key.ts'
import { issuingKeyOf } from '#adapters/crypto/issuing-key.ts'
import { createLocalKeyStore } from '#adapters/keys/local-key-store.ts'
import { createSecretBox } from '#adapters/keys/secret-box.ts'
import { verifyStrictly } from '#adapters/keys/strict-ed25519.ts'
import { nativeSha256, nativeTextHash } from '#adapters/system/native-text-hash.ts'
import type { KeyId } from '#engine/shared/ids.ts'
import { issuerKeySecret } from '#services/ports/key-store.ts'

/** The same signatures at every run. */
const SEED = Uint8Array.from({ length: 32 }, (_, n) => n + 1)

const { publicKeyMultibase } = issuingKeyOf(SEED)
const controller = didKeyOf(publicKeyMultibase)

/** Ours and the peer's: one issuer with one key, as each side wants to have it. */
export const OWN_DID = controller
export const PEER_KEY = { id: didKeyMethod(publicKeyMultibase), controller, seed: SEED }

/** What a server has beyond portable code, without threads for what may take long: nothing here does. */
export const MEANS = { textHash: nativeTextHash, sha256: nativeSha256, verifyEd25519: verifyStrictly }

/** The key as the product opens it: out of a sealed row. */
export function ownKey() {
  const box = createSecretBox([new Uint8Array(32).fill(7)])
  const id = '01900000-0000-7000-8000-000000000001' as KeyId
  const row = { id, publicKey: publicKeyMultibase, sealedSecret: box.seal(SEED, issuerKeySecret(id)) }
  return createLocalKeyStore(box).issuingKey(controller, row)
}
