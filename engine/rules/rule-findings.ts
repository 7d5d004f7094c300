import type { RuleFault, RuleWarning } from './rule-document.ts'

/** Where the parts of a check say what they found. */
export interface Findings {
  readonly faults: RuleFault[]
  readonly warnings: RuleWarning[]
}
