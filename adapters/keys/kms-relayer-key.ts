import { secp256k1 } from '@noble/curves/secp256k1'
import { computeAddress, recoverAddress, toBeHex } from 'ethers'
import { anchoringErrors } from '#engine/anchoring/anchoring-errors.ts'
import { fromHex, type Hex, toHex } from '#engine/shared/bytes.ts'
import type { RecoverableSignature, RelayerKey } from '#services/ports/relayer-key.ts'
import { type Kms, KmsError } from './kms.ts'

/** A key that never leaves its service: only digests go there. Throws KmsError when it is not fit. */
export async function kmsRelayerKey(kms: Kms, keyId: string): Promise<RelayerKey> {
  const address = computeAddress(toHex(await kms.publicKey(keyId))) as Hex
  return {
    address,
    sign: async (digest) => {
      const bytes = fromHex(digest)
      if (bytes === undefined) throw new Error('A digest is 32 bytes in hexadecimal digits.')
      try {
        return recoverable(await kms.sign(keyId, bytes), digest, address, keyId)
      } catch (error) {
        if (!(error instanceof KmsError)) throw error
        throw anchoringErrors.relayerKeyUnavailable({ reason: `${error.fault}, ${error.reason}` })
      }
    },
  }
}

/**
 * Services sign with either half of `s`, and do not say which of two points they mean: the lower half is taken, and of
 * the two points the one that leads to the address.
 */
function recoverable(der: Uint8Array, digest: Hex, address: Hex, keyId: string): RecoverableSignature {
  const read = () => {
    try {
      return secp256k1.Signature.fromDER(der).normalizeS()
    } catch {
      throw new KmsError('malformed', keyId, 'its signature is no DER')
    }
  }
  const signature = read()
  const [r, s] = [toBeHex(signature.r, 32) as Hex, toBeHex(signature.s, 32) as Hex]
  const yParity = ([0, 1] as const).find((parity) => leadsTo(address, digest, { r, s, yParity: parity }))
  if (yParity === undefined) throw new KmsError('malformed', keyId, 'its signature is of another key')
  return { r, s, yParity }
}

function leadsTo(address: Hex, digest: Hex, signature: RecoverableSignature): boolean {
  try {
    return recoverAddress(digest, signature) === address
  } catch {
    // No point of the curve has this r.
    return false
  }
}
