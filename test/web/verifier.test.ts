import { readFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { extname, join } from 'node:path'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { didKeyOf } from '#adapters/crypto/did-key.ts'
import { keccak256, sha256 } from '#adapters/crypto/hashes.ts'
import { makeAnchorProof } from '#adapters/ethereum/anchor-proof.ts'
import { deployBadgeAnchor } from '#adapters/ethereum/deploy.ts'
import { createEthereumChain } from '#adapters/ethereum/ethereum-chain.ts'
import { NO_PREVIOUS_ROOT, sealBatch } from '#engine/anchoring/batch.ts'
import { LEAF_KINDS } from '#engine/anchoring/leaf.ts'
import { buildReceipt } from '#engine/anchoring/receipt.ts'
import { buildBadgeCredential } from '#engine/credentials/badge-credential.ts'
import { OB_EXTENSIONS_CONTEXT } from '#engine/credentials/contexts.ts'
import { buildDidDocument } from '#engine/credentials/did-document.ts'
import { credentialDigest } from '#engine/credentials/prepared-credential.ts'
import { fromHex, toHex } from '#engine/shared/bytes.ts'
import { asInstant } from '#engine/shared/instant.ts'
import { launchBrowser } from '#test/browser/launch.ts'
import { type Anvil, startAnvil } from '#test/chain/anvil.ts'
import { anchoringKey, badge, DID, issuingKey, keyOf, seed, sign } from '#test/verification/sample-issuer.ts'
import { buildVerifier, VERIFIER_DIRECTORY } from '../../scripts/build-verifier.ts'
import { barriers, heading } from './pages-under-test.ts'

// No product runs here, and none of its API: a server of plain files, a chain, and what an earner kept.
let anvil: Anvil
let files: Server
let site: Server
let browser: Browser
let kept: Awaited<ReturnType<typeof anchorBadge>>
let address: string

beforeAll(async () => {
  anvil = await startAnvil()
  ;[kept] = await Promise.all([anchorBadge(), buildVerifier()])
  files = createServer(serveFile).listen(0, '127.0.0.1')
  await new Promise((resolve) => files.once('listening', resolve))
  address = `http://127.0.0.1:${(files.address() as AddressInfo).port}/some/folder/index.html`
  site = createServer(serveSite).listen(0, '127.0.0.1')
  await new Promise((resolve) => site.once('listening', resolve))
  browser = await launchBrowser()
}, 120_000)
afterAll(async () => {
  await browser?.close()
  files?.close()
  site?.close()
  anvil?.close()
})

const LABELS = {
  en: {
    title: 'Verify a badge in this browser',
    rpc: 'Address of a node of the chain',
    known: 'Issuers that you know',
    submit: 'Verify',
  },
  nl: {
    title: 'Controleer een badge in deze browser',
    hash: 'Hash van het blok van je bewijs',
    known: 'Uitgevers die je kent',
    submit: 'Controleren',
  },
}

test('badge and receipt are verified in the browser, by keyboard, and nobody but the chain is asked', async () => {
  const { page, asked } = await open({})
  await heading(page, LABELS.en.title)
  expect(await barriers(page)).toEqual([])
  await give(page, { badge: kept.badge, receipt: kept.receipt })
  await page.getByLabel(LABELS.en.rpc).focus()
  await page.keyboard.type(anvil.url)
  await page.keyboard.press('Tab')
  await page.keyboard.type(kept.number)
  for (const _ of ['the recipient', 'what the holder was asked', 'the site']) await page.keyboard.press('Tab')
  await page.keyboard.press('Enter')

  await heading(page, 'badges.example.org')
  await page.getByRole('status').filter({ hasText: 'Valid' }).waitFor()
  await page.getByText('As recorded on a chain; this domain itself vouches for it no more').waitFor()
  expect(await barriers(page)).toEqual([])

  await page.getByRole('button', { name: 'Verify another badge' }).click()
  await give(page, { badge: { ...kept.badge, name: 'First aid at sea' }, receipt: kept.receipt })
  await page.getByLabel(LABELS.en.rpc).fill(anvil.url)
  await page.getByLabel(LABELS.en.known).fill(kept.number)
  await page.getByRole('button', { name: LABELS.en.submit, exact: true }).click()
  await page.getByRole('status').filter({ hasText: 'Not valid' }).waitFor()

  expect([...asked].sort()).toEqual([new URL(address).origin, anvil.url].sort())
  await page.close()
})

test('in Dutch, with a kept did.json and a proof of the batch, no chain is asked either', async () => {
  const { page, asked } = await open({ locale: 'nl-NL' })
  await heading(page, LABELS.nl.title)
  const { badge: document, receipt, did, proof } = kept
  await give(page, { badge: document, receipt, did, proof: proof.proof })
  await page.getByText('proof.json: bewijs van de bundel').waitFor()
  await page.getByLabel(LABELS.nl.known).fill('badges.example.org')
  await page.getByLabel(LABELS.nl.hash).fill(proof.block.hash)
  await page.getByRole('button', { name: LABELS.nl.submit, exact: true }).click()
  await page.getByRole('status').filter({ hasText: 'Geldig' }).waitFor()
  await page.getByText('Volgens de keten is het niet ingetrokken').waitFor()
  expect([...asked]).toEqual([new URL(address).origin])
  await page.close()
})

test('a site is asked for older badges and newer texts where the reader says so, and may refuse to be read', async () => {
  const at = siteAt()
  const older = { ...OLDER, id: `${at}/open/assertion`, badge: `${at}/open/badge` }
  const { page, asked } = await open({})
  const verify = async (document: unknown, asksSite: boolean) => {
    await give(page, { badge: document })
    await page.getByLabel(LABELS.en.known).fill('127.0.0.1')
    if (asksSite) await page.getByLabel('Ask the site of the issuer too').check()
    await page.getByRole('button', { name: LABELS.en.submit, exact: true }).click()
    await page.locator('#verdict').waitFor()
    const words = (await page.locator('main').textContent()) ?? ''
    await page.getByRole('button', { name: 'Verify another badge' }).click()
    return words
  }
  expect(await verify(older, false)).toContain('could not be fetched from there')
  expect([...asked]).toEqual([new URL(address).origin])
  const hosted = await verify(older, true)
  expect(hosted).toContain('It is what the server of 127.0.0.1 says now')
  expect(hosted).not.toContain('Signed by')
  // To a page, a site that lets no other page read it is one that gives no answer: no reason to call the badge bad.
  const closed = await verify({ ...older, id: `${at}/closed/assertion` }, true)
  expect(closed).toContain('Could not be decided')
  expect(closed).toContain('could not be fetched from there')

  const over = await refreshable(`${at}/open/newer`, '2026-11-25T10:00:01Z')
  expect(await verify(over, true)).toContain('A newer text was found')
  expect(await verify(over, false)).toContain('which was not asked')
  await page.close()
}, 60_000)

/** The page, and the origins that it asks anything of. Its context stays open: this browser ends with its first one. */
async function open(options: BrowserContextOptions): Promise<{ page: Page; asked: ReadonlySet<string> }> {
  const context = await browser.newContext({ locale: 'en-GB', ...options })
  const page = await context.newPage()
  const asked = new Set<string>()
  page.on('request', (request) => {
    const url = new URL(request.url())
    if (!/^(?:data|blob):$/.test(url.protocol)) asked.add(url.origin)
  })
  await page.goto(address)
  return { page, asked }
}

const give = (page: Page, given: Readonly<Record<string, unknown>>) =>
  page.locator('input[type=file]').setInputFiles(
    Object.entries(given).map(([name, value]) => ({
      name: `${name}.json`,
      mimeType: 'application/json',
      buffer: Buffer.from(JSON.stringify(value)),
    })),
  )

/** An issuer on a fresh chain, one badge of it in a batch, and all that an earner may keep. */
async function anchorBadge() {
  const { provider } = anvil
  const relayerKey = fromHex(
    '0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80',
  ) as Uint8Array
  const { contract } = await deployBadgeAnchor({ provider, relayerKey })
  const clock = { now: () => asInstant(Date.now()) }
  const finality = { kind: 'confirmations', blocks: 1 } as const
  const chain = await createEthereumChain({
    provider,
    relayerKey,
    contract,
    independent: true,
    clock,
    finality,
  })
  const deliver = async (call: ReturnType<typeof chain.anchorCall>) =>
    chain.send(await chain.sign(await call, await chain.nextNonce()))

  const key = seed(2)
  const issuerId = toHex(chain.issuerId({ did: DID, firstKey: anchoringKey.address }))
  const { verificationMethod, publicKeyMultibase } = issuingKey
  const created = asInstant(Date.now() - 60_000)
  await deliver(chain.registerIssuerCall({ id: issuerId, did: DID, anchoringKey: key }))
  const statement = { issuerId, verificationMethod, validFrom: asInstant(created - 1000), anchoringKey: key }
  await deliver(chain.publishIssuingKeyCall(statement))

  const document = await sign(buildBadgeCredential(badge()), issuingKey, created)
  const randomBytes = (length: number) => crypto.getRandomValues(new Uint8Array(length))
  const leaf = {
    kind: LEAF_KINDS.credential,
    salt: randomBytes(32),
    digest: credentialDigest(document, sha256),
  }
  const batch = sealBatch({ previousRoot: NO_PREVIOUS_ROOT, sequence: 0 }, [leaf], {
    keccak256,
    sha256,
    randomBytes,
    randomInteger: (below) => Math.floor(Math.random() * below),
  })
  await deliver(
    chain.anchorCall({ issuerId, root: toHex(batch.root), size: batch.size, kind: 0, anchoringKey: key }),
  )
  const { chainId } = chain.address
  const place = { chainId, contract, issuerId, signer: anchoringKey.address }
  const receipt = buildReceipt(place, batch.tree, batch.positions[0] as number, leaf)
  const did = buildDidDocument({
    did: DID,
    issuingKeys: [{ publicKeyMultibase, state: { kind: 'active' } }],
    anchoring: [{ chainId, address: anchoringKey.address }],
  })
  return {
    badge: document,
    receipt,
    did,
    number: issuerId,
    proof: await makeAnchorProof(provider, receipt, 'latest'),
  }
}

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
}

