import type { Check, CheckName, Outcome } from '#engine/verification/verification-report.ts'

/** One line of a report. The codes are stable; `detail` is worded for people in other languages by code. */
export const check = (name: CheckName, outcome: Outcome, code: string, detail: string): Check => ({
  name,
  outcome,
  code,
  detail,
})
