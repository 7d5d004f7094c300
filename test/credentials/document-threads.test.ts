import { afterAll, expect, test } from 'vitest'
import { bakeSvg } from '#adapters/crypto/bake-svg.ts'
import { canonicalLabels } from '#adapters/crypto/canonical-labels.ts'
import { canonicalQuads } from '#adapters/crypto/canonical-quads.ts'
import { createCredentialSuite } from '#adapters/crypto/credential-suite.ts'
import { createDocumentLoader } from '#adapters/crypto/document-loader.ts'
import { unbake } from '#adapters/crypto/unbake.ts'
import { asCaller } from '#adapters/threads/caller-scope.ts'
import { createDocumentThreads, type DocumentThreads } from '#adapters/threads/document-threads.ts'
import { openCryptoMeans } from '#app/open-crypto-means.ts'
import { WaarmerkError } from '#engine/errors/define-error.ts'
import type { JsonObject } from '#engine/shared/json.ts'
import { longestHoldMs } from '#test/verification/longest-hold.ts'
import { signedBadge, verifierOf } from '#test/verification/sample-issuer.ts'

const VOCABULARY = 'https://vocabulary.example.org/v1'
const contexts = new Map([
  [VOCABULARY, { '@context': { '@vocab': 'https://vocabulary.example.org/#', id: '@id' } }],
])

const DEADLINE_MS = 800

const opened: DocumentThreads[] = []
const open = (options: Parameters<typeof createDocumentThreads>[0] = {}): DocumentThreads => {
  const threads = createDocumentThreads({ contexts, threads: 1, deadlineMs: DEADLINE_MS, ...options })
  opened.push(threads)
  return threads
}
afterAll(() => Promise.all(opened.map((threads) => threads.close())))

const badge: JsonObject = {
  '@context': VOCABULARY,
  id: 'urn:badge',
  name: 'First aid',
  worn: [{ by: 'Sam' }],
}

/**
 * Within the bounds of a document, but each of its 2,000 lines repeats half a megabyte: seconds, and a gigabyte. The index
 * says nothing, and makes it a document for the library, which counts no work.
 */
const amplified: JsonObject = {
  '@context': VOCABULARY,
  '@index': 'i',
  id: `urn:${'x'.repeat(500_000)}`,
  says: Array.from({ length: 2000 }, (_, number) => `${number}`),
}

const slow = async (threads: DocumentThreads, document: JsonObject): Promise<string> => {
  const canonical = await threads.canonicalise(document)
  return canonical.ok ? 'ok' : canonical.fault.code
}

test('a thread answers what is answered in place, faults included', async () => {
  const threads = open()
  const loader = createDocumentLoader(contexts)
  for (const document of [
    badge,
    { ...badge, '@context': 'https://elsewhere.example.org' },
    { ...badge, id: 'relative' },
  ]) {
    expect(await threads.canonicalise(document)).toEqual(await canonicalQuads(document, loader))
  }
  const quads = '_:a <urn:by> _:b .\n_:b <urn:name> "Sam" .\n'
  expect(await threads.canonicalise(quads)).toEqual(await canonicalLabels(quads, loader))
  expect(await canonicalLabels(quads, loader)).toMatchObject({
    ok: true,
    labels: new Map([
      ['a', 'c14n0'],
      ['b', 'c14n1'],
    ]),
  })
})

test('timers go on while a document is refused that would hold the loop for seconds', async () => {
  const threads = open()
  // The thread starts first: loading it is no part of what a document costs.
  await threads.canonicalise(badge)
  const from = performance.now()
  let outcome = ''
  const heldMs = await longestHoldMs(async () => {
    outcome = await slow(threads, amplified)
  })
  const tookMs = performance.now() - from
  expect(outcome).toBe('canonicalisation-too-slow')
  // Timers count whole milliseconds.
  expect(tookMs).toBeGreaterThan(DEADLINE_MS - 1)
  expect(heldMs).toBeLessThan(DEADLINE_MS / 4)
})

test('what comes to too much work is refused without the deadline', async () => {
  const threads = open({ deadlineMs: 60_000 })
  const { '@index': _, ...counted } = amplified
  expect(await slow(threads, counted)).toBe('canonicalisation-too-slow')
})

test('a thread that was killed takes nothing with it: the next document gets another', async () => {
  const threads = open()
  const [first, second] = await Promise.all([slow(threads, amplified), slow(threads, badge)])
  expect([first, second]).toEqual(['canonicalisation-too-slow', 'ok'])
})

test('a thread that wants more memory than it has is given up, and the process lives', async () => {
  const threads = open({ memoryMb: 48, deadlineMs: 60_000 })
  // Each of the characters becomes six, in each line anew.
  const escaped = { ...amplified, id: `urn:${'{'.repeat(100_000)}` }
  expect(await slow(threads, escaped)).toBe('canonicalisation-too-slow')
  expect(await slow(threads, badge)).toBe('ok')
})

const outcomeOf = (answer: Promise<unknown>): Promise<string> =>
  answer.then(
    () => 'ok',
    (error: unknown) => (error instanceof WaarmerkError ? error.code : expect.unreachable()),
  )

/** A document in the name of a caller. */
const sendAs = (threads: DocumentThreads, caller: string): Promise<string> =>
  asCaller(
    () => caller,
    () => outcomeOf(threads.canonicalise(badge)),
  )

