import { type Identifier, identifierText } from '#engine/events/identifier.ts'
import { concat, fromHex, type Hex, toHex, utf8 } from '#engine/shared/bytes.ts'
import type { Hash } from '#engine/shared/hash.ts'

const PREFIX = Uint8Array.of(0x02)
export const COMMITMENT_SALT_BYTES = 32

/**
 * What stands for a person on chain, in one rule only:
 * keccak256(0x02 ‖ rule hash ‖ salt ‖ SHA-256 of `type:value`), where `type:value` is the identifier in UTF-8 as
 * `identifierText` writes it (`email:ann@example.org`). Whoever has not been told the salt learns nothing from it, and
 * cannot see that two rules speak of one person.
 */
export function subjectCommitment(
  ruleHash: Hex,
  salt: Uint8Array,
  identifier: Identifier,
  { keccak256, sha256 }: { readonly keccak256: Hash; readonly sha256: Hash },
): Hex {
  const rule = fromHex(ruleHash)
  if (rule?.length !== 32 || salt.length !== COMMITMENT_SALT_BYTES)
    throw new Error('A commitment is made of 32 bytes of rule and 32 bytes of salt.')
  return toHex(keccak256(concat(PREFIX, rule, salt, sha256(utf8(identifierText(identifier))))))
}
