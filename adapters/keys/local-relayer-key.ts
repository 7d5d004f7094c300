import { computeAddress, SigningKey } from 'ethers'
import type { Hex } from '#engine/shared/bytes.ts'
import type { RelayerKey } from '#services/ports/relayer-key.ts'

/** A key in the memory of this process: 32 bytes. */
export function localRelayerKey(secret: Uint8Array): RelayerKey {
  const key = new SigningKey(secret)
  return {
    address: computeAddress(key) as Hex,
    sign: async (digest) => {
      const { r, s, yParity } = key.sign(digest)
      return { r: r as Hex, s: s as Hex, yParity }
    },
  }
}

/** The key itself, or one that keeps it. */
export const keeperOf = (key: RelayerKey | Uint8Array): RelayerKey =>
  key instanceof Uint8Array ? localRelayerKey(key) : key
