import { expect, test } from 'vitest'
import { namedIssuers } from './named-issuers.ts'

test('who names a domain does not mean other ports of it, which can be named by their whole id', async () => {
  const other = 'did:web:uni.example.nl%3A8443'
  const { look } = namedIssuers(['uni.example.nl'])
  expect(await look('did:web:uni.example.nl:a')).toEqual({ by: 'setting' })
  for (const id of [other, 'https://uni.example.nl:8443/a']) expect(await look(id)).toBeUndefined()
  expect(await namedIssuers([other]).look(other)).toEqual({ by: 'setting' })
})
