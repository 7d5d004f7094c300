import { concat, fromHex, type Hex, toHex, utf8 } from '#engine/shared/bytes.ts'
import type { Hash } from '#engine/shared/hash.ts'

/** A rule of the contract AttestedAward, as it stands in every call (contracts/IAttestedAward.sol is its manual). */
export interface AttestedRule {
  /** 32 bytes: digest of what is awarded. The contract does not read it; all who grant together write the same. */
  readonly achievement: Hex
  /** How many of the criteria must be met. */
  readonly threshold: number
  /** Seconds since 1970: attestations count from `opensAt` up to and without `closesAt`. */
  readonly opensAt: number
  readonly closesAt: number
  readonly criteria: readonly AttestedCriterion[]
}

export interface AttestedCriterion {
  /** 32 bytes: digest of what the criterion says. */
  readonly statement: Hex
  /** Who may say that it is met: addresses. The same one may stand in several criteria. */
  readonly attesters: readonly Hex[]
}

/** What the contract takes at most. */
export const ATTESTED_RULE_LIMITS = { seats: 216, time: 2 ** 40 - 1 } as const

export interface AttestedRuleFault {
  readonly code:
    | 'digest-malformed'
    | 'address-malformed'
    | 'threshold-impossible'
    | 'window-empty'
    | 'time-out-of-range'
    | 'no-attester'
    | 'too-many-seats'
  /** JSON Pointer into the rule. */
  readonly path: string
  readonly message: string
}

/** Why the contract would not take a rule, or nobody could fulfil it; empty for one that is good. */
export function attestedRuleFaults(rule: AttestedRule): readonly AttestedRuleFault[] {
  const faults: AttestedRuleFault[] = []
  const fault = (code: AttestedRuleFault['code'], path: string, message: string) =>
    faults.push({ code, path, message })
  const { achievement, threshold, opensAt, closesAt, criteria } = rule
  if (!isBytes(achievement, 32)) fault('digest-malformed', '/achievement', 'is not 0x and 64 digits')
  if (!Number.isInteger(threshold) || threshold < 1 || threshold > criteria.length)
    fault('threshold-impossible', '/threshold', `is not from 1 to ${criteria.length}`)
  for (const [name, time] of [
    ['opensAt', opensAt],
    ['closesAt', closesAt],
  ] as const)
    if (!Number.isInteger(time) || time < 0 || time > ATTESTED_RULE_LIMITS.time)
      fault('time-out-of-range', `/${name}`, 'is no time that the contract can hold')
  if (opensAt >= closesAt) fault('window-empty', '/closesAt', 'is not after opensAt')
  for (const [at, { statement, attesters }] of criteria.entries()) {
    const path = `/criteria/${at}`
    if (!isBytes(statement, 32)) fault('digest-malformed', `${path}/statement`, 'is not 0x and 64 digits')
    if (attesters.length === 0) fault('no-attester', `${path}/attesters`, 'names nobody')
    for (const [seat, attester] of attesters.entries())
      if (!isBytes(attester, 20))
        fault('address-malformed', `${path}/attesters/${seat}`, 'is not 0x and 40 digits')
  }
  const seats = criteria.reduce((sum, { attesters }) => sum + attesters.length, 0)
  if (seats > ATTESTED_RULE_LIMITS.seats)
    fault(
      'too-many-seats',
      '/criteria',
      `name ${seats} attesters; the contract takes ${ATTESTED_RULE_LIMITS.seats}`,
    )
  return faults
}

const CRITERION_TYPE = 'Criterion(bytes32 statement,address[] attesters)'
const RULE_TYPE = `Rule(bytes32 achievement,uint8 threshold,uint40 opensAt,uint40 closesAt,Criterion[] criteria)${CRITERION_TYPE}`

/** The name of a rule on chain: its EIP-712 struct hash, in lower case. Of a rule without faults only. */
export function attestedRuleHash(rule: AttestedRule, keccak256: Hash): Hex {
  const criteria = rule.criteria.map(({ statement, attesters }) =>
    keccak256(
      concat(
        keccak256(utf8(CRITERION_TYPE)),
        word(statement),
        // In an array every address stands in 32 bytes.
        keccak256(concat(...attesters.map(word))),
      ),
    ),
  )
  return toHex(
    keccak256(
      concat(
        keccak256(utf8(RULE_TYPE)),
        word(rule.achievement),
        numberWord(rule.threshold),
        numberWord(rule.opensAt),
        numberWord(rule.closesAt),
        keccak256(concat(...criteria)),
      ),
    ),
  )
}

/** The seat of an attester of a criterion: its place in the whole rule. Undefined where the rule does not name it for that. */
export function seatOf({ criteria }: AttestedRule, criterion: number, attester: Hex): number | undefined {
  const place = criteria[criterion]?.attesters.findIndex(
    (each) => each.toLowerCase() === attester.toLowerCase(),
  )
  if (place === undefined || place < 0) return undefined
  const before = criteria.slice(0, criterion)
  return before.reduce((sum, { attesters }) => sum + attesters.length, place)
}

/** Right-aligned in 32 bytes, as the ABI has addresses; 32 bytes stay what they are. */
function word(hex: Hex): Uint8Array {
  const bytes = fromHex(hex) ?? new Uint8Array()
  return concat(new Uint8Array(32 - bytes.length), bytes)
}

const numberWord = (value: number): Uint8Array => word(`0x${value.toString(16).padStart(64, '0')}`)

const isBytes = (text: Hex, length: number): boolean => fromHex(text)?.length === length
