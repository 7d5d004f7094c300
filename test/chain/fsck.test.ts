import pg from 'pg'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { runFsck } from '#app/cli/fsck.ts'
import { readConfig } from '#app/config.ts'
import { isLeafRevoked } from '#engine/anchoring/batch-record.ts'
import { toHex } from '#engine/shared/bytes.ts'
import type { InspectionReport } from '#services/inspection/inspect.ts'
import { awardOf, earning, setUpFirstAid } from '#test/product/first-aid.ts'
import { startTestProduct, type TestOrganisation, type TestProduct } from '#test/product/test-product.ts'

let product: TestProduct
let school: TestOrganisation
/** Past row-level security, foreign keys and triggers: a hand in the data. */
let hand: pg.Client

const SUSPENSION = { type: 'BitstringStatusListEntry', statusPurpose: 'suspension' }
const OTHER = {
  '@context': ['https://www.w3.org/ns/credentials/v2'],
  id: 'urn:uuid:3f0a9be0-2f5e-4c55-8f2a-7f8b6a7a9d10',
  type: ['VerifiableCredential'],
  credentialSubject: { id: 'did:example:subject' },
}

beforeAll(async () => {
  product = await startTestProduct()
  school = await product.organisation('inspected-school')
  await setUpFirstAid(school.api, 'inspected-academy')
  await school.api.post('/v1/events', ['ann', 'bob', 'cas'].flatMap(earning))
  await Promise.all(['ann', 'bob', 'cas'].map((who) => awardOf(school.api, who, { anchored: true })))
  // A second batch.
  await school.api.post('/v1/events', earning('dan'))
  await awardOf(school.api, 'dan', { anchored: true })
  const revoked = await awardOf(school.api, 'cas')
  await school.api.post(`/v1/awards/${revoked.id}/revoke`, { reason: 'Test: by mistake.' })
  // A badge as JWT, and two documents of other software: with a proof and an entry, and as a token.
  const { credentialId } = await awardOf(school.api, 'ann')
  expect((await school.api.get(`/v1/credentials/${credentialId}/document?format=jwt`)).status).toBe(200)
  for (const options of [{ credentialStatus: [SUSPENSION] }, { envelope: 'vc+jwt' }]) {
    const issued = await school.api.post('/vc/credentials/issue', { credential: OTHER, options })
    expect(issued.status).toBe(201)
  }
  const suspended = { credentialId: OTHER.id, credentialStatus: SUSPENSION, status: true }
  expect((await school.api.post('/vc/credentials/status', suspended)).status).toBe(200)
  // Signed with its bit, as somebody asks for the list.
  const { body } = await school.api.get(`/credentials/${revoked.credentialId}`)
  await school.api.get(body.credentialStatus.statusListCredential)
  hand = new pg.Client({ connectionString: product.running.parts.databaseUrl })
  await hand.connect()
  await hand.query("SET session_replication_role = 'replica'")
  await vi.waitFor(
    async () => {
      const { rows } = await hand.query(
        `SELECT (SELECT count(*) FROM chain_task WHERE state <> 'final') + (SELECT count(*) FROM audit WHERE sequence IS NULL)
           + (SELECT count(*) FROM leaf WHERE batch_id IS NULL) AS open, (SELECT count(*) FROM audit_head) AS heads`,
      )
      expect(rows[0].open).toBe('0')
      expect(rows[0].heads).not.toBe('0')
    },
    { timeout: 20_000, interval: 100 },
  )
})
afterAll(async () => {
  await hand?.end()
  await product?.stop()
})

async function fsck(): Promise<{ code: number; report: InspectionReport; codes: readonly string[] }> {
  const { parts } = product.running
  const config = readConfig({ DATA_DIR: parts.dataFolder, DATABASE_URL: parts.databaseUrl })
  let out = ''
  const code = await runFsck(config, ['--json'], {
    out: (text) => {
      out += text
    },
    err: () => undefined,
  })
  const report = JSON.parse(out) as InspectionReport
  const codes = new Set(
    report.organisations.flatMap(({ findings }) => findings.map((finding) => finding.code)),
  )
  return { code, report, codes: [...codes].sort() }
}

