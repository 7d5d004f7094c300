import { setTimeout as sleep } from 'node:timers/promises'
import { Registry } from 'prom-client'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createCredentialSuite } from '#adapters/crypto/credential-suite.ts'
import { signingKeyOf } from '#adapters/crypto/signing-key.ts'
import { privateKeyOf } from '#adapters/keys/openssl-ed25519.ts'
import { measureDocuments } from '#app/document-metrics.ts'
import { buildBadgeCredential } from '#engine/credentials/badge-credential.ts'
import { credentialBytes } from '#engine/credentials/prepared-credential.ts'
import { utf8 } from '#engine/shared/bytes.ts'
import type { LentKey, SigningKey } from '#services/ports/key-store.ts'
import { badge, issuingKey, NOW, seed } from '#test/verification/sample-issuer.ts'
import { createIssueMany } from './issue-in-threads.ts'
import { createIssuingThreads, type IssuingThreads } from './issuing-threads.ts'

const suite = createCredentialSuite()
const lent: SigningKey = { ...issuingKey, lent: privateKeyOf(seed(1)) as object as LentKey }

const documentOf = (number: number, narrative = `Number ${number}.`) =>
  credentialBytes(
    buildBadgeCredential(
      badge({ uuid: `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`, narrative }),
    ),
  )
const documents = Array.from({ length: 80 }, (_, number) => documentOf(number))

async function opened(): Promise<IssuingThreads> {
  const threads = createIssuingThreads(1)
  while (threads.ready() === 0) await sleep(20)
  return threads
}

let threads: IssuingThreads
beforeAll(async () => {
  threads = await opened()
}, 60_000)
afterAll(() => threads.close())

const here = createIssueMany(suite)

/** A key that counts what it signs itself. */
function counting(key: SigningKey) {
  const signed = { here: 0 }
  const sign: SigningKey['sign'] = (message) => {
    signed.here++
    return key.sign(message)
  }
  return { signed, key: { ...key, sign } }
}

test('what threads sign is what is signed without them', async () => {
  const { signed, key } = counting(lent)
  const issued = await createIssueMany(suite, threads)(documents, key, NOW)
  expect(issued).toEqual(await here(documents, issuingKey, NOW))
  expect(issued.every(({ ok }) => ok)).toBe(true)
  expect(signed.here).toBe(0)
  const registry = new Registry()
  measureDocuments(registry, { main: suite.templateCounts, issuing: threads.counts })
  const { spliced } = threads.counts()
  expect(spliced).toBeGreaterThan(documents.length / 2)
  expect(await registry.metrics()).toContain(`{thread="issuing",way="template"} ${spliced}`)
})

test('a few are signed here, and so is all that a key signs which is lent to nobody', async () => {
  const issueMany = createIssueMany(suite, threads)
  const few = counting(lent)
  await issueMany(documents.slice(0, 3), few.key, NOW)
  expect(few.signed.here).toBe(3)
  const elsewhere = counting(issuingKey)
  expect(await issueMany(documents, elsewhere.key, NOW)).toEqual(await here(documents, issuingKey, NOW))
  expect(elsewhere.signed.here).toBe(documents.length)
})

test('one that is unfit, or no JSON, harms no other and has the faults that it has without threads', async () => {
  const unfit = utf8(new TextDecoder().decode(documents[7]).replace('2026-', '2026-13-'))
  const mixed = documents.map((document, at) => (at === 7 ? unfit : at === 40 ? utf8('{') : document))
  const issued = await createIssueMany(suite, threads)(mixed, lent, NOW)
  const outcome = await here(mixed, issuingKey, NOW)
  expect(issued).toEqual(outcome)
  expect(issued.flatMap(({ ok }, at) => (ok ? [] : [at]))).toEqual([7, 40])
})

test('what a thread had when it died is done again here, and another thread comes in its place', async () => {
  const dying = await opened()
  const issuing = createIssueMany(suite, dying)(documents, lent, NOW)
  await dying.close()
  expect(await issuing).toEqual(await here(documents, issuingKey, NOW))
  expect(dying.ready()).toBe(0)
  expect(await createIssueMany(suite, dying)(documents, lent, NOW)).toHaveLength(documents.length)
})

test('a P-256 key is lent as well', async () => {
  const secret = seed(3)
  const key = signingKeyOf(issuingKey.controller, secret, undefined, 'P-256')
  const { p256PrivateKeyOf } = await import('#adapters/keys/native-p256.ts')
  const { signed, key: counted } = counting({ ...key, lent: p256PrivateKeyOf(secret) as object as LentKey })
  const issued = await createIssueMany(suite, threads)(documents.slice(0, 40), counted, NOW)
  expect(issued.every(({ ok }) => ok)).toBe(true)
  expect(signed.here).toBe(0)
})

test('whoever asks while a thread gives way to others has an answer of their own', async () => {
  // So many nodes without ids that canonicalisation makes a pause.
  const long = (number: number) =>
    credentialBytes(
      buildBadgeCredential(
        badge({
          uuid: `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`,
          evidence: Array.from({ length: 120 }, (_, at) => ({ name: `Piece ${at} of ${number}` })),
        }),
      ),
    )
  const key = { ...issuingKey, lent: privateKeyOf(seed(1)) as object as LentKey }
  const asked = [[long(1), long(2)], [documentOf(3)], [long(4)], [documentOf(5), documentOf(6)]]
  const answers = await Promise.all(asked.map((some) => threads.issue(some, key, NOW)))
  const own = await Promise.all(asked.map((some) => here(some, issuingKey, NOW)))
  expect(answers.map((some) => some.map((one) => ({ ok: true, ...one })))).toEqual(own)
})
