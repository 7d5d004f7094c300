import { expect, test } from 'vitest'
import { bakePng } from '#adapters/crypto/bake-png.ts'
import { didKeyOf } from '#adapters/crypto/did-key.ts'
import { textChunk, writePng } from '#adapters/crypto/png-chunks.ts'
import { utf8 } from '#engine/shared/bytes.ts'
import { asInstant, formatInstant } from '#engine/shared/instant.ts'
import { anchoredBadge } from '#test/verification/sample-anchor.ts'
import {
  achievement,
  DID,
  didDocument,
  keyOf,
  NOW,
  signedBadge,
  statusList,
  suite,
} from '#test/verification/sample-issuer.ts'
import { runVerify } from './verify.ts'

const json = (value: unknown) => utf8(JSON.stringify(value))

interface Setting {
  readonly files: Readonly<Record<string, Uint8Array>>
  readonly web?: Readonly<Record<string, () => Response>>
}

const GOOD_WEB = {
  'https://badges.example.org/issuers/sample/did.json': () => Response.json(didDocument()),
}

async function run(argv: readonly string[], { files, web = GOOD_WEB }: Setting) {
  const list = await statusList()
  const asked: string[] = []
  let [out, err] = ['', '']
  const pages: Readonly<Record<string, () => Response>> = {
    'https://badges.example.org/issuers/sample/status/1': () => Response.json(list),
    ...web,
  }
  const code = await runVerify(argv, {
    out: (text) => {
      out += text
    },
    err: (text) => {
      err += text
    },
    now: () => NOW,
    read: async (path) => files[path] ?? Promise.reject(new Error('no such file')),
    fetch: (async (url: URL) => {
      asked.push(String(url))
      return pages[String(url)]?.() ?? new Response('', { status: 404 })
    }) as unknown as typeof fetch,
  })
  return { code, out, err, asked }
}

test('a badge of an issuer that you know is valid, and the domain is the headline', async () => {
  const { code, out, asked } = await run(['badge.json', '--trust', 'badges.example.org'], {
    files: { 'badge.json': json(await signedBadge()) },
  })
  expect(code).toBe(0)
  expect(out).toMatch(/^VALID {2}First aid at work/)
  expect(out).toContain('by           badges.example.org')
  expect(asked).toEqual([
    'https://badges.example.org/issuers/sample/did.json',
    'https://badges.example.org/issuers/sample/status/1',
    `${achievement.id}/standing`,
  ])
})

test('without --trust it is undecided, as nobody knows the issuer', async () => {
  const { code, out } = await run(['badge.json'], { files: { 'badge.json': json(await signedBadge()) } })
  expect(code).toBe(2)
  expect(out).toContain('(issuer-unknown)')
  const other = await run(['badge.json', '--trust', 'example.org'], {
    files: { 'badge.json': json(await signedBadge()) },
  })
  expect(other.code).toBe(2)
})

test('a domain is known in whatever case it is written, and a folder of it for what lies in it', async () => {
  const files = { 'badge.json': json(await signedBadge()) }
  expect((await run(['badge.json', '--trust', 'Badges.Example.ORG/issuers/'], { files })).code).toBe(0)
  expect((await run(['badge.json', '--trust', 'badges.example.org/iss'], { files })).code).toBe(2)
  expect((await run(['badge.json', '--trust', 'Badges.Example.ORG'], { files })).code).toBe(0)
})

test.each([['--help'], ['-h'], ['badge.json', '--trust', 'x', '--help']])(
  '%s prints the usage and is no fault',
  async (...argv) => {
    const { code, out, err, asked } = await run(argv, { files: {} })
    expect([code, err, asked]).toEqual([0, '', []])
    expect(out).toMatch(/^Usage: waarmerk verify/)
  },
)

