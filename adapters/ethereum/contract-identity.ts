import { getAddress, Transaction } from 'ethers'
import { anchoringErrors } from '#engine/anchoring/anchoring-errors.ts'
import type { Hex } from '#engine/shared/bytes.ts'
import type { ChainAddress } from '#services/ports/chain.ts'
import { domainSeparatorOf } from './anchor-messages.ts'
import {
  BADGE_ANCHOR_ADDRESS,
  badgeAnchor,
  DEPLOYED_CODE_HASH,
  hashOfCode,
  isBadgeAnchorAddress,
  isBadgeAnchorCode,
} from './badge-anchor.ts'
import { askBytes, askQuantity, type Eip1193 } from './eip1193.ts'

/**
 * Makes sure that this is the chain, and that this address holds BadgeAnchor and nothing else: the code, and the
 * domain that its signatures count for (which the hash of the code leaves out).
 * Throws `chain-mismatch`, `contract-missing`, `contract-mismatch`, `chain-unavailable`. Three questions.
 */
export async function requireBadgeAnchor(
  provider: Eip1193,
  { chainId, contract }: ChainAddress,
): Promise<void> {
  await requireChain(provider, chainId)
  const code = await askBytes(provider, 'eth_getCode', [contract, 'latest'])
  if (code === '0x') throw anchoringErrors.contractMissing({ chainId, contract })
  const mismatch = (expected: string, found: string) =>
    anchoringErrors.contractMismatch({ chainId, contract, expected, found })
  if (!isBadgeAnchorCode(code)) throw mismatch(DEPLOYED_CODE_HASH, hashOfCode(code))
  const question = { to: contract, data: badgeAnchor.encodeFunctionData('domainSeparator') }
  const domain = await askBytes(provider, 'eth_call', [question, 'latest'])
  const expected = domainSeparatorOf({ chainId, contract })
  if (domain !== expected) throw mismatch(`of domain ${expected}`, `of domain ${domain}`)
}

/**
 * For whoever was told the address by a stranger, as every verifier is by a receipt: only an address at which nothing else can
 * stand is believed, or one that the verifier names itself. Throws as `requireBadgeAnchor`.
 */
export async function requireTrustedBadgeAnchor(
  provider: Eip1193,
  place: ChainAddress,
  named: readonly string[] = [],
): Promise<void> {
  if (!isTrustedContract(place.contract, named))
    throw anchoringErrors.contractMismatch({
      ...place,
      expected: `at ${BADGE_ANCHOR_ADDRESS}`,
      found: `at ${place.contract}`,
    })
  await requireBadgeAnchor(provider, place)
}

export const isTrustedContract = (contract: Hex, named: readonly string[] = []): boolean =>
  isBadgeAnchorAddress(contract) || named.some((each) => each.toLowerCase() === contract.toLowerCase())

/**
 * Whether code that somebody kept is that of BadgeAnchor at this place, which has to be trusted as above. What differs by place stands in the code itself:
 * among it the domain that its signatures count for.
 */
export const isBadgeAnchorAt = (code: Hex, place: ChainAddress, named: readonly string[] = []): boolean =>
  isTrustedContract(place.contract, named) &&
  isBadgeAnchorCode(code) &&
  code.toLowerCase().includes(domainSeparatorOf(place).slice(2))

/** Throws `chain-mismatch` with both numbers. */
export async function requireChain(provider: Eip1193, expected: number): Promise<void> {
  const found = await readChainId(provider)
  if (found !== expected) throw anchoringErrors.chainMismatch({ expected, found })
}

export async function readChainId(provider: Eip1193): Promise<number> {
  return Number(await askQuantity(provider, 'eth_chainId'))
}

/** What stands at the address, in a word: `BadgeAnchor`, `nothing`, or the hash of other code. */
export async function codeAt(provider: Eip1193, contract: Hex): Promise<string> {
  const code = await askBytes(provider, 'eth_getCode', [contract, 'latest'])
  if (code === '0x') return 'nothing'
  const hash = hashOfCode(code)
  return hash === DEPLOYED_CODE_HASH ? 'BadgeAnchor' : `code ${hash}`
}

/** Whether an address has any code. */
export async function hasCode(provider: Eip1193, address: Hex): Promise<boolean> {
  return (await askBytes(provider, 'eth_getCode', [address, 'latest'])) !== '0x'
}

/** The contract that a stored transaction calls. Undefined for one that makes a contract. */
export function contractCalledBy(raw: string): Hex | undefined {
  const { to } = Transaction.from(raw)
  return to === null ? undefined : (getAddress(to) as Hex)
}
