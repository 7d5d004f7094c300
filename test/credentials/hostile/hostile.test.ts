import { beforeAll, describe, expect, test } from 'vitest'
import { unbake } from '#adapters/crypto/unbake.ts'
import { runVerify } from '#app/cli/verify.ts'
import { WaarmerkError } from '#engine/errors/define-error.ts'
import { asInstant } from '#engine/shared/instant.ts'
import { readDocument } from '#services/verify/read-document.ts'
import { NOW, noChain, suite, verifierOf } from '#test/verification/sample-issuer.ts'
import type { HostileDocument } from './hostile-document.ts'
import { HOSTILE_DOCUMENTS, statusListBomb } from './hostile-documents.ts'
import { EMPTY_BITS, goodBadge, HOSTILE, LIST, listOf } from './hostile-issuer.ts'

/** Counts whom it was asked for, and knows only the status list of the good badge. */
function countingVerifier(encodedList: string, trusted: readonly string[] = []) {
  const asked: string[] = []
  const ask = (what: string) => {
    asked.push(what)
    return 'unavailable' as const
  }
  const verifier = verifierOf({
    resolver: { resolve: async (did) => ask(did) },
    statusLists: {
      fetch: async (url) => {
        ask(url)
        return url === LIST ? listOf(encodedList) : 'unavailable'
      },
    },
    standings: { fetchStanding: async (url) => ask(url) },
    anchors: noChain,
    trust: { look: async (id) => (trusted.includes(id) ? { by: 'setting' } : undefined) },
    clock: { now: () => NOW },
  })
  return { verifier, asked }
}

let bits = ''
beforeAll(async () => {
  bits = await suite.encodeStatusList(EMPTY_BITS)
})

/** Every code that speaks against the document, or says that something could not be told. */
async function codesOf({ bytes }: Pick<HostileDocument, 'bytes'>, encodedList = bits) {
  const { verifier, asked } = countingVerifier(encodedList)
  const read = await readDocument(await bytes(), unbake)
  if (!read.ok) return { codes: [read.code], asked, verdict: 'refused' }
  try {
    const { document, picture } = read
    const report = await verifier.verify({ document, ...(picture === undefined ? {} : { picture }) })
    const against = report.checks.filter(({ outcome }) => outcome === 'failed' || outcome === 'unknown')
    return { codes: against.map(({ code }) => code), asked, verdict: report.verdict }
  } catch (error) {
    if (error instanceof WaarmerkError) return { codes: [error.code], asked, verdict: 'refused' }
    throw error
  }
}

test('what it all is made from is a good badge', async () => {
  const { verifier } = countingVerifier(bits, [HOSTILE])
  expect(await verifier.verify({ document: await goodBadge() })).toMatchObject({ verdict: 'valid' })
})

describe('a hostile document is refused with its code, and nothing is fetched for it', () => {
  test.each(HOSTILE_DOCUMENTS)('$name', async (hostile) => {
    const { codes, asked, verdict } = await codesOf(hostile)
    expect(codes).toSatisfy((found: readonly string[]) =>
      found.some((code) => hostile.refused.includes(code)),
    )
    expect(verdict).not.toBe('valid')
    if (hostile.isProved !== true) expect(asked).toEqual([])
    // Even then only the open web is asked.
    expect(asked.filter((url) => !url.startsWith('https://'))).toEqual([])
  })
})

test('a status list of two gigabytes is let go after two megabytes', async () => {
  const bomb = await statusListBomb()
  const { codes } = await codesOf(
    { bytes: async () => new TextEncoder().encode(JSON.stringify(await goodBadge())) },
    bomb,
  )
  expect(codes).toContain('status-untrusted')
  expect(await suite.decodeStatusList(bomb)).toBeUndefined()
})

test.each([
  'a protected term defined anew, canonicalised',
  '20,000 blank nodes',
  'a member that stands there twice',
  'a token: signed by nobody',
  'an SVG with a script',
  'a PNG with two badges',
])('the command line refuses it as well: %s', async (name) => {
  const hostile = HOSTILE_DOCUMENTS.find((each) => each.name === name)
  const bytes = (await hostile?.bytes()) ?? new Uint8Array()
  let told = ''
  const keep = (text: string) => {
    told += text
  }
  const asked: string[] = []
  const code = await runVerify(['badge'], {
    out: keep,
    err: keep,
    now: () => asInstant(NOW),
    read: async () => bytes,
    fetch: (async (url: URL) => {
      asked.push(String(url))
      return new Response('', { status: 404 })
    }) as unknown as typeof fetch,
  })
  expect(code).toBeGreaterThan(0)
  expect(hostile?.refused.some((each) => told.includes(each))).toBe(true)
  expect(told).not.toMatch(/\n\s+at /)
  expect(asked).toEqual([])
})
