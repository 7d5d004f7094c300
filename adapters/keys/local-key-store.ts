import { toMultibase } from '#adapters/crypto/multibase.ts'
import { credentialErrors } from '#engine/credentials/credential-errors.ts'
import { verificationMethodId } from '#engine/credentials/did-document.ts'
import { concat } from '#engine/shared/bytes.ts'
import { issuerKeySecret, type KeyStore } from '#services/ports/key-store.ts'
import type { SecretBox } from '#services/ports/secret-box.ts'
import { privateKeyOf, publicBytesOf, signNatively } from './native-ed25519.ts'

const ED25519_HEADER = Uint8Array.of(0xed, 0x01)

/** Signs with keys that are sealed in their rows, in this process. */
export const createLocalKeyStore = (secretBox: SecretBox): KeyStore => ({
  issuingKey: (controller, { id, publicKey, sealedSecret }) => {
    const verificationMethod = verificationMethodId(controller, publicKey)
    const secret = privateKeyOf(secretBox.open(sealedSecret, issuerKeySecret(id)))
    // A row whose two halves do not belong together would sign what nobody can verify.
    if (toMultibase(concat(ED25519_HEADER, publicBytesOf(secret))) !== publicKey) {
      const cause = new Error('The secret key is not that of the public key')
      throw credentialErrors.signingFailed({ verificationMethod }, cause)
    }
    return {
      verificationMethod,
      controller,
      publicKeyMultibase: publicKey,
      curve: 'Ed25519',
      sign: async (message) => signNatively(message, secret),
    }
  },
})
