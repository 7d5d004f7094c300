import { RE2JS } from '@bufbuild/re2'
import { EXHAUSTED, type Meter, spend } from './meter.ts'
import { CelFailure, type CelValue, MISFIT } from './value.ts'

/** How large a pattern may be, in characters, and in instructions when its repetitions are written out. */
export const MAX_PATTERN = 512
const MAX_PROGRAM = 1000

/** What it takes to read a pattern that is no constant. */
export const READING_STEPS = 5000

const NO_PATTERN = new CelFailure(
  'a pattern is no regular expression of RE2 without Unicode classes, or is too large',
)

/** A regular expression that looks at every character once, whatever it says. */
export interface Pattern {
  readonly test: (text: string) => boolean
  /** For each character. */
  readonly steps: number
}

/**
 * Reads a pattern. Its size is estimated before the library sees it. Classes of Unicode (`\p{Greek}`) are not read:
 * the library's tables for them take a second to be made.
 */
export function readPattern(source: string): Pattern | CelFailure {
  const size = source.length > MAX_PATTERN ? Number.POSITIVE_INFINITY : programSize(source)
  if (size > MAX_PROGRAM) return NO_PATTERN
  try {
    const pattern = RE2JS.compile(source, RE2JS.DISABLE_UNICODE_GROUPS)
    return { test: (text) => pattern.test(text), steps: Math.max(1, Math.ceil(size / 4)) }
  } catch {
    return NO_PATTERN
  }
}

export function matchText(text: CelValue, pattern: Pattern, meter: Meter): boolean | CelFailure {
  if (typeof text !== 'string') return MISFIT
  return spend(meter, text.length * pattern.steps) ? pattern.test(text) : EXHAUSTED
}

/** `matches` with a pattern that only the evaluation knows. */
export function matchDynamic(text: CelValue, source: CelValue, meter: Meter): boolean | CelFailure {
  if (typeof source !== 'string') return MISFIT
  if (!spend(meter, READING_STEPS)) return EXHAUSTED
  const pattern = readPattern(source)
  return pattern instanceof CelFailure ? pattern : matchText(text, pattern, meter)
}

const PART = /\\[pP]\{[^}]*\}|\\.|\[\^?\]?(?:\[:\w+:\]|\\.|[^\]\\])*\]?|\{(\d+)(?:,(\d*))?\}|./gs

/** How many instructions a pattern becomes at most, roughly: what is repeated is written out. O(length). */
function programSize(source: string): number {
  const outer: number[] = []
  let sum = 0
  let last = 0
  for (const [part, least, most] of source.matchAll(PART)) {
    if (part === '(') {
      outer.push(sum)
      sum = 0
      last = 0
    } else if (part === ')') {
      last = sum + 2
      sum = (outer.pop() ?? 0) + last
    } else if (least === undefined) {
      last = 1
      sum += last
    } else {
      const times = Math.max(Number(least), Number(most || 0), 1)
      sum += last * (times - 1)
      last *= times
    }
  }
  return outer.length > 50 ? Number.POSITIVE_INFINITY : outer.reduce((total, size) => total + size, sum)
}
