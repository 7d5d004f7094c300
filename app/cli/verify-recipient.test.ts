import { expect, test } from 'vitest'
import { buildBadgeCredential } from '#engine/credentials/badge-credential.ts'
import { toHex, utf8 } from '#engine/shared/bytes.ts'
import type { JsonObject } from '#engine/shared/json.ts'
import type { Recipient } from '#engine/verification/recipient.ts'
import { reportAsJson } from '#engine/verification/report-as-json.ts'
import {
  badge,
  didDocument,
  NOW,
  sign,
  statusList,
  suite,
  verifierOf,
} from '#test/verification/sample-issuer.ts'
import { runVerify } from './verify.ts'

const ADDRESS = 'ann@example.org'

const hashed = (address: string): JsonObject => ({
  type: 'IdentityObject',
  hashed: true,
  salt: 'pepper',
  identityType: 'emailAddress',
  identityHash: `sha256$${toHex(suite.sha256(utf8(`${address}pepper`))).slice(2)}`,
})
const named = (identityType: string, identityHash: string): JsonObject => ({
  type: 'IdentityObject',
  hashed: false,
  identityType,
  identityHash,
})

async function badgeOf(...identifier: readonly JsonObject[]): Promise<JsonObject> {
  const unsigned = buildBadgeCredential(badge())
  const subject = unsigned['credentialSubject'] as JsonObject
  return sign({ ...unsigned, credentialSubject: { ...subject, identifier } })
}

const email = (value: string): Recipient => ({ identityType: 'emailAddress', value })

test.each<[string, string, string, readonly JsonObject[], Recipient | undefined]>([
  ['valid', 'passed', 'recipient-matches', [hashed(ADDRESS)], email('Ann@Example.org')],
  ['valid', 'passed', 'recipient-matches', [named('emailAddress', 'ANN@example.org')], email(ADDRESS)],
  [
    'valid',
    'passed',
    'recipient-matches',
    [named('ext:eppn', 'ann@x.org')],
    { identityType: 'ext:eppn', value: 'ann@x.org' },
  ],
  ['invalid', 'failed', 'recipient-differs', [hashed('bob@example.org')], email(ADDRESS)],
  ['undecided', 'unknown', 'recipient-not-told', [named('name', 'Ann')], email(ADDRESS)],
  ['valid', 'not_applicable', 'recipient-not-asked', [hashed(ADDRESS)], undefined],
])('%s: %s by %s', async (verdict, outcome, code, identifier, recipient) => {
  const report = await verifierOf().verify({
    document: await badgeOf(...identifier),
    ...(recipient === undefined ? {} : { recipient }),
  })
  expect(report.verdict).toBe(verdict)
  expect(report.checks.find(({ name }) => name === 'recipient')).toMatchObject({ outcome, code })
})

test('the address stands nowhere in the report', async () => {
  const report = await verifierOf().verify({
    document: await badgeOf(hashed(ADDRESS)),
    recipient: email(ADDRESS),
  })
  expect(JSON.stringify(reportAsJson(report))).not.toContain(ADDRESS)
  expect(report.notProved.join()).toContain('holds the address')
})

test('on the command line it decides the exit code, and is not repeated in a refusal', async () => {
  const file = utf8(JSON.stringify(await badgeOf(hashed(ADDRESS))))
  const run = async (who: string) => {
    let told = ''
    const keep = (text: string) => {
      told += text
    }
    const list = await statusList()
    const code = await runVerify(['badge.json', '--trust', 'badges.example.org', '--recipient', who], {
      out: keep,
      err: keep,
      now: () => NOW,
      read: async () => file,
      fetch: (async (url: URL) =>
        url.pathname.endsWith('did.json')
          ? Response.json(didDocument())
          : url.pathname.includes('/status/')
            ? Response.json(list)
            : new Response('', { status: 404 })) as unknown as typeof fetch,
    })
    return { code, told }
  }
  const matching = await run(ADDRESS)
  expect(matching.code).toBe(0)
  expect(matching.told).toContain('(recipient-matches)')
  expect(matching.told).not.toContain(ADDRESS)
  expect(await run('bob@example.org')).toMatchObject({ code: 1 })
  const refused = await run('Ann Example of Utrecht')
  expect(refused.code).toBe(64)
  expect(refused.told).not.toContain('Utrecht')
})
