import type { Hex } from '#engine/shared/bytes.ts'
import { toHex, utf8 } from '#engine/shared/bytes.ts'
import type { Hash } from '#engine/shared/hash.ts'

/**
 * Reads an address, in lower case. Where it is written in both cases, these are its checksum (EIP-55): an address with a
 * mistyped digit is undefined, like what is none.
 */
export function readAddress(text: string, keccak256: Hash): Hex | undefined {
  if (!/^0x[0-9a-fA-F]{40}$/.test(text)) return undefined
  const digits = text.slice(2)
  const lower = digits.toLowerCase()
  if (digits === lower || digits === digits.toUpperCase()) return `0x${lower}`
  const hash = toHex(keccak256(utf8(lower))).slice(2)
  const checked = [...lower].map((digit, at) =>
    Number.parseInt(hash[at] ?? '0', 16) >= 8 ? digit.toUpperCase() : digit,
  )
  return checked.join('') === digits ? `0x${lower}` : undefined
}
