import { createCipheriv, createDecipheriv, createHash, hkdfSync, randomBytes } from 'node:crypto'
import { platformErrors } from '#engine/errors/platform-errors.ts'
import { concat, utf8 } from '#engine/shared/bytes.ts'
import type { SecretBox, SecretContext } from '#services/ports/secret-box.ts'

/**
 * What a sealed secret looks like, in order:
 * version (1 byte, 0x01), mark of the master key (4), nonce (12), ciphertext (as long as the secret), tag (16).
 * AES-256-GCM; the nonce is random, and version, mark and context are bound as associated data.
 */
const VERSION = 1
const MARK = 4
const NONCE = 12
const TAG = 16
const HEADER = 1 + MARK

/**
 * Seals under the first master key and opens under any of them, so that a key can be replaced while secrets are
 * sealed anew. Each master key has 32 bytes.
 */
export function createSecretBox(masterKeys: readonly [Uint8Array, ...Uint8Array[]]): SecretBox {
  const keys = masterKeys.map(deriveKey)
  const [sealing] = keys
  if (sealing === undefined) throw new Error('A secret box needs a master key.')
  return {
    seal(plain, context) {
      const header = concat(Uint8Array.of(VERSION), sealing.mark)
      const nonce = new Uint8Array(randomBytes(NONCE))
      const cipher = createCipheriv('aes-256-gcm', sealing.key, nonce).setAAD(associatedData(header, context))
      return concat(header, nonce, cipher.update(plain), cipher.final(), cipher.getAuthTag())
    },
    open(sealed, context) {
      const { keyId } = context
      if (sealed[0] !== VERSION || sealed.length < HEADER + NONCE + TAG) {
        throw platformErrors.secretUnreadable({ keyId, reason: 'unknown-format' })
      }
      const header = sealed.subarray(0, HEADER)
      const mark = header.subarray(1)
      const found = keys.find((candidate) => candidate.mark.every((byte, at) => byte === mark[at]))
      if (found === undefined) throw platformErrors.secretUnreadable({ keyId, reason: 'other-master-key' })

      const nonce = sealed.subarray(HEADER, HEADER + NONCE)
      const ciphertext = sealed.subarray(HEADER + NONCE, sealed.length - TAG)
      const decipher = createDecipheriv('aes-256-gcm', found.key, nonce, { authTagLength: TAG })
        .setAAD(associatedData(header, context))
        .setAuthTag(sealed.subarray(sealed.length - TAG))
      try {
        return concat(decipher.update(ciphertext), decipher.final())
      } catch (error) {
        throw platformErrors.secretUnreadable({ keyId, reason: 'changed' }, error)
      }
    },
  }
}

interface DerivedKey {
  readonly key: Uint8Array
  /** Tells master keys apart, and says nothing about them. */
  readonly mark: Uint8Array
}

function deriveKey(masterKey: Uint8Array): DerivedKey {
  if (masterKey.length !== 32) throw new Error('A master key has 32 bytes.')
  const key = new Uint8Array(hkdfSync('sha256', masterKey, new Uint8Array(0), 'waarmerk secret box 1', 32))
  const mark = createHash('sha256').update('waarmerk master key mark 1').update(key).digest()
  return { key, mark: new Uint8Array(mark.subarray(0, MARK)) }
}

/** Each part carries its length, so that no two contexts read the same. */
function associatedData(header: Uint8Array, { keyId, rowId }: SecretContext): Uint8Array {
  const parts = [keyId, rowId].map(utf8)
  return concat(header, ...parts.flatMap((part) => [lengthOf(part), part]))
}

function lengthOf(part: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(4)
  new DataView(bytes.buffer).setUint32(0, part.length)
  return bytes
}
