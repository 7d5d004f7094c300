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
  retentionTooShort: defineError<{
    rules: readonly { readonly ruleId: string; readonly name: string; readonly paths: readonly string[] }[]
  }>(
    'retention-too-short',
    409,
    false,
    'Rules that decide, or are paused, or are in shadow, look further back than events would be kept. `rules` names each with the places of its windows. Shorten these windows or retire the rules first, or keep events for longer.',
    ({ rules }) =>
      `Events would be kept for less long than rules look back: ${rules.map(({ name }) => name).join(', ')}.`,
  ),
} as const
