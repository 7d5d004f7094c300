import fc from 'fast-check'
import { expect, test } from 'vitest'
import { isMailAddress } from './mail-address.ts'

test('an address put together from good parts is one, and with anything odd inside it is none', () => {
  const part = fc.stringMatching(/^[a-z0-9+_-]{1,12}$/)
  const label = fc.stringMatching(/^[a-z0-9]{1,12}$/)
  const local = fc.array(part, { minLength: 1, maxLength: 3 }).map((parts) => parts.join('.'))
  const domain = fc.array(label, { minLength: 2, maxLength: 4 }).map((labels) => labels.join('.'))
  const odd = fc.constantFrom('<', '>', ';', ',', ' ', '"', '\u200B', '\u00AD', '(', '\\', '[', ':', '\u202E')
  fc.assert(
    fc.property(local, domain, odd, fc.nat(), (name, at, strange, place) => {
      const address = `${name}@${at}`
      expect(isMailAddress(address)).toBe(true)
      const index = place % (address.length + 1)
      expect(isMailAddress(address.slice(0, index) + strange + address.slice(index))).toBe(false)
    }),
  )
})

test.each([
  'foo<ann7@x.example>',
  '<ann@x.example>',
  'ann7@x.example;bob',
  'ann7@x..example',
  `${'a'.repeat(300)}@x.example`,
  'an\u200Bn@x.example',
  'an\u00ADn@x.example',
  '.ann@x.example',
  'ann.@x.example',
  'ann@-x.example',
  'ann@x.example.',
  'ann@bob@x.example',
  '@x.example',
  'ann@example',
])('%s is mailed never', (address) => expect(isMailAddress(address)).toBe(false))

test.each([
  'ann@x.example',
  'ann+tag@mail.x.example',
  'o’neil@x.example',
  'zoë@münchen.example',
  'ann@localhost',
])('%s may be', (address) => expect(isMailAddress(address)).toBe(true))
