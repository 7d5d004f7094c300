import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { foreignDids, foreignLists } from './foreign-sources.ts'
import { contextsOf, createMappedFetch, readRemoteMap } from './remote-map.ts'

const folder = mkdtempSync(join(tmpdir(), 'remote-map-'))

function mapOf(entries: Readonly<Record<string, object>>): string {
  const file = join(folder, 'map.json')
  const names = Object.keys(entries)
  for (const [at, name] of names.entries())
    writeFileSync(join(folder, `${at}.json`), JSON.stringify(entries[name]))
  writeFileSync(
    file,
    JSON.stringify(Object.fromEntries(names.map((name, at) => [name, { file: `${at}.json` }]))),
  )
  return file
}

const LIST = 'https://example.org/status/1'
const ISSUER = 'https://example.org/issuer'
const CONTEXT = 'https://example.org/context'

test('answers for did:web, https issuers, lists and contexts, and for nothing else', async () => {
  const map = readRemoteMap(
    mapOf({
      'did:web:example.org:sample': { id: 'did:web:example.org:sample' },
      [ISSUER]: { id: ISSUER },
      [LIST]: { id: LIST },
      [CONTEXT]: { '@context': { sample: 'https://example.org/#sample' } },
    }),
  )
  const fetch = createMappedFetch(map)
  const [dids, lists] = [foreignDids(fetch), foreignLists(fetch)]
  expect(await dids.resolve('did:web:example.org:sample')).toEqual({ id: 'did:web:example.org:sample' })
  expect(await dids.resolve(ISSUER)).toEqual({ id: ISSUER })
  expect(await lists.fetch(LIST)).toEqual({ id: LIST })
  expect([...contextsOf(map).keys()]).toEqual([CONTEXT])
  expect(await dids.resolve('did:web:example.org')).toBe('unavailable')
  expect(await dids.resolve('did:example:1')).toBe('not_found')
  expect(await lists.fetch('https://example.org/status/2')).toBe('unavailable')
})

test('a map that cannot be read is told by name', () => {
  writeFileSync(join(folder, 'bad.json'), '[]')
  expect(() => readRemoteMap(join(folder, 'bad.json'))).toThrow(/bad\.json/)
  writeFileSync(join(folder, 'fileless.json'), '{"https://example.org/": {}}')
  expect(() => readRemoteMap(join(folder, 'fileless.json'))).toThrow(/names no file/)
})
