import type { Duration } from '#engine/shared/duration.ts'

const WHOLE = /^-?(?:\d{1,9}(?:\.\d{1,9})?(?:h|ms|m|s))+$/
const PART = /(\d+(?:\.\d+)?)(h|ms|m|s)/g
const UNIT_MS: Readonly<Record<string, number>> = { h: 3_600_000, m: 60_000, s: 1000, ms: 1 }

/** Reads a duration as CEL writes it: `1h30m`, `-2.5s`. Undefined when it is none, or no whole millisecond. */
export function parseGoDuration(text: string): Duration | undefined {
  if (!WHOLE.test(text)) return undefined
  let sum = 0
  for (const [, amount, unit] of text.matchAll(PART))
    sum += Number(amount) * (UNIT_MS[unit ?? ''] ?? Number.NaN)
  const signed = text.startsWith('-') ? -sum : sum
  return Number.isSafeInteger(signed) ? signed : undefined
}