test('a changed badge is invalid', async () => {
  const changed = { ...(await signedBadge()), name: 'First aid at sea' }
  const { code, out } = await run(['badge.json', '--trust', DID], { files: { 'badge.json': json(changed) } })
  expect(code).toBe(1)
  expect(out).toContain('x proof')
})

test('a baked picture is read', async () => {
  const png = writePng([emptyChunk('IHDR'), emptyChunk('IEND')])
  const { code } = await run(['badge.png', '--trust', DID], {
    files: { 'badge.png': bakePng(png, JSON.stringify(await signedBadge())) },
  })
  expect(code).toBe(0)
})

test('offline nothing is fetched, and a kept did.json serves instead', async () => {
  const { document, receipt } = await anchoredBadge({})
  const files = {
    'badge.json': json(document),
    'receipt.json': json(receipt),
    'did.json': json(didDocument()),
  }
  const { code, out, asked } = await run(
    ['badge.json', '--offline', 'receipt.json', '--did', 'did.json', '--trust', DID],
    { files },
  )
  expect([code, asked]).toEqual([2, []])
  expect(out).toContain('+ proof')
  expect(out).toContain('did.json that was handed in for badges.example.org. (signature-holds-by-kept-did)')
  expect(out).toContain('That the did.json that was handed in is what badges.example.org publishes.')
  expect(out).toContain('(status-unavailable)')
  expect(out).toContain('(chain-unavailable)')

  const forged = { ...receipt, salt: `0x${'00'.repeat(32)}` }
  const second = await run(
    ['badge.json', '--offline', '--receipt', 'receipt.json', '--did', 'did.json', '--trust', DID],
    { files: { ...files, 'receipt.json': json(forged) } },
  )
  expect(second.code).toBe(1)
  expect(second.out).toContain('(receipt-mismatch)')
})

test('a badge beyond the bounds could not be checked, which is not to say that it is invalid', async () => {
  const files = {
    'badge.json': json({ ...(await signedBadge()), more: Array.from({ length: 5000 }, () => 0) }),
  }
  const { code, out, err } = await run(['badge.json', '--trust', DID], { files })
  expect([code, out]).toEqual([2, ''])
  expect(err).toContain('(document-too-large)')
})

test('nor is a badge invalid when the command itself fails', async () => {
  const badge = json(await signedBadge())
  let err = ''
  const code = await runVerify(['badge.json', '--offline'], {
    out: () => {},
    err: (text) => {
      err += text
    },
    now: () => {
      throw new Error('no clock')
    },
    read: async () => badge,
  })
  expect(code).toBe(2)
  expect(err).toContain('no clock')
})

test('a kept did.json counts where the site gives none, and never before the one of the site', async () => {
  const url = 'https://badges.example.org/issuers/sample/did.json'
  const files = { 'badge.json': json(await signedBadge()), 'did.json': json(didDocument()) }
  const given = ['badge.json', '--did', 'did.json', '--trust', DID]
  const gone = [{ status: 404 }, { status: 500 }].map((how) => () => new Response('', how))
  for (const answer of [...gone, () => Response.json({ parked: true })]) {
    const { out, asked } = await run(given, { files, web: { [url]: answer } })
    expect(asked).toContain(url)
    expect(out).toContain('(signature-holds-by-kept-did)')
  }
  const published = await run(given, { files, web: { [url]: () => Response.json(didDocument()) } })
  expect(published.out).toContain('(signature-holds)')
  expect(published.out).not.toContain('handed in')
  const compromised = didDocument({ kind: 'compromised', since: asInstant(0) })
  const warned = await run(given, { files, web: { [url]: () => Response.json(compromised) } })
  expect([warned.code, warned.out.includes('(proof-key-revoked)')]).toEqual([1, true])
})

test('--json gives the whole report, with moments as the API writes them', async () => {
  const { out } = await run(['badge.json', '--json'], { files: { 'badge.json': json(await signedBadge()) } })
  expect(JSON.parse(out)).toMatchObject({
    verdict: 'undecided',
    checkedAt: formatInstant(NOW),
    credential: { issuer: { id: DID }, validFrom: formatInstant(asInstant(NOW - 86_400_000)) },
  })
})

