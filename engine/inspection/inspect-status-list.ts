import { readStatusBit } from '#engine/credentials/status-list.ts'
import { equalBytes } from '#engine/shared/bytes.ts'
import { type Finding, finding } from './finding.ts'

export interface InspectedList {
  readonly id: string
  /** Whether its bits only grow, as those of revocation do. */
  readonly grows: boolean
  readonly bits: Uint8Array
  readonly revision: number
  /** The bits that the signed list shows, and of which revision they are. */
  readonly signed?: { readonly bits: Uint8Array; readonly revision: number }
}

/** Whether exactly the bits of what has ended are set, and whether the signed list shows them. */
export function inspectStatusList(
  { id, grows, bits, revision, signed }: InspectedList,
  ended: ReadonlySet<number>,
): Finding[] {
  const findings: Finding[] = []
  for (const index of ended) {
    if (readStatusBit(bits, index) !== true) findings.push(finding('status-bit-missing', `${id}#${index}`))
  }
  for (let index = 0; index < bits.length * 8; index++) {
    // Most bytes of a list are zero.
    if (bits[index >> 3] === 0) index |= 7
    else if (readStatusBit(bits, index) === true && !ended.has(index))
      findings.push(finding('status-bit-unknown', `${id}#${index}`))
  }
  if (signed === undefined) return findings
  const isShown =
    signed.revision === revision ? equalBytes(signed.bits, bits) : !grows || isWithin(signed.bits, bits)
  if (!isShown) findings.push(finding('status-list-differs', id, `revision ${signed.revision}`))
  return findings
}

const isWithin = (earlier: Uint8Array, later: Uint8Array): boolean =>
  earlier.length === later.length && earlier.every((byte, at) => (byte & ~(later[at] ?? 0)) === 0)
