import { expect, test } from 'vitest'
import { namedIssuers, readIssuerName } from './named-issuers.ts'

test('who names a domain does not mean other ports of it, which can be named by their whole id', async () => {
  const other = 'did:web:uni.example.nl%3A8443'
  const { look } = namedIssuers(['uni.example.nl'])
  expect(await look('did:web:uni.example.nl:a')).toEqual({ by: 'setting' })
  for (const id of [other, 'https://uni.example.nl:8443/a']) expect(await look(id)).toBeUndefined()
  expect(await namedIssuers([other]).look(other)).toEqual({ by: 'setting' })
})

test('who names a domain does not mean pages of others on it, and who names a folder means what lies in it', async () => {
  const isKnown = async (name: string, id: string) =>
    (await namedIssuers([readIssuerName(name) ?? '']).look(id)) !== undefined
  for (const id of ['https://uni.example.nl', 'https://uni.example.nl/', 'did:web:uni.example.nl:issuers:a'])
    expect(await isKnown('uni.example.nl', id)).toBe(true)
  for (const id of [
    'https://uni.example.nl/~student',
    'https://uni.example.nl/issuers',
    'did:web:uni.example.nl:~student',
  ])
    expect(await isKnown('uni.example.nl', id)).toBe(false)
  for (const id of ['https://uni.example.nl/a', 'https://uni.example.nl/a/b', 'did:web:uni.example.nl:a:b'])
    expect(await isKnown('Uni.Example.nl/a/', id)).toBe(true)
  for (const id of ['https://uni.example.nl/ab', 'https://uni.example.nl', 'did:web:uni.example.nl:A'])
    expect(await isKnown('uni.example.nl/a', id)).toBe(false)
})

test.each([
  'uni.example.nl:8443',
  'uni.example.nl/a//b',
  'uni.example.nl/a/../b',
  'uni.example.nl/a?b',
  '',
  '/a',
])('%s names nobody', (name) => {
  expect(readIssuerName(name)).toBeUndefined()
})
