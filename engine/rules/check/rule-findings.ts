import type { RuleFault, RuleWarning } from '#engine/rules/document/rule-document.ts'

/** Where the parts of a check say what they found. */
export interface Findings {
  readonly faults: RuleFault[]
  readonly warnings: RuleWarning[]
}
