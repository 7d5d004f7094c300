import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { buildBadgeCredential } from '#engine/credentials/badge-credential.ts'
import type { JsonObject } from '#engine/shared/json.ts'
import { isGood, summaryOf, tableOf } from '#test/conformance/print-corpus.ts'
import { type Agreement, runCorpus } from '#test/conformance/run-corpus.ts'
import {
  badge,
  DID,
  didDocument,
  LIST,
  NOW,
  signedBadge,
  statusList,
} from '#test/verification/sample-issuer.ts'

interface Given {
  readonly document: JsonObject | string
  readonly entry: Readonly<Record<string, unknown>>
}

/** Writes a corpus of one document, as others' are laid out, and says how the two verdicts compare. */
async function run({ document, entry }: Given) {
  const folder = mkdtempSync(join(tmpdir(), 'corpus-'))
  mkdirSync(join(folder, 'remote'))
  const text = typeof document === 'string' ? document : JSON.stringify(document)
  writeFileSync(join(folder, 'one.json'), text)
  writeFileSync(
    join(folder, 'manifest.json'),
    JSON.stringify([{ file: 'one.json', stage: 'verify', kind: 'signed', why: 'a test', ...entry }]),
  )
  writeFileSync(join(folder, 'remote', 'did.json'), JSON.stringify(didDocument()))
  writeFileSync(join(folder, 'remote', 'list.json'), JSON.stringify(await statusList([7])))
  const map = { [DID]: { file: 'did.json' }, [LIST]: { file: 'list.json' } }
  writeFileSync(join(folder, 'remote', 'map.json'), JSON.stringify(map))
  return runCorpus(folder, NOW)
}

const revoked = () => signedBadge({ status: { list: LIST, index: 7 } })
const unreachable = () => signedBadge({ status: { list: `${LIST}9`, index: 7 } })

test.each<[string, () => Promise<Given>, Agreement, boolean]>([
  [
    'a good badge',
    async () => ({ document: await signedBadge(), entry: { expected: 'valid' } }),
    'agrees',
    true,
  ],
  [
    'a revoked one',
    async () => ({ document: await revoked(), entry: { expected: 'invalid' } }),
    'agrees',
    true,
  ],
  [
    'one whose list is nowhere',
    async () => ({ document: await unreachable(), entry: { expected: 'invalid' } }),
    'agrees-undecided',
    // Nobody has looked at this one.
    false,
  ],
  [
    'a good badge that should be refused',
    async () => ({ document: await signedBadge(), entry: { expected: 'invalid' } }),
    'false-valid',
    false,
  ],
  [
    'a good badge that should be refused, whatever policy says',
    async () => ({ document: await signedBadge(), entry: { expected: 'invalid', policy: 'any' } }),
    'false-valid',
    false,
  ],
  [
    'a revoked badge that should be valid',
    async () => ({ document: await revoked(), entry: { expected: 'valid' } }),
    'disagrees',
    false,
  ],
  [
    'the same by policy',
    async () => ({ document: await revoked(), entry: { expected: 'valid', policy: 'stricter' } }),
    'policy',
    true,
  ],
  [
    'what is to be signed',
    async () => ({
      document: buildBadgeCredential(badge()),
      entry: { stage: 'issue', kind: 'unsigned', expected: 'valid' },
    }),
    'agrees',
    true,
  ],
  [
    'what is held to the schema',
    async () => ({
      document: { ...buildBadgeCredential(badge()), name: 7 },
      entry: { stage: 'schema', kind: 'unsigned', expected: 'invalid' },
    }),
    'agrees',
    true,
  ],
  ['what is no document', async () => ({ document: '{', entry: { expected: 'invalid' } }), 'agrees', true],
])('%s', async (_, given, agreement, good) => {
  const results = await run(await given())
  expect(results.map((each) => each.agreement)).toEqual([agreement])
  expect(isGood(results)).toBe(good)
  expect(tableOf(results)).toHaveLength(2)
  expect(summaryOf(results).join(' ')).toContain('1 documents')
})

test('an entry of a kind that nobody knows stops the run', async () => {
  await expect(run({ document: {}, entry: { expected: 'valid', kind: 'other' } })).rejects.toThrow()
})