/** Any server of files will do: it knows a folder and nothing else. */
const serveFile: Parameters<typeof createServer>[1] = async (request, response) => {
  const path = new URL(request.url ?? '/', 'http://localhost').pathname.replace('/some/folder/', '')
  const body = await readFile(join(VERIFIER_DIRECTORY, path)).catch(() => undefined)
  response.writeHead(body === undefined ? 404 : 200, {
    'content-type': TYPES[extname(path)] ?? 'application/octet-stream',
  })
  response.end(body)
}

const siteAt = () => `http://127.0.0.1:${(site.address() as AddressInfo).port}`

const OLDER = {
  '@context': 'https://w3id.org/openbadges/v2',
  type: 'Assertion',
  recipient: { type: 'email', hashed: false, identity: 'ann@example.org' },
  verification: { type: 'HostedBadge' },
  issuedOn: '2026-01-02T03:04:05Z',
}

/** Of an issuer that is its key, so that only the newer text is asked for. */
function refreshable(address: string, validUntil: string) {
  const holder = keyOf(didKeyOf(keyOf('x', 9).publicKeyMultibase), 9)
  const { credentialStatus: _, ...unsigned } = buildBadgeCredential(
    badge({
      issuer: { did: holder.controller, name: 'Sample Institute', url: 'https://sample.example.org' },
    }),
  )
  const refreshService = { id: address, type: '1EdTechCredentialRefresh' }
  const contexts = [...(unsigned['@context'] as readonly string[]), OB_EXTENSIONS_CONTEXT]
  return sign({ ...unsigned, '@context': contexts, refreshService, validUntil }, holder)
}

/** A site of an issuer: under `open` it answers other pages, elsewhere it does not. */
const serveSite: Parameters<typeof createServer>[1] = async (request, response) => {
  const at = siteAt()
  const issuer = { '@context': OLDER['@context'], type: 'Issuer', id: `${at}/open/issuer`, name: 'Older' }
  const [, folder = '', name = ''] = request.url?.split('/') ?? []
  const pages: Readonly<Record<string, unknown>> = {
    assertion: { ...OLDER, id: `${at}/${folder}/assertion`, badge: `${at}/open/badge` },
    badge: {
      '@context': OLDER['@context'],
      type: 'BadgeClass',
      id: `${at}/open/badge`,
      name: 'Older badge',
      description: 'A sample.',
      criteria: `${at}/criteria`,
      issuer: issuer.id,
    },
    issuer,
    newer: await refreshable(`${at}/open/newer`, '2036-01-01T00:00:00Z'),
  }
  const found = pages[name]
  if (folder !== 'open') {
    response.destroy()
    return
  }
  response.writeHead(found === undefined ? 404 : 200, {
    'content-type': 'application/json',
    'access-control-allow-origin': '*',
  })
  response.end(JSON.stringify(found ?? {}))
}
