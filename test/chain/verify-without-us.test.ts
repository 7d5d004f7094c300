import { existsSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { createCredentialSuite } from '#adapters/crypto/credential-suite.ts'
import { keccak256, sha256 } from '#adapters/crypto/hashes.ts'
import { signingKeyOf } from '#adapters/crypto/signing-key.ts'
import { deployBadgeAnchor } from '#adapters/ethereum/deploy.ts'
import { createEthereumChain } from '#adapters/ethereum/ethereum-chain.ts'
import { createSecretBox } from '#adapters/keys/secret-box.ts'
import { cutOffKey } from '#app/cli/cut-off-key.ts'
import { runReceiptProof } from '#app/cli/receipt-proof.ts'
import { runVerify } from '#app/cli/verify.ts'
import { readConfig } from '#app/config.ts'
import { NO_PREVIOUS_ROOT, sealBatch } from '#engine/anchoring/batch.ts'
import { LEAF_KINDS } from '#engine/anchoring/leaf.ts'
import { buildReceipt } from '#engine/anchoring/receipt.ts'
import { credentialDigest } from '#engine/credentials/prepared-credential.ts'
import { fromHex, type Hex, toHex } from '#engine/shared/bytes.ts'
import { asInstant, formatInstant, type Instant } from '#engine/shared/instant.ts'
import type { JsonObject } from '#engine/shared/json.ts'
import type { IssuerKey } from '#services/ports/issuer-store.ts'
import { issuerKeySecret } from '#services/ports/key-store.ts'
import { awardOf, earning, setUpFirstAid } from '#test/product/first-aid.ts'
import { startTestProduct, type TestOrganisation, type TestProduct } from '#test/product/test-product.ts'
import { runWaarmerk } from '#test/product/waarmerk-command.ts'
import { type Anvil, startAnvil } from './anvil.ts'
import { keyNamed } from './harness.ts'

/** Of anvil's first two accounts: published, and rich on every new test chain. */
const RELAYER_KEY = 'ac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80'
const THIEF_PAYS = fromHex('0x59c6995e998f97a5a0044966f0945389dc9e86dae88c7a8412f4603b6b78690d') as Uint8Array
const MASTER_KEY = toHex(keyNamed('master')).slice(2)

let anvil: Anvil
let contract: Hex
let product: TestProduct
let folder: string

beforeAll(async () => {
  anvil = await startAnvil()
  const relayerKey = Buffer.from(RELAYER_KEY, 'hex')
  contract = (await deployBadgeAnchor({ provider: anvil.provider, relayerKey })).contract
  folder = await mkdtemp(join(tmpdir(), 'waarmerk-kept-'))
  product = await startTestProduct(chainSettings())
})
afterAll(async () => {
  anvil?.close()
  await rm(folder, { recursive: true, force: true })
})

const chainSettings = () => ({ RPC_URL: anvil.url, RELAYER_KEY, MASTER_KEY, CHAIN_CONFIRMATIONS: '1' })

/** Awards a badge through the API, waits for its anchor, and keeps its files as an earner would. */
async function keepBadge(slug: string) {
  const school = await product.organisation(`org-${slug}`)
  const { issuerId } = await setUpFirstAid(school.api, slug)
  const { body: issuer } = await school.api.get(`/v1/issuers/${issuerId}`)
  return { issuer, school, ...(await award(school, `learner-of-${slug}`)) }
}

/** `again`: the receipt as the issuer gives it by then. */
async function award({ api }: TestOrganisation, learner: string) {
  await api.post('/v1/events', earning(learner))
  const anchored = async () => (await awardOf(api, learner, { anchored: true })).credentialId
  const credentialId = await anchored()
  const { body: badge } = await api.get(`/credentials/${credentialId}`)
  const receiptOf = async () => (await api.get(`/v1/credentials/${credentialId}/receipt`)).body
  const receipt = await receiptOf()
  return {
    badge,
    receipt,
    files: await keep(learner, badge, receipt),
    again: async () => {
      await anchored()
      return keep(`${learner}-again`, badge, await receiptOf())
    },
  }
}

async function keep(name: string, badge: unknown, receipt: unknown): Promise<readonly [string, string]> {
  const files = [join(folder, `${name}.json`), join(folder, `${name}.receipt.json`)] as const
  await writeFile(files[0], JSON.stringify(badge))
  await writeFile(files[1], JSON.stringify(receipt))
  return files
}

/** A command in this process: a start of Node for each question would cost more than all the rest. */
async function inProcess(command: typeof runVerify, given: readonly string[]) {
  let [out, err] = ['', '']
  const code = await command(given, {
    out: (text) => {
      out += text
    },
    err: (text) => {
      err += text
    },
  })
  return { code, out, err }
}

const verify = async (files: readonly string[], ...trusted: readonly string[]) =>
  read(await inProcess(runVerify, argv(files, trusted)))

/** The command as a user calls it, in a process of its own. */
const verifyAlone = async (files: readonly string[], ...trusted: readonly string[]) =>
  read(await runWaarmerk(['verify', ...argv(files, trusted)]))

const argv = (files: readonly string[], trusted: readonly string[]) => [
  ...files,
  ...['--rpc', anvil.url, '--json'],
  ...trusted.flatMap((issuer) => ['--trust', issuer]),
]

function read({
  code,
  out,
  err,
}: {
  readonly code: number | null
  readonly out: string
  readonly err: string
}) {
  expect(err).toBe('')
  const report = JSON.parse(out)
  const checks: readonly { readonly name: string; readonly code: string }[] = report.checks
  const codes = Object.fromEntries(checks.map((check) => [check.name, check.code]))
  return { code, verdict: report.verdict, codes, report }
}

test('a stolen key is cut off at the second of the theft: later batches fall, earlier ones stand', async () => {
  const { badge, files, issuer, receipt, school } = await keepBadge('robbed-academy')
  const did: string = issuer.did
  expect(await verify(files, did)).toMatchObject({
    verdict: 'valid',
    codes: { anchor: 'anchored-not-independent' },
  })

  // Somebody copies database and master key, and forges two badges, anchored a second apart.
  const stolen = await stealKeys(issuer.id)
  const last = await newestBlockTime()
  const forge = (name: string, at: Instant) =>
    forgeBadge({ name, at, badge, did, issuerId: receipt.issuerId, ...stolen })
  const before = await forge('Before', asInstant(last + 60_000))
  const after = await forge('After', asInstant(last + 61_000))
  expect((await verify(after, did)).verdict).toBe('valid')
  // The academy knows nothing of it, and goes on.
  const honest = await award(school, 'honest')
  expect((await verify(honest.files, did)).verdict).toBe('valid')

  // The operator cuts the key off at the later of the two moments.
  const since = formatInstant(asInstant(last + 61_000))
  const settings = { ...chainSettings(), DATABASE_URL: product.running.parts.databaseUrl }
  const first = await runWaarmerk(['cut-off-key', 'robbed-academy', '--since', since], settings)
  expect([first.code, first.err]).toEqual([0, ''])
  expect(first.out).toContain(`counts for nothing from ${since} on.`)
  expect(first.out).toContain('Batches that are anchored once more, under that key: 1.')

  expect(await verify(after, did)).toMatchObject({ code: 1, codes: { anchor: 'anchor-unauthorised' } })
  expect(await verify(before, did)).toMatchObject({ code: 0, codes: { anchor: 'anchored-not-independent' } })
  expect(await verify(files, did)).toMatchObject({ code: 0, codes: { status: 'not-revoked' } })

  // What was honestly anchored since falls with the key, and stands again under the new one: with another receipt.
  expect(await verify(honest.files, did)).toMatchObject({ code: 1, codes: { anchor: 'anchor-unauthorised' } })
  expect(await verify(await honest.again(), did)).toMatchObject({ code: 0, verdict: 'valid' })
  const later = await award(school, 'later')
  expect(await verify(later.files, did)).toMatchObject({ code: 0, verdict: 'valid' })

  // Once more changes nothing, and the thief cannot undo it.
  const lines: string[] = []
  await cutOffKey(readConfig(settings), ['robbed-academy', '--since', since], (line) => lines.push(line))
  expect(lines).toEqual([first.out.split('\n')[0]])
  const chain = await thiefsChain()
  const widen = chain.narrowKeyCall({
    issuerId: receipt.issuerId,
    key: stolen.anchoring.publicKey as Hex,
    roles: 7,
    validFrom: asInstant(0),
    validUntil: asInstant(Date.now() + 1e12),
    anchoringKey: stolen.anchoringKey,
  })
  await expect(chain.sign(await widen, await chain.nextNonce())).rejects.toMatchObject({
    code: 'contract-refused',
  })
}, 120_000)

test('server stopped, database deleted, did.json unreachable: a badge is valid by the chain alone', async () => {
  const { files, issuer, receipt } = await keepBadge('gone-academy')
  const did: string = issuer.did
  const online = await verify(files, did)
  expect(online).toMatchObject({
    verdict: 'valid',
    codes: { proof: 'signature-holds', status: 'not-revoked' },
  })
  // What a verifier writes down while the site is up.
  const number: string = online.report.anchor.issuerId
  expect(number).toBe(receipt.issuerId)

  // What an earner keeps to need no endpoint either.
  const [keptDid, proof] = [join(folder, 'did.json'), join(folder, 'proof.json')]
  await writeFile(keptDid, await (await fetch(`${product.url}/issuers/gone-academy/did.json`)).text())
  const made = await inProcess(runReceiptProof, [
    files[1],
    '--rpc',
    anvil.url,
    '--out',
    proof,
    '--block',
    'latest',
  ])
  expect([made.code, made.err]).toEqual([0, ''])
  const [hash = ''] = /0x[0-9a-f]{64}/.exec(made.out) ?? []

  const { dataFolder } = product.running.parts
  await product.stop()
  expect(existsSync(dataFolder)).toBe(false)
  await expect(fetch(`${product.url}/issuers/gone-academy/did.json`)).rejects.toThrow()

  const alone = await verifyAlone(files, number)
  expect(alone).toMatchObject({
    code: 0,
    verdict: 'valid',
    codes: {
      proof: 'signature-holds-by-chain',
      issuer: 'issuer-known-on-chain',
      status: 'not-revoked-on-chain',
      anchor: 'anchored-not-independent',
    },
  })
  expect(alone.report.credential.issuer).toMatchObject({ id: did, recordedAs: number })
  // Whoever knows no more than the DID is told that anybody could have recorded it.
  expect(await verify(files, did)).toMatchObject({ code: 2, codes: { issuer: 'issuer-recorded-only' } })

  // Wholly offline: the chain is gone too, and a block hash that the user believes is all that is left of it.
  anvil.close()
  const kept = [...files, '--offline', '--did', keptDid, '--bundle', proof, '--trust', did, '--json']
  const offline = read(await inProcess(runVerify, [...kept, '--block-hash', hash]))
  expect(offline).toMatchObject({
    code: 0,
    codes: {
      proof: 'signature-holds-by-kept-did',
      status: 'not-revoked-on-chain',
      anchor: 'anchored-not-independent',
    },
  })
  expect(read(await inProcess(runVerify, kept))).toMatchObject({
    code: 2,
    codes: { anchor: 'block-unconfirmed' },
  })
  const other = read(await inProcess(runVerify, [...kept, '--block-hash', `0x${'12'.repeat(32)}`]))
  expect(other).toMatchObject({ code: 2, codes: { anchor: 'block-differs' } })
}, 120_000)

/** What a thief finds who has the database and the master key. */
async function stealKeys(issuerId: string) {
  const box = createSecretBox([fromHex(`0x${MASTER_KEY}`) as Uint8Array])
  const keys = await product.running.parts.database.asWorker((stores) =>
    stores.issuers.keys(issuerId as never),
  )
  const of = (purpose: IssuerKey['purpose']) => keys.find((key) => key.purpose === purpose) as IssuerKey
  const open = (key: IssuerKey) => box.open(key.sealedSecret, issuerKeySecret(key.id))
  const [issuing, anchoring] = [of('issuing'), of('anchoring')]
  return { issuing, anchoring, issuingKey: open(issuing), anchoringKey: open(anchoring) }
}

interface Forgery extends Awaited<ReturnType<typeof stealKeys>> {
  readonly name: string
  readonly at: Instant
  readonly badge: JsonObject
  readonly did: string
  readonly issuerId: Hex
}

/** Signs a badge that nobody earned and anchors it in a block of that time, all with the stolen keys. */
async function forgeBadge(it: Forgery): Promise<readonly string[]> {
  const suite = createCredentialSuite()
  const { proof: _, ...unsigned } = it.badge
  const preparation = await suite.prepare({ ...unsigned, name: it.name })
  if (!preparation.ok) throw new Error('unfit')
  const key = signingKeyOf(it.did, it.issuingKey)
  const forged = await suite.sign(preparation.prepared, key, asInstant(Date.now()))

  const leaf = {
    kind: LEAF_KINDS.credential,
    salt: crypto.getRandomValues(new Uint8Array(32)),
    digest: credentialDigest(forged, sha256),
  }
  const batch = sealBatch({ previousRoot: NO_PREVIOUS_ROOT, sequence: 0 }, [leaf], {
    keccak256,
    sha256,
    randomBytes: (length) => crypto.getRandomValues(new Uint8Array(length)),
    randomInteger: (below) => Math.floor(Math.random() * below),
  })
  const chain = await thiefsChain()
  const { issuerId, anchoringKey } = it
  const call = await chain.anchorCall({
    issuerId,
    root: toHex(batch.root),
    size: batch.size,
    kind: 0,
    anchoringKey,
  })
  const transaction = await chain.sign(call, await chain.nextNonce())
  await anvil.ask('evm_setNextBlockTimestamp', Math.floor(it.at / 1000))
  await chain.send(transaction)
  // The node has it before its block is made.
  await vi.waitFor(
    async () =>
      expect(await chain.status(transaction.hash)).toMatchObject({ state: 'mined', blockTime: it.at }),
    { timeout: 15_000 },
  )
  const place = { chainId: 31_338, contract, issuerId, signer: it.anchoring.publicKey as Hex }
  return keep(it.name, forged, buildReceipt(place, batch.tree, batch.positions[0] as number, leaf))
}

const thiefsChain = () =>
  createEthereumChain({
    provider: anvil.provider,
    relayerKey: THIEF_PAYS,
    contract,
    independent: false,
    clock: { now: () => asInstant(Date.now()) },
    finality: { kind: 'confirmations', blocks: 1 },
  })

async function newestBlockTime(): Promise<Instant> {
  const block = (await anvil.ask('eth_getBlockByNumber', 'latest', false)) as { timestamp: string }
  return asInstant(Number(block.timestamp) * 1000)
}
