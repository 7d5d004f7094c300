import { expect, test } from 'vitest'
import { hasBaseProof } from './base-proof.ts'

const value = (third: number) =>
  `u${Buffer.from([0xd9, 0x5d, third, 0x85, 0x58, 0x40]).toString('base64url')}`

test.each([
  ['ecdsa-sd-2023', [0x00], [0x01]],
  ['bbs-2023', [0x02, 0x04, 0x06, 0x08], [0x03, 0x05, 0x07, 0x09]],
])('a base proof of %s is told from what is derived of it', (_suite, bases, derived) => {
  for (const third of bases) expect(hasBaseProof({ proof: { proofValue: value(third) } })).toBe(true)
  for (const third of derived) expect(hasBaseProof({ proof: { proofValue: value(third) } })).toBe(false)
})

test('one among others is enough, and what is none is none', () => {
  expect(hasBaseProof({ proof: [{ proofValue: 'z3FXQ' }, { proofValue: value(0) }] })).toBe(true)
  for (const proof of [[{ proofValue: 'z3FXQ' }], [], null, 'u2V0A', { proofValue: 7 }])
    expect(hasBaseProof({ proof })).toBe(false)
  expect(hasBaseProof({})).toBe(false)
})