test('where too many wait, the next is told so: that says nothing of its document', async () => {
  const threads = open({ queue: 2 })
  const outcomes = await Promise.all(['a', 'b', 'c', 'd', 'e'].map((caller) => sendAs(threads, caller)))
  // One is with the thread and two wait for it; nobody has more than another who could give way.
  expect(outcomes).toEqual(['ok', 'ok', 'ok', 'unavailable', 'unavailable'])
})

test('where it is full, the newest of whoever has most gives way to one who has none', async () => {
  const threads = open({ queue: 5 })
  const many = Array.from({ length: 4 }, () => sendAs(threads, 'many'))
  const some = [sendAs(threads, 'some'), sendAs(threads, 'some')]
  const late = [sendAs(threads, 'late'), sendAs(threads, 'later'), sendAs(threads, 'many')]
  // Five wait: three of the first, two of the second. The fourth and then the third of the first give way.
  expect(await Promise.all(many)).toEqual(['ok', 'ok', 'unavailable', 'unavailable'])
  expect(await Promise.all(some)).toEqual(['ok', 'ok'])
  expect(await Promise.all(late)).toEqual(['ok', 'ok', 'unavailable'])
  // What gave way counts no longer.
  expect(await Promise.all(Array.from({ length: 5 }, () => sendAs(threads, 'many')))).toEqual(
    Array(5).fill('ok'),
  )
})

test('the work of the product itself is never refused because strangers wait, and has a bound of its own', async () => {
  const threads = open({ queue: 2, reserve: 3 })
  const done: string[] = []
  const note = async (who: string, outcome: Promise<string>) => {
    const came = await outcome
    done.push(who)
    return came
  }
  const strangers = ['a', 'b', 'c', 'd'].map((caller) => note(caller, sendAs(threads, caller)))
  const own = Array.from({ length: 4 }, () => note('own', outcomeOf(threads.canonicalise(badge))))
  expect(await Promise.all(own)).toEqual(['ok', 'ok', 'ok', 'unavailable'])
  expect(await Promise.all(strangers)).toEqual(['ok', 'ok', 'ok', 'unavailable'])
  // The two that were refused are done at once. From then on the product has every second turn.
  expect(done.slice(2)).toEqual(['a', 'own', 'b', 'own', 'c', 'own'])
})

test('one who sends many waits for itself: others have their turn, and it is told when its share is full', async () => {
  const threads = open({ share: 3 })
  const done: string[] = []
  const send = (caller: string): Promise<string> =>
    asCaller(
      () => caller,
      async () => {
        const outcome = await outcomeOf(threads.canonicalise(badge))
        done.push(caller)
        return outcome
      },
    )
  const many = Array.from({ length: 5 }, () => send('many'))
  const one = send('one')
  expect(await Promise.all(many)).toEqual(['ok', 'ok', 'ok', 'rate-limited', 'rate-limited'])
  expect(await one).toBe('ok')
  // The two that were refused are done at once; whoever came last need not wait for all the others.
  expect(done.slice(2)).toEqual(['many', 'many', 'one', 'many'])
  expect(await send('many')).toBe('ok')
})

test('a file that is large, or may unpack to much, is read in a thread, with the same answer', async () => {
  const threads = open()
  const svg = '<svg xmlns="http://www.w3.org/2000/svg"><g/></svg>'
  const large = new TextEncoder().encode(bakeSvg(svg.replace('<g/>', '<g/>'.repeat(10_000)), '{"a":1}'))
  const small = new TextEncoder().encode(bakeSvg(svg, '{"a":1}'))
  const torn = new TextEncoder().encode('%PDF-1.7 ')
  expect(threads.unbake(small)).toEqual(unbake(small))
  for (const file of [large, torn, new Uint8Array(100_000)]) {
    const read = threads.unbake(file)
    expect(read).toBeInstanceOf(Promise)
    expect(await read).toEqual(unbake(file))
  }
  // What is given up is not unreadable: nobody knows.
  const hasty = open({ deadlineMs: 1 })
  const given = hasty.unbake(new TextEncoder().encode(`<svg>${'<g/>'.repeat(60_000)}</svg>`))
  expect(await outcomeOf(Promise.resolve(given))).toBe('unavailable')
})

test('a verifier says undecided of a document that is given up, and goes on', async () => {
  const { means, close } = openCryptoMeans()
  const verifier = verifierOf({ suite: createCredentialSuite({ means }) })
  const signed = await signedBadge()
  // Pinned contexts and terms alone, and not more than 4,000 values: but each of them repeats the id.
  const slowBadge: JsonObject = {
    ...signed,
    id: `urn:${'x'.repeat(400_000)}`,
    name: Array.from({ length: 3000 }, (_, number) => `${number}`),
  }
  const [report, other] = await Promise.all([
    verifier.verify({ document: slowBadge }),
    verifier.verify({ document: signed }),
  ])
  await close()
  const { outcome, code } = report.checks.find(({ name }) => name === 'proof') ?? expect.unreachable()
  expect([report.verdict, outcome, code]).toEqual(['undecided', 'unknown', 'canonicalisation-too-slow'])
  expect(other.checks.find(({ name }) => name === 'proof')?.outcome).toBe('passed')
})

test('closing gives up what waits and what is under way', async () => {
  const threads = open()
  const outcomes = Promise.all([slow(threads, amplified), slow(threads, badge)])
  await threads.close()
  expect(await outcomes).toEqual(['canonicalisation-too-slow', 'canonicalisation-too-slow'])
  expect(await slow(threads, badge)).toBe('canonicalisation-too-slow')
})
