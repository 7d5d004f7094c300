import type { Mutant } from './find-mutants.ts'
import type { TextEdit } from './text-edits.ts'

/**
 * Which mutant is on stands in the address that is paid for the block: a test run sets it, code reads it for 2 gas, and no
 * contract here has a use for it.
 */
export const SWITCH = `// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;
library Mutants {
    function on(uint256 number) internal view returns (bool) { return uint160(address(block.coinbase)) == number; }
}
`

interface Switched extends TextEdit {
  readonly number: number
  readonly form: Mutant['form']
}

/** The source with all its mutants in it, each behind `Mutants.on(number)`. */
export function withSwitches(source: Buffer, mutants: ReadonlyMap<Mutant, number>): string {
  const switched = [...mutants]
    .flatMap(([{ edits, form }, number]) => edits.map((edit) => ({ ...edit, number, form })))
    .sort((a, b) => a.start - b.start || b.end - a.end)

  // From the outermost in: what a mutant says instead is the plain text, as only one of them is ever on.
  const written = (start: number, end: number, within: readonly Switched[]): string => {
    let out = ''
    let at = start
    let rest = within
    while (rest.length > 0) {
      const [first, ...others] = rest as [Switched, ...Switched[]]
      const inside = others.filter((other) => other.end <= first.end)
      rest = others.filter((other) => other.end > first.end)
      const plain = written(first.start, first.end, inside)
      out += source.subarray(at, first.start).toString()
      if (first.form === 'expression') {
        out += `(Mutants.on(${first.number}) ? (${first.to}) : (${plain}))`
        at = first.end
      } else {
        // The range of a statement leaves its semicolon out, but for that of a bare `return;`.
        out += `{ if (!Mutants.on(${first.number})) { ${plain.replace(/;$/, '')}; } }`
        at = source.indexOf(';', first.end - 1) + 1
      }
    }
    return out + source.subarray(at, end).toString()
  }
  const text = written(0, source.length, switched)
  return text.replace(/^pragma .*$/m, '$& import {Mutants} from "./Mutants.sol";')
}
