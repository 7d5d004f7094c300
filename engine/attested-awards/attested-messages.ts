import type { Hex } from '#engine/shared/bytes.ts'
import type { AttestedRule } from './attested-rule.ts'

/** Which contract on which chain a signature counts for. */
export interface AttestedDomain {
  readonly chainId: number
  readonly contract: Hex
}

/** What an attester says or takes back: one criterion of one case. Times in seconds since 1970. */
export interface AttestedWord {
  readonly rule: AttestedRule
  /** The rule's name on chain. */
  readonly ruleHash: Hex
  /** Commitment to the person. */
  readonly subject: Hex
  readonly criterion: number
  readonly attester: Hex
  readonly saidAt: number
  /** Until when it may be delivered. */
  readonly deadline: number
}

export type AttestedAct = 'attest' | 'withdraw'

/** EIP-712 data as `eth_signTypedData_v4` takes it, from any wallet. */
export interface TypedData {
  readonly domain: {
    readonly name: string
    readonly version: string
    readonly chainId: number
    readonly verifyingContract: Hex
  }
  readonly types: Readonly<Record<string, readonly { readonly name: string; readonly type: string }[]>>
  readonly primaryType: 'Attestation' | 'Withdrawal'
  readonly message: Readonly<Record<string, unknown>>
}

/** What an attester signs. An attestation shows the whole rule; a withdrawal names it by its hash. */
export function attestedTypedData(
  act: AttestedAct,
  { chainId, contract }: AttestedDomain,
  { rule, ruleHash, subject, criterion, attester, saidAt, deadline }: AttestedWord,
): TypedData {
  const domain = { name: 'AttestedAward', version: '1', chainId, verifyingContract: contract } as const
  if (act === 'withdraw')
    return {
      domain,
      types: { EIP712Domain: DOMAIN, Withdrawal: WITHDRAWAL },
      primaryType: 'Withdrawal',
      message: { rule: ruleHash, subject, criterion, attester, withdrawnAt: saidAt, deadline },
    }
  return {
    domain,
    types: { EIP712Domain: DOMAIN, Attestation: ATTESTATION, Criterion: CRITERION, Rule: RULE },
    primaryType: 'Attestation',
    message: { rule, subject, criterion, attester, attestedAt: saidAt, deadline },
  }
}

const DOMAIN = [
  field('string', 'name'),
  field('string', 'version'),
  field('uint256', 'chainId'),
  field('address', 'verifyingContract'),
]
const CRITERION = [field('bytes32', 'statement'), field('address[]', 'attesters')]
const RULE = [
  field('bytes32', 'achievement'),
  field('uint8', 'threshold'),
  field('uint40', 'opensAt'),
  field('uint40', 'closesAt'),
  field('Criterion[]', 'criteria'),
]
const ATTESTATION = [
  field('Rule', 'rule'),
  field('bytes32', 'subject'),
  field('uint8', 'criterion'),
  field('address', 'attester'),
  field('uint40', 'attestedAt'),
  field('uint64', 'deadline'),
]
const WITHDRAWAL = [
  field('bytes32', 'rule'),
  field('bytes32', 'subject'),
  field('uint8', 'criterion'),
  field('address', 'attester'),
  field('uint40', 'withdrawnAt'),
  field('uint64', 'deadline'),
]

function field(type: string, name: string) {
  return { name, type }
}