test('beside the running product, all of it is looked at, and nothing is wrong', async () => {
  const { code, report } = await fsck()
  expect(report).toMatchObject({ unchecked: [] })
  const [inspected] = report.organisations
  expect(inspected).toMatchObject({
    slug: 'inspected-school',
    credentials: 4,
    tokens: 1,
    signedOverVcApi: 2,
    statusLists: 2,
    findings: [],
  })
  expect(inspected?.batches).toBeGreaterThan(0)
  expect(inspected?.auditLinks).toBeGreaterThan(3)
  expect(code).toBe(0)
})

const flipped = (column: string) => `set_byte(${column}, 0, get_byte(${column}, 0) # 1)`
/** Of a signature in base64url. */
const otherLetter = (column: string) =>
  `set_byte(${column}, length(${column}) - 20, CASE get_byte(${column}, length(${column}) - 20) WHEN 65 THEN 66 ELSE 65 END)`
const ONE_EDITION = '(SELECT credential_id FROM credential_edition WHERE revoked_at IS NULL LIMIT 1)'

/** Hands whose traces do not hide each other go in at once: an inspection costs half a second. */
test.each<[string, string[], string[]]>([
  [
    'a byte of a batch',
    [`UPDATE batch SET root = ${flipped('root')} WHERE sequence = 0`],
    ['batch-log-broken', 'batch-root-wrong', 'chain-batch-missing', 'chain-batch-unknown'],
  ],
  [
    'the number of leaves; who did something; the words of an entry',
    [
      'UPDATE batch SET real_leaves = real_leaves + 1 WHERE sequence = 0',
      "UPDATE audit SET actor = 'operator' WHERE sequence = 3",
      `UPDATE audit_detail SET detail = detail || '{"more": true}'`,
    ],
    ['audit-detail-altered', 'audit-link-broken', 'batch-header-wrong', 'batch-leaves-lost'],
  ],
  [
    'the root before; a revocation that the status list forgot',
    [
      `UPDATE batch SET previous_root = ${flipped('previous_root')} WHERE sequence = 0`,
      "UPDATE status_list SET bits = decode(repeat('00', length(bits)), 'hex')",
    ],
    ['batch-header-wrong', 'batch-log-broken', 'status-bit-missing', 'status-list-differs'],
  ],
  [
    'the time of a block; the digest of a leaf; the last entry',
    [
      "UPDATE batch SET block_time = block_time + interval '1 s'",
      `UPDATE leaf SET digest = ${flipped('digest')} WHERE kind = 1 AND target_id = ${ONE_EDITION}`,
      'DELETE FROM audit WHERE sequence = (SELECT sequence FROM audit_chain)',
    ],
    ['audit-end-differs', 'chain-batch-differs', 'credential-leaf-wrong', 'leaf-hash-wrong'],
  ],
  [
    'a batch that is gone; an anchored end',
    ['DELETE FROM batch WHERE sequence = 0', `UPDATE audit_head SET hash = ${flipped('hash')}`],
    ['audit-head-wrong', 'batch-log-broken', 'chain-batch-unknown'],
  ],
  [
    'the place of a leaf; a bit that nobody set',
    [
      `UPDATE leaf SET position = (SELECT free FROM generate_series(1, 183) free WHERE free NOT IN (SELECT position FROM leaf other WHERE other.batch_id = leaf.batch_id) LIMIT 1)
       WHERE id = (SELECT leaf_id FROM credential_edition WHERE revoked_at IS NOT NULL)`,
      `UPDATE status_list SET bits = ${flipped('bits')}`,
    ],
    [
      'chain-revocation-missing',
      'chain-revocation-unknown',
      'leaf-misplaced',
      'status-bit-unknown',
      'status-list-differs',
    ],
  ],
  [
    'the salt of a leaf; an entry that is gone',
    [
      `UPDATE leaf SET sealed_salt = ${flipped('sealed_salt')} WHERE kind = 1`,
      'DELETE FROM audit WHERE sequence = 2',
    ],
    ['audit-link-broken', 'unreadable'],
  ],
  [
    'a word of a badge; a revocation that the database forgot',
    [
      `UPDATE credential_edition SET signed = convert_to(replace(convert_from(signed, 'UTF8'), 'TEST First', 'TEST Worst'), 'UTF8') WHERE credential_id = ${ONE_EDITION}`,
      'UPDATE credential_edition SET revoked_at = NULL, ended_by = NULL',
    ],
    [
      'chain-revocation-unknown',
      'credential-altered',
      'credential-digest-wrong',
      'credential-proof-wrong',
      'status-bit-unknown',
    ],
  ],
  [
    'a trail that ends before its anchored end',
    [
      'UPDATE audit_chain SET (sequence, hash) = (SELECT sequence, hash FROM audit WHERE sequence = 2)',
      'DELETE FROM audit WHERE sequence > 2',
    ],
    ['audit-head-wrong'],
  ],
  [
    'a revocation that the chain never saw',
    [
      `UPDATE credential_edition SET revoked_at = now(), ended_by = 'revoked' WHERE credential_id = ${ONE_EDITION}`,
    ],
    ['chain-revocation-missing', 'status-bit-missing'],
  ],
  [
    'a character of a token; the id of what others had signed; a byte of it',
    [
      `UPDATE edition_jwt SET jwt = ${otherLetter('jwt')}`,
      "UPDATE vc_api_credential SET credential_id = 'urn:x:other' WHERE convert_from(signed, 'UTF8') LIKE '{%'",
      `UPDATE vc_api_credential SET signed = ${otherLetter('signed')} WHERE convert_from(signed, 'UTF8') LIKE 'ey%'`,
    ],
    ['token-proof-wrong', 'vc-api-altered', 'vc-api-digest-wrong', 'vc-api-proof-wrong'],
  ],
  [
    'a token of another badge; an entry of another index; a suspension that the list forgot',
    [
      `UPDATE edition_jwt SET (credential_id, edition) = (SELECT credential_id, edition FROM credential_edition WHERE revoked_at IS NOT NULL LIMIT 1)`,
      'UPDATE vc_api_status SET status_index = status_index + 1',
    ],
    ['status-bit-missing', 'status-bit-unknown', 'token-altered', 'vc-api-altered'],
  ],
  [
    'rows under a key that did not sign them; a word of a document; no document at all',
    [
      "UPDATE edition_jwt SET key_id = (SELECT id FROM issuer_key WHERE purpose = 'anchoring' LIMIT 1)",
      `UPDATE vc_api_credential SET signed = convert_to(replace(convert_from(signed, 'UTF8'), 'did:example:subject', 'did:example:sabject'), 'UTF8') WHERE convert_from(signed, 'UTF8') LIKE '{%'`,
      "UPDATE vc_api_credential SET signed = '\\x00ff' WHERE convert_from(signed, 'UTF8') LIKE 'ey%'",
    ],
    ['token-proof-wrong', 'unreadable', 'vc-api-digest-wrong', 'vc-api-proof-wrong'],
  ],
])('hands in the data are found: %s', async (_name, changes, expected) => {
  await hand.query('BEGIN')
  const tables = [
    'batch',
    'leaf',
    'credential_edition',
    'edition_jwt',
    'vc_api_credential',
    'vc_api_status',
    'status_list',
    'audit',
    'audit_detail',
    'audit_head',
    'audit_chain',
  ]
  // The inspection has a connection of its own: what is changed is committed, and put back.
  for (const table of tables) await hand.query(`CREATE TEMP TABLE kept_${table} AS TABLE ${table}`)
  try {
    for (const change of changes) await hand.query(change)
    await hand.query('COMMIT')
  } catch (error) {
    await hand.query('ROLLBACK')
    throw error
  }
  try {
    const { code, codes } = await fsck()
    expect(codes).toEqual(expected)
    expect(code).toBe(1)
  } finally {
    await hand.query('BEGIN')
    for (const table of tables) {
      await hand.query(`DELETE FROM ${table}; INSERT INTO ${table} SELECT * FROM kept_${table}`)
      await hand.query(`DROP TABLE kept_${table}`)
    }
    await hand.query('COMMIT')
  }
})

