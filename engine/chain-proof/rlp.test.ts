import { decodeRlp as decodeByOthers, encodeRlp as encodeByOthers, hexlify } from 'ethers'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { toHex } from '#engine/shared/bytes.ts'
import { decodeRlp, encodeRlp, type Rlp } from './rlp.ts'

const { value } = fc.letrec<{ value: Rlp; bytes: Uint8Array; list: Rlp[] }>((tie) => ({
  value: fc.oneof({ maxDepth: 4 }, tie('bytes'), tie('list')),
  bytes: fc.oneof(fc.uint8Array({ maxLength: 3 }), fc.uint8Array({ minLength: 50, maxLength: 300 })),
  list: fc.array(tie('value'), { maxLength: 5 }),
}))

type Nested = string | Nested[]
const asHex = (of: Rlp): Nested => (of instanceof Uint8Array ? toHex(of) : of.map(asHex))

test('values are encoded as others encode them, and decoded again', () => {
  fc.assert(
    fc.property(value, (given) => {
      const bytes = encodeRlp(given)
      expect(toHex(bytes)).toBe(encodeByOthers(asHex(given)))
      expect(asHex(decodeRlp(bytes) ?? [])).toEqual(asHex(given))
    }),
  )
})

test('what decodes at all is the one encoding of its value, and is read so by others', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 80 }), (bytes) => {
      const decoded = decodeRlp(bytes)
      if (decoded === undefined) return
      expect(toHex(encodeRlp(decoded))).toBe(toHex(bytes))
      expect(asHex(decoded)).toEqual(decodeByOthers(hexlify(bytes)))
    }),
    { numRuns: 2000 },
  )
})

test('a list of 32 is read, so that a later fork may add to a header', () => {
  const list = Array.from({ length: 32 }, (_, at) => Uint8Array.of(at + 1))
  expect(decodeRlp(encodeRlp(list))).toEqual(list)
})

test.each([
  ['0x8101', 'a single byte with a length'],
  ['0xb800', 'a long form of a short string'],
  ['0xb90001ff', 'a length with a leading zero'],
  ['0x83aabb', 'less than it says'],
  ['0x8000', 'something after its end'],
  ['0xc183', 'a list whose item leaves it'],
  ['0x', 'nothing'],
  [`0xe1${'01'.repeat(33)}`, 'a list of more than 32'],
  [`0x${'c1'.repeat(40)}c0`, 'lists within lists without end'],
])('%s is refused: %s', (hex) => {
  expect(decodeRlp(Uint8Array.from(Buffer.from(hex.slice(2), 'hex')))).toBeUndefined()
})
