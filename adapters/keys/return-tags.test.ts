import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createReturnTags } from './return-tags.ts'

const keyOf = (byte: number) => new Uint8Array(32).fill(byte)
const tags = createReturnTags(keyOf(1))

test('a tag leads back to its mail, survives a change of case on its way, and fits before an @', () => {
  fc.assert(
    fc.property(fc.uuid(), (id) => {
      const tag = tags.tagOf(id)
      expect(tags.mailOf(tag)).toBe(id)
      expect(tag).toMatch(/^[a-z0-9-]{45}$/)
    }),
  )
})

test('no tag that was not made here leads anywhere', () => {
  fc.assert(
    fc.property(fc.uuid(), fc.uuid(), fc.nat({ max: 44 }), fc.string(), (id, other, at, noise) => {
      const tag = tags.tagOf(id)
      expect(tags.mailOf(noise)).toBeUndefined()
      expect(createReturnTags(keyOf(2)).mailOf(tag)).toBeUndefined()
      // One character changed, or the id of another mail under this signature.
      const changed = `${tag.slice(0, at)}${tag[at] === '0' ? '1' : '0'}${tag.slice(at + 1)}`
      expect(tags.mailOf(changed)).toBeUndefined()
      if (other !== id) expect(tags.mailOf(tags.tagOf(other).slice(0, 29) + tag.slice(29))).toBeUndefined()
    }),
  )
})