test('words that were erased leave the trail whole', async () => {
  await hand.query('BEGIN; CREATE TEMP TABLE kept AS TABLE audit_detail; DELETE FROM audit_detail; COMMIT')
  try {
    expect((await fsck()).codes).toEqual([])
  } finally {
    await hand.query('INSERT INTO audit_detail SELECT * FROM kept; DROP TABLE kept')
  }
})

test('a row of the audit trail is written once, even for the worker', async () => {
  const worker = new pg.Client({ connectionString: product.running.parts.databaseUrl })
  await worker.connect()
  try {
    await worker.query('BEGIN; SET LOCAL ROLE waarmerk_worker')
    await expect(worker.query("UPDATE audit SET actor = 'system' WHERE sequence = 1")).rejects.toThrow(
      'written once',
    )
  } finally {
    await worker.end()
  }
})

test('a revocation that the chain never saw is brought to it; a batch that the database lost is named', async () => {
  const { product: composed, parts } = product.running
  await hand.query(
    `UPDATE credential_edition SET revoked_at = now(), ended_by = 'revoked' WHERE credential_id = ${ONE_EDITION}`,
  )
  const batch = await batchOf(
    `id = (SELECT batch_id FROM leaf JOIN credential_edition edition ON edition.leaf_id = leaf.id ORDER BY edition.revoked_at DESC NULLS LAST LIMIT 1)`,
  )
  await hand.query(
    'CREATE TEMP TABLE lost AS TABLE batch; DELETE FROM batch WHERE id <> $1'.replace('$1', `'${batch.id}'`),
  )
  const lost = await hand.query(
    'SELECT signer, root FROM lost WHERE block_number > $1 ORDER BY block_number',
    [batch.block],
  )
  const reconciled = await composed.reconcile()
  expect(reconciled).toMatchObject({ missing: [], unrevoked: [batch.id] })
  expect(reconciled.unknown).toMatchObject(
    lost.rows.map(({ signer, root }) => ({ signer, root: toHex(root) })),
  )
  await hand.query('INSERT INTO batch SELECT * FROM lost ON CONFLICT DO NOTHING; DROP TABLE lost')
  await vi.waitFor(
    async () => {
      const record = await parts.chain.batch(batch.signer, batch.root)
      const { rows } = await hand.query(
        'SELECT position FROM leaf JOIN credential_edition edition ON edition.leaf_id = leaf.id WHERE batch_id = $1 AND revoked_at IS NOT NULL',
        [batch.id],
      )
      expect(record !== undefined && rows.every(({ position }) => isLeafRevoked(record, position))).toBe(true)
    },
    { timeout: 20_000, interval: 100 },
  )
  expect(await composed.reconcile()).toMatchObject({ missing: [], unrevoked: [] })
})

test('a batch that the chain does not hold is anchored again', async () => {
  const { product: composed, parts } = product.running
  await hand.query(`UPDATE batch SET root = ${flipped('root')} WHERE sequence = 1`)
  const batch = await batchOf('sequence = 1')
  expect(await composed.reconcile()).toMatchObject({ missing: [batch.id], unknown: [] })
  await vi.waitFor(
    async () => {
      expect((await batchOf('sequence = 1')).state).toBe('final')
      expect(await parts.chain.batch(batch.signer, batch.root)).toMatchObject({ size: 184 })
    },
    { timeout: 20_000, interval: 100 },
  )
  expect(await composed.reconcile()).toMatchObject({ missing: [] })
})

async function batchOf(where: string) {
  const { rows } = await hand.query(
    `SELECT id::text, signer, root, state, block_number::int AS block FROM batch WHERE ${where}`,
  )
  const { id, signer, root, state, block } = rows[0]
  return { id, signer, root: toHex(root), state, block }
}
