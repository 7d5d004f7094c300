import { createPublicKey } from 'node:crypto'
import type { KMSClient } from '@aws-sdk/client-kms'
import { SECOND_MS } from '#engine/shared/duration.ts'

/** Why a key management service cannot do what is asked; `app/` words it for the person who starts the product. */
export type KmsFault =
  /** It does not answer, answers with errors of its own, or has had too many requests. */
  | 'unavailable'
  /** It does not know who asks, or does not let them. */
  | 'refused'
  | 'missing'
  | 'disabled'
  /** No key for signing on secp256k1. */
  | 'wrong-kind'
  /** What it gave makes no sense. */
  | 'malformed'

export class KmsError extends Error {
  readonly fault: KmsFault
  /** Its id or address, as it stands in the setting; of a ciphertext its own key is not known. */
  readonly key: string
  /** The name of the service's own exception. */
  readonly reason: string

  constructor(fault: KmsFault, key: string, reason: string) {
    super(`Key ${key}: ${fault} (${reason}).`)
    this.name = 'KmsError'
    this.fault = fault
    this.key = key
    this.reason = reason
  }
}

export interface KmsSettings {
  /** Default: that of the key's ARN, or what the environment of AWS says. */
  readonly region?: string
  /** Default: the service's own for the region. */
  readonly endpoint?: string
}

/** A key management service that speaks the API of AWS KMS. Every method throws KmsError. */
export interface Kms {
  /** The uncompressed point of a key that signs on secp256k1: 65 bytes. */
  publicKey(keyId: string): Promise<Uint8Array>
  /** Signs 32 bytes: a DER signature, not yet in the form that Ethereum wants. */
  sign(keyId: string, digest: Uint8Array): Promise<Uint8Array>
  decrypt(ciphertext: Uint8Array): Promise<Uint8Array>
}

/**
 * The library is loaded when it is needed and not before. It finds its credentials as all programs of AWS do: in the
 * environment, in files, or by the role of the machine. It tries three times what may pass.
 */
export async function openKms({ region, endpoint }: KmsSettings): Promise<Kms> {
  const { DecryptCommand, GetPublicKeyCommand, KMSClient, SignCommand } = await import('@aws-sdk/client-kms')
  const clients = new Map<string | undefined, KMSClient>()
  const clientFor = (keyId?: string): KMSClient => {
    const at = region ?? /^arn:[^:]+:kms:([^:]+):/.exec(keyId ?? '')?.[1]
    const known = clients.get(at)
    if (known !== undefined) return known
    const made = new KMSClient({
      ...(at === undefined ? {} : { region: at }),
      ...(endpoint === undefined ? {} : { endpoint }),
      maxAttempts: 3,
      requestHandler: { connectionTimeout: 3 * SECOND_MS, requestTimeout: 5 * SECOND_MS },
    })
    clients.set(at, made)
    return made
  }
  const asking = async <T>(key: string, ask: () => Promise<T>): Promise<T> => {
    try {
      return await ask()
    } catch (error) {
      throw asKmsError(key, error)
    }
  }
  return {
    publicKey: async (keyId) => {
      const answer = await asking(keyId, () =>
        clientFor(keyId).send(new GetPublicKeyCommand({ KeyId: keyId })),
      )
      if (answer.KeySpec !== 'ECC_SECG_P256K1' || answer.KeyUsage !== 'SIGN_VERIFY')
        throw new KmsError('wrong-kind', keyId, `${answer.KeySpec} for ${answer.KeyUsage}`)
      return pointOf(answer.PublicKey ?? new Uint8Array(), keyId)
    },
    sign: async (keyId, digest) => {
      const command = new SignCommand({
        KeyId: keyId,
        Message: digest,
        MessageType: 'DIGEST',
        SigningAlgorithm: 'ECDSA_SHA_256',
      })
      const { Signature } = await asking(keyId, () => clientFor(keyId).send(command))
      if (Signature === undefined) throw new KmsError('malformed', keyId, 'no signature')
      return Signature
    },
    decrypt: async (ciphertext) => {
      const key = 'of the ciphertext'
      const command = new DecryptCommand({ CiphertextBlob: ciphertext })
      const { Plaintext } = await asking(key, () => clientFor().send(command))
      if (Plaintext === undefined) throw new KmsError('malformed', key, 'no plaintext')
      return Plaintext
    },
  }
}

/** From a SubjectPublicKeyInfo. */
function pointOf(spki: Uint8Array, keyId: string): Uint8Array {
  try {
    const key = createPublicKey({ key: Buffer.from(spki), format: 'der', type: 'spki' })
    const { crv, x, y } = key.export({ format: 'jwk' })
    if (crv !== 'secp256k1' || x === undefined || y === undefined) throw new Error('another curve')
    return Buffer.concat([Uint8Array.of(4), Buffer.from(x, 'base64url'), Buffer.from(y, 'base64url')])
  } catch {
    throw new KmsError('malformed', keyId, 'its public key is none of secp256k1')
  }
}

const FAULTS: Readonly<Record<string, KmsFault>> = {
  NotFoundException: 'missing',
  InvalidArnException: 'missing',
  DisabledException: 'disabled',
  KMSInvalidStateException: 'disabled',
  KeyUnavailableException: 'disabled',
  InvalidKeyUsageException: 'wrong-kind',
  UnsupportedOperationException: 'wrong-kind',
  InvalidCiphertextException: 'malformed',
  IncorrectKeyException: 'malformed',
  AccessDeniedException: 'refused',
  UnrecognizedClientException: 'refused',
  InvalidSignatureException: 'refused',
  ExpiredTokenException: 'refused',
  InvalidClientTokenId: 'refused',
  MissingAuthenticationTokenException: 'refused',
  CredentialsProviderError: 'refused',
}

/** Only names are handed on: messages may hold addresses of people's accounts. */
function asKmsError(key: string, error: unknown): KmsError {
  if (error instanceof KmsError) return error
  const name = error instanceof Error ? error.name : 'no reason'
  if (error instanceof Error && /region is missing/i.test(error.message))
    return new KmsError('refused', key, 'no region')
  const code = error instanceof Error && 'code' in error ? String(error.code) : undefined
  return new KmsError(
    FAULTS[name] ?? 'unavailable',
    key,
    name === 'Error' && code !== undefined ? code : name,
  )
}
