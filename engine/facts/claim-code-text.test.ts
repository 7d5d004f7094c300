import fc from 'fast-check'
import { expect, test } from 'vitest'
import { CLAIM_CODE_BYTES, claimCodeOf, readClaimCode } from './claim-code-text.ts'

const chance = fc.uint8Array({ minLength: CLAIM_CODE_BYTES, maxLength: CLAIM_CODE_BYTES })

test('a code is five groups of four, and is read however it is typed', () => {
  fc.assert(
    fc.property(chance, (bytes) => {
      const code = claimCodeOf(bytes)
      expect(code).toMatch(/^(?:[0-9A-HJKMNP-TV-Z]{4}-){4}[0-9A-HJKMNP-TV-Z]{4}$/)
      const bare = code.replaceAll('-', '')
      for (const typed of [
        code,
        bare,
        code.toLowerCase(),
        ` ${code.replaceAll('-', ' ')} `,
        bare.replaceAll('0', 'o').replaceAll('1', 'l'),
        bare.replaceAll('0', 'O').replaceAll('1', 'I'),
      ])
        expect(readClaimCode(typed)).toBe(bare)
    }),
  )
})

test('every symbol is as likely as any other: five bits of each byte count', () => {
  const symbols = new Set<string>()
  for (let byte = 0; byte < 256; byte++)
    symbols.add(claimCodeOf(new Uint8Array(CLAIM_CODE_BYTES).fill(byte)).charAt(0))
  expect(symbols.size).toBe(32)
})

test('what cannot be a code is none', () => {
  for (const text of [
    '',
    'ABCD',
    'U'.repeat(20),
    '!'.repeat(20),
    'A'.repeat(21),
    ' '.repeat(500),
    'ſ'.repeat(20),
  ])
    expect([text, readClaimCode(text)]).toEqual([text, undefined])
})
