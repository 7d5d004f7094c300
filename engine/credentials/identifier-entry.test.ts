import { expect, test } from 'vitest'
import { identifierFault, repeatedIdentifiers } from './identifier-entry.ts'

test.each([
  ['ext:BRIN', ['30AA', '30AA01', '42NB'], ['30A', 'AA30', '30aa', '30AA1', '4B0B1A', ' 30AA']],
  [
    'ext:ROR',
    ['https://ror.org/04dkp9463'],
    ['04dkp9463', 'https://ror.org/04dkp946', 'http://ror.org/04dkp9463'],
  ],
  ['ext:KvK', ['41199082'], ['4119908', '411990822', '4119908A']],
  ['ext:oin', ['00000001003214345000'], ['1003214345']],
  ['ext:OID', ['2.16.528.1', '1.3.6.1.4.1.5923'], ['2', '2.', '3.1', '2.016', '2.a']],
])('%s has the form of its register', (type, right, wrong) => {
  for (const identifier of right)
    expect([identifier, identifierFault({ identifier, type })]).toEqual([identifier, undefined])
  for (const identifier of wrong) expect(identifierFault({ identifier, type })).toEqual(expect.any(String))
})

test('of a register that nobody here knows any text will do', () => {
  expect(identifierFault({ identifier: '?', type: 'ext:GLN' })).toBeUndefined()
})

test('the second of two that are alike is named, whatever the case of its type', () => {
  const entry = (type: string, identifier: string) => ({ type, identifier })
  const all = [
    entry('ext:BRIN', '30AA'),
    entry('ext:KVK', '30AA'),
    entry('ext:brin', '30AA'),
    entry('ext:BRIN', '31AA'),
  ]
  expect(repeatedIdentifiers(all)).toEqual([2])
})
