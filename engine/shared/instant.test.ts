import fc from 'fast-check'
import { expect, test } from 'vitest'
import { formatInstant, parseInstant } from './instant.ts'

const two = fc.nat(99).map((number) => String(number).padStart(2, '0'))

test('a date in its usual form is read as the same date with a fraction and a written zone', () => {
  const parts = fc.tuple(two, two, two, two, two, two, two)
  fc.assert(
    fc.property(parts, fc.constantFrom('T', 't', ' '), fc.constantFrom('Z', 'z'), (digits, t, z) => {
      const [c, y, month, day, hour, minute, second] = digits
      const text = `${c}${y}-${month}-${day}${t}${hour}:${minute}:${second}`
      const at = parseInstant(`${text}${z}`)
      expect(at).toBe(parseInstant(`${text}.000+00:00`))
      if (at !== undefined) expect(formatInstant(at)).toBe(`${text.replace(/[t ]/, 'T')}Z`)
    }),
    { numRuns: 1000 },
  )
})

test.each(['2026-01-01T00:00:0Z0', '20a6-01-01T00:00:00Z', '2026-01-01T00:00:00+', '2026-1-011T00:00:00Z'])(
  '%s is no date',
  (text) => {
    expect(parseInstant(text)).toBeUndefined()
  },
)