test.each([
  ['a server that fails', () => new Response('', { status: 500 }), 2],
  ['a server that sends no JSON', () => new Response('<html>'), 2],
  ['a server that sends 2 MB', () => new Response('x'.repeat(2 * 1024 * 1024)), 2],
  ['a DID that is gone', () => new Response('', { status: 404 }), 1],
])('%s', async (_name, answer, expected) => {
  const web = { 'https://badges.example.org/issuers/sample/did.json': answer }
  const { code } = await run(['badge.json', '--trust', DID], {
    files: { 'badge.json': json(await signedBadge()) },
    web,
  })
  expect(code).toBe(expected)
})

test.each([
  ['no file', []],
  ['a file that is not there', ['missing.json']],
  ['an unknown option', ['badge.json', '--force']],
  ['two receipts', ['badge.json', 'receipt.json', '--receipt', 'receipt.json']],
  ['a file without a badge', ['note.txt']],
  ['a domain with its port', ['badge.json', '--trust', 'badges.example.org:8443']],
  ['a domain with a path that no id has', ['badge.json', '--trust', 'badges.example.org/a/../issuers']],
  ['a domain that is none', ['badge.json', '--trust', '']],
  ['a bundle beside an rpc', ['badge.json', '--rpc', 'https://rpc.example', '--bundle', 'receipt.json']],
  ['a hash without a bundle', ['badge.json', '--block-hash', `0x${'00'.repeat(32)}`]],
  ['a hash that is none', ['badge.json', '--bundle', 'receipt.json', '--block-hash', '0x12']],
  ['an rpc that is no address', ['badge.json', '--rpc', 'localhost']],
])('%s is wrong use', async (_name, argv) => {
  const files = { 'badge.json': json({}), 'note.txt': utf8('hello'), 'receipt.json': json({}) }
  const { code, err, out } = await run(argv, { files })
  expect([code, out]).toEqual([64, ''])
  expect(err).toContain('Usage: waarmerk verify')
})

test('codes for the terminal in a name are not printed', async () => {
  const signed = { ...(await signedBadge()), name: '\u001b[2Jgone' }
  const { out } = await run(['badge.json'], { files: { 'badge.json': json(signed) } })
  expect(out).not.toContain('\u001b')
})

/** A chunk with nothing in it but a name. */
function emptyChunk(type: string): Uint8Array {
  const chunk = textChunk('x', '').slice(0, 12)
  new DataView(chunk.buffer).setUint32(0, 0)
  chunk.set(utf8(type), 4)
  return chunk
}

test('a presentation is verified with each badge in it, and must answer what was asked', async () => {
  const holder = keyOf(didKeyOf(keyOf('x', 9).publicKeyMultibase), 9)
  const presentation = await suite.addProof(
    {
      '@context': ['https://www.w3.org/ns/credentials/v2'],
      type: ['VerifiablePresentation'],
      verifiableCredential: [await signedBadge()],
    },
    holder,
    NOW,
    { purpose: 'authentication', challenge: 'c-1' },
  )
  const files = { 'shown.json': json(presentation), 'badge.json': json(await signedBadge()) }
  const trusting = ['--trust', 'badges.example.org', '--challenge', 'c-1']
  const { code, out } = await run(['shown.json', ...trusting], { files })
  expect(code).toBe(0)
  expect(out).toMatch(/^VALID {2}a presentation with 1 credential\n/)
  expect(out).toContain('--- Credential 1 of 1 ---\n\nVALID  First aid at work')
  expect((await run(['shown.json', '--challenge', 'c-2'], { files })).code).toBe(1)
  const alone = await run(['badge.json', ...trusting], { files })
  expect([alone.code, alone.err]).toEqual([2, expect.stringContaining('(nothing-presented)')])
})
