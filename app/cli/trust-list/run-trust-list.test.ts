import { mkdtemp, readFile, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeAll, expect, test } from 'vitest'
import { createTrustListFiles } from '#adapters/trust/trust-list-files.ts'
import { DID, didDocument, NOW, signedBadge, statusList } from '#test/verification/sample-issuer.ts'
import { unsignedTrustList } from '#test/verification/sample-trust-list.ts'
import { runVerify } from '../verify.ts'
import { runTrustList } from './run-trust-list.ts'

let folder = ''
const path = (name: string) => join(folder, name)
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'trust-list-'))
})

const WEB: Readonly<Record<string, () => Promise<Response>>> = {
  'https://badges.example.org/issuers/sample/did.json': async () => Response.json(didDocument()),
  'https://badges.example.org/issuers/sample/status/1': async () => Response.json(await statusList()),
}

async function run(command: typeof runTrustList | typeof runVerify, argv: readonly string[]) {
  let [out, err] = ['', '']
  const code = await command(argv, {
    out: (text) => {
      out += text
    },
    err: (text) => {
      err += text
    },
    now: () => NOW,
    fetch: (async (url: URL) =>
      WEB[String(url)]?.() ?? new Response('', { status: 404 })) as unknown as typeof fetch,
  })
  return { code, out, err }
}

test('from a key to a badge that the signed list makes valid', async () => {
  // 1. A key, which nobody else can read and which is never written over.
  const made = await run(runTrustList, ['key', '--out', path('list.key')])
  expect(made.code).toBe(0)
  const did = made.out.trim()
  expect(did).toMatch(/^did:key:z6Mk/)
  expect((await stat(path('list.key'))).mode & 0o077).toBe(0)
  expect((await run(runTrustList, ['key', '--out', path('list.key')])).code).toBe(64)

  // 2. A list, signed with it.
  await writeFile(path('draft.json'), JSON.stringify(unsignedTrustList({ publisher: { id: did } })))
  const signing = ['sign', path('draft.json'), '--key', path('list.key'), '--out', path('list.json')]
  expect(await run(runTrustList, signing)).toMatchObject({ code: 0, err: '' })

  // 3. It counts for whoever believes that key, and for nobody else.
  const check = ['check', path('list.json'), '--trust-key']
  const good = await run(runTrustList, [...check, did])
  expect(good).toMatchObject({ code: 0 })
  expect(good.out).toContain('(trust-list-holds)')
  const other = await run(runTrustList, [...check, DID, '--json'])
  expect(other.code).toBe(1)
  expect(JSON.parse(other.out)).toMatchObject({
    code: 'trust-list-key-unnamed',
    validUntil: '2026-12-05T10:00:00Z',
  })

  // 4. And a badge of an issuer on it is valid.
  await writeFile(path('badge.json'), JSON.stringify(await signedBadge()))
  const verify = ['verify', path('badge.json'), '--trust-list', path('list.json')].slice(1)
  const valid = await run(runVerify, [...verify, '--trust-key', did])
  expect(valid).toMatchObject({ code: 0 })
  expect(valid.out).toContain('(issuer-listed)')
  expect(valid.out).toContain('BRIN         00AA')
  const undecided = await run(runVerify, verify)
  expect(undecided).toMatchObject({ code: 2 })
  expect(undecided.out).toContain('Trust list list.json: counts for nothing')
})

test('a server reads a file of a list again when it has changed, and does without one that it cannot read', async () => {
  const files = createTrustListFiles([path('served.json'), path('gone.json')])
  await writeFile(path('served.json'), JSON.stringify(unsignedTrustList()))
  const [first, gone] = await files.read()
  expect(first).toMatchObject({ from: 'served.json', json: { version: 3 } })
  expect(gone).toEqual({ from: 'gone.json', json: undefined })
  // The same object, so that it is not hashed again.
  expect((await files.read())[0]?.json).toBe(first?.json)
  await writeFile(path('served.json'), JSON.stringify(unsignedTrustList({ version: 40 })))
  expect((await files.read())[0]?.json).toMatchObject({ version: 40 })
  await writeFile(path('served.json'), '{"a":1,"a":2}')
  expect((await files.read())[0]?.json).toBeUndefined()
})

test.each([
  [[]],
  [['publish']],
  [['sign', 'missing.json', '--key', 'k', '--out', 'o']],
  [['sign', 'a.json']],
  [['check', 'a.json']],
  [['check', 'a.json', 'b.json', '--trust-key', DID]],
  [['key']],
  [['check', '--nonsense']],
])('what it does not know is wrong use: %j', async (argv) => {
  expect(await run(runTrustList, argv)).toMatchObject({ code: 64 })
})

test('it signs for nobody else, and nothing that is no list', async () => {
  await writeFile(path('other.json'), JSON.stringify(unsignedTrustList()))
  await writeFile(path('wrong.json'), JSON.stringify(unsignedTrustList({ version: 'three' })))
  await writeFile(path('short.key'), 'ab\n')
  const sign = (file: string, key: string) =>
    run(runTrustList, ['sign', path(file), '--key', path(key), '--out', path('never.json')])
  expect((await sign('other.json', 'list.key')).err).toContain('The list is published by')
  expect((await sign('wrong.json', 'list.key')).err).toContain('/version')
  expect((await sign('other.json', 'short.key')).err).toContain('64 hexadecimal digits')
  await expect(readFile(path('never.json'))).rejects.toThrow()
})
