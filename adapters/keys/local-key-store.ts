import type { KeyObject } from 'node:crypto'
import { readMultikey, toMultikey } from '#adapters/crypto/public-key.ts'
import { credentialErrors } from '#engine/credentials/credential-errors.ts'
import { verificationMethodId } from '#engine/credentials/did-document.ts'
import { type IssuingCurve, issuerKeySecret, type KeyStore, type LentKey } from '#services/ports/key-store.ts'
import type { SecretBox } from '#services/ports/secret-box.ts'
import { p256PrivateKeyOf, p256PublicBytesOf, signNativelyOnP256 } from './native-p256.ts'
import { privateKeyOf, publicBytesOf, signByOpenSsl } from './openssl-ed25519.ts'

interface NativeCurve {
  open(secret: Uint8Array): KeyObject
  publicBytes(key: KeyObject): Uint8Array
  sign(message: Uint8Array, key: KeyObject): Uint8Array
}

const CURVES: Readonly<Record<IssuingCurve, NativeCurve>> = {
  Ed25519: { open: privateKeyOf, publicBytes: publicBytesOf, sign: signByOpenSsl },
  'P-256': { open: p256PrivateKeyOf, publicBytes: p256PublicBytesOf, sign: signNativelyOnP256 },
}

/** Signs with keys that are sealed in their rows, in this process. */
export const createLocalKeyStore = (secretBox: SecretBox): KeyStore => ({
  issuingKey: (controller, { id, publicKey, sealedSecret }) => {
    const verificationMethod = verificationMethodId(controller, publicKey)
    const bytes = secretBox.open(sealedSecret, issuerKeySecret(id))
    const curve = readMultikey(publicKey)?.curve
    const refuse = (why: string, cause?: unknown) =>
      credentialErrors.signingFailed({ verificationMethod }, new Error(why, { cause }))
    if (curve !== 'Ed25519' && curve !== 'P-256') throw refuse('The public key is on no curve for issuing')
    const native = CURVES[curve]
    const secret = opened(
      () => native.open(bytes),
      (cause) => refuse('The secret key is none', cause),
    )
    bytes.fill(0)
    // A row whose two halves do not belong together would sign what nobody can verify.
    if (toMultikey({ curve, bytes: native.publicBytes(secret) }) !== publicKey)
      throw refuse('The secret key is not that of the public key')
    return {
      verificationMethod,
      controller,
      publicKeyMultibase: publicKey,
      curve,
      sign: async (message) => native.sign(message, secret),
      lent: secret as object as LentKey,
    }
  },
})

function opened<T>(open: () => T, refused: (cause: unknown) => Error): T {
  try {
    return open()
  } catch (cause) {
    throw refused(cause)
  }
}
