import { defineError } from '#engine/errors/define-error.ts'
import type { RuleFault } from './rule-document.ts'

export const ruleErrors = {
  ruleInvalid: defineError<{ faults: readonly RuleFault[] }>(
    'rule-invalid',
    422,
    false,
    'A rule document has faults; each is listed with its own code and place. Nothing was saved.',
    ({ faults }) =>
      `The rule has ${faults.length === 1 ? 'a fault' : `${faults.length} faults`}: ` +
      `${faults[0]?.message ?? 'it cannot be read.'} (${faults[0]?.path || '/'})`,
  ),
} as const
