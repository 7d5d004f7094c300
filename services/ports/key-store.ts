import type { Branded } from '#engine/shared/brand.ts'
import type { KeyId } from '#engine/shared/ids.ts'
import type { IssuerKey } from './issuer-store.ts'
import type { SecretContext } from './secret-box.ts'

/** The curves that issuing keys may be on. */
export type IssuingCurve = 'Ed25519' | 'P-256'

/** Multikeys begin with their multicodec, and so with these letters (Controlled Identifiers 1.0, section 2.2.2.1). */
export const issuingCurveOf = (publicKeyMultibase: string): IssuingCurve =>
  publicKeyMultibase.startsWith('zDn') ? 'P-256' : 'Ed25519'

/**
 * What another thread of this process may sign with: a handle, from which nobody reads the secret. Only a key store that holds the
 * secret in this process can lend one; a KMS or an HSM signs by itself.
 */
export type LentKey = Branded<object, 'LentKey'>

/** An issuing key that signs. What is secret about it stays in the key store. */
export interface SigningKey {
  /** `CONTROLLER#PUBLIC_KEY_MULTIBASE`. */
  readonly verificationMethod: string
  readonly controller: string
  readonly publicKeyMultibase: string
  readonly curve: IssuingCurve
  /** Ed25519 of the message itself; P-256 of its SHA-256, as 64 bytes r ‖ s (RFC 7518, section 3.4). */
  sign(message: Uint8Array): Promise<Uint8Array>
  readonly lent?: LentKey
}

/** Signs with the keys of issuers, which never leave it: a sealed row here, a KMS or an HSM elsewhere. */
export interface KeyStore {
  /**
   * An issuing key of the DID `controller`, ready to sign. Throws `signing-failed` where what is kept is not the secret
   * of the row's public key, and `secret-unreadable` where it cannot be opened.
   */
  issuingKey(controller: string, key: Pick<IssuerKey, 'id' | 'publicKey' | 'sealedSecret'>): SigningKey
}

/** With which context the secret of an issuer key is sealed. */
export const issuerKeySecret = (id: KeyId): SecretContext => ({ keyId: 'issuer-key', rowId: id })
