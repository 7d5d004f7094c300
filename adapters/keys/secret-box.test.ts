import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createSecretBox } from './secret-box.ts'

const master = (byte: number) => new Uint8Array(32).fill(byte)
const context = { keyId: 'key-1', rowId: 'row-1' }

test('what was sealed opens again, whatever it is', () => {
  const box = createSecretBox([master(1)])
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), fc.string(), fc.string(), (plain, keyId, rowId) => {
      expect(box.open(box.seal(plain, { keyId, rowId }), { keyId, rowId })).toEqual(plain)
    }),
  )
})

test('sealing twice never gives the same bytes, and the secret does not stand in them', () => {
  const box = createSecretBox([master(1)])
  const plain = new TextEncoder().encode('a secret of some length')
  const [one, other] = [box.seal(plain, context), box.seal(plain, context)]
  expect(one).not.toEqual(other)
  expect(Buffer.from(one).includes(Buffer.from(plain))).toBe(false)
})

test('a secret opens in its own context only', () => {
  const box = createSecretBox([master(1)])
  const sealed = box.seal(master(9), context)
  for (const other of [
    { keyId: 'key-1', rowId: 'row-2' },
    { keyId: 'key-2', rowId: 'row-1' },
    { keyId: 'key-1row', rowId: '-1' },
  ]) {
    expect(() => box.open(sealed, other)).toThrow(
      expect.objectContaining({
        code: 'secret-unreadable',
        parameters: { keyId: other.keyId, reason: 'changed' },
      }),
    )
  }
})

test('one changed bit anywhere is noticed', () => {
  const box = createSecretBox([master(1)])
  const sealed = box.seal(master(9), context)
  for (let at = 0; at < sealed.length; at++) {
    const changed = sealed.slice()
    changed[at] = (changed[at] ?? 0) ^ 0x10
    expect(() => box.open(changed, context)).toThrow(expect.objectContaining({ code: 'secret-unreadable' }))
  }
  for (const length of [0, 1, 32, sealed.length - 1]) {
    expect(() => box.open(sealed.slice(0, length), context)).toThrow(
      expect.objectContaining({ code: 'secret-unreadable' }),
    )
  }
})

test('another master key is told apart from changed bytes', () => {
  const sealed = createSecretBox([master(1)]).seal(master(9), context)
  expect(() => createSecretBox([master(2)]).open(sealed, context)).toThrow(
    expect.objectContaining({ parameters: { keyId: 'key-1', reason: 'other-master-key' } }),
  )
})

test('an earlier master key still opens, and sealing anew moves to the current one', () => {
  const sealed = createSecretBox([master(1)]).seal(master(9), context)
  const both = createSecretBox([master(2), master(1)])
  const anew = both.seal(both.open(sealed, context), context)
  expect(createSecretBox([master(2)]).open(anew, context)).toEqual(master(9))
})
