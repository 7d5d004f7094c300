import { spawn } from 'node:child_process'
import { appendFile, copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { id } from 'ethers'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { encodeLine, JOURNAL_FORMAT, openJournal } from '#adapters/ethereum/chain-journal.ts'
import { type EmbeddedChain, openEmbeddedChain } from '#adapters/ethereum/embedded-chain.ts'
import type { Hex } from '#engine/shared/bytes.ts'
import { asInstant } from '#engine/shared/instant.ts'
import { openTestChain, registerIssuer, START } from './harness.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'waarmerk-journal-'))
})
afterAll(() => rm(folder, { recursive: true }))

const header = { format: JOURNAL_FORMAT, chainId: 31_337, genesis: 1_800_000_000 } as const
const entries = [1, 2, 3].map((block) => ({
  time: 1_800_000_000 + block,
  raw: `0x${'ab'.repeat(block * 20)}` as Hex,
  block,
  succeeded: block !== 2,
}))

test('a journal torn at any byte gives back its whole entries, and takes new ones', async () => {
  const directory = join(folder, 'torn')
  await mkdir(directory)
  const file = join(directory, 'chain.journal')
  const lines = [header, ...entries].map(encodeLine)
  const content = Buffer.concat(lines)
  const ends = lines.map((_, at) => Buffer.concat(lines.slice(0, at + 1)).length)
  for (let cut = ends[0] as number; cut <= content.length; cut++) {
    await writeFile(file, content.subarray(0, cut))
    const journal = await openJournal(directory, header)
    const whole = ends.filter((end) => end <= cut).length - 1
    expect(journal.entries).toEqual(entries.slice(0, whole))
    await journal.append({ ...(entries[0] as (typeof entries)[0]), block: whole + 1 })
    await journal.close()
    const again = await openJournal(directory, header)
    expect(again.entries).toHaveLength(whole + 1)
    await again.close()
  }
})

test('damage before the last entry is refused, not repaired', async () => {
  const directory = join(folder, 'damaged')
  await mkdir(directory)
  const file = join(directory, 'chain.journal')
  const content = Buffer.concat([header, ...entries].map(encodeLine))
  const first = encodeLine(header).length
  const damaged = expect.objectContaining({ code: 'chain-journal-damaged' })
  for (const at of [0, 10, first + 2, first + 12, first + 40]) {
    const changed = Buffer.from(content)
    changed[at] = (changed[at] as number) ^ 1
    await writeFile(file, changed)
    await expect(openJournal(directory, header)).rejects.toEqual(damaged)
  }
  await writeFile(file, '')
  await expect(openJournal(directory, header)).rejects.toEqual(damaged)
  await writeFile(file, content)
  await expect(openJournal(directory, { ...header, chainId: 1 })).rejects.toEqual(damaged)
})

test('a folder that cannot be written gets one clear code', async () => {
  const file = join(folder, 'file')
  await writeFile(file, '')
  await expect(openJournal(join(file, 'below'), header)).rejects.toMatchObject({
    code: 'chain-journal-unwritable',
  })
})

test('two writers on one journal: the second to write is refused', async () => {
  const directory = join(folder, 'two')
  const [one, two] = [await openJournal(directory, header), await openJournal(directory, header)]
  await one.append(entries[0] as (typeof entries)[0])
  await expect(two.append(entries[0] as (typeof entries)[0])).rejects.toMatchObject({
    code: 'chain-journal-unwritable',
  })
  await Promise.all([one.close(), two.close()])
})

test('opened again, the chain has the same blocks, contract, records and times', async () => {
  const first = await openTestChain()
  const { chain, embedded, directory } = first
  const issuer = await registerIssuer(first, 'north')
  first.pass(7)
  const batch = { issuerId: issuer.id, root: id('root') as Hex, size: 184, kind: 0, anchoringKey: issuer.key }
  await first.deliver(chain.anchorCall(batch))
  await first.deliver(chain.revokeCall({ ...batch, leafIndexes: [3] }))
  const record = await chain.batch(issuer.signer, batch.root)
  expect(record).toMatchObject({ size: 184, anchoredAt: START + 7000, revocationWords: [8n] })
  const copy = join(folder, 'copy')
  await mkdir(copy)
  await copyFile(join(directory, 'chain.journal'), join(copy, 'chain.journal'))
  const again = await openEmbeddedChain({ directory: copy, now: () => asInstant(START + 9000) })
  const blocks = await blocksOf(embedded)
  expect(blocks.length).toBeGreaterThan(5)
  expect(await blocksOf(again)).toEqual(blocks)
  const proof = {
    method: 'eth_getProof',
    params: [chain.address.contract, [`0x${'00'.repeat(32)}`], 'latest'],
  }
  expect(await again.provider.request(proof)).toEqual(await embedded.provider.request(proof))
  await again.close()
  await first.close()
})

test('a journal whose transactions have another outcome is refused', async () => {
  const directory = join(folder, 'other')
  const chain = await openEmbeddedChain({ directory, now: () => START })
  await chain.fund('0x00000000000000000000000000000000000000aa')
  await chain.close()
  const file = join(directory, 'chain.journal')
  const [, line] = (await readFile(file, 'utf8')).trim().split('\n')
  const entry = JSON.parse(line?.slice(line.indexOf('{')) ?? '')
  await appendFile(file, encodeLine({ ...entry, block: 2 }))
  await expect(openEmbeddedChain({ directory, now: () => START })).rejects.toMatchObject({
    code: 'chain-journal-damaged',
  })
})

test('what would change the chain past the journal is refused', async () => {
  const chain = await openEmbeddedChain({ directory: join(folder, 'closed'), now: () => START })
  for (const method of [
    'evm_mine',
    'hardhat_setBalance',
    'eth_sendTransaction',
    'evm_setNextBlockTimestamp',
  ]) {
    await expect(chain.provider.request({ method, params: [] })).rejects.toThrow(method)
  }
  await chain.close()
})

test('killed in the middle of its work, the chain has every block that anybody heard of', async () => {
  const directory = join(folder, 'killed')
  const known = new Map<string, string>()
  for (const enough of [3, 20]) {
    for (const { blockNumber, blockHash } of await runUntil(directory, enough))
      known.set(blockNumber, blockHash)
  }
  const chain = await openEmbeddedChain({ directory, now: () => asInstant(Date.now()) })
  const blocks = await blocksOf(chain)
  expect(known.size).toBeGreaterThanOrEqual(23)
  for (const [number, hash] of known) expect(blocks[Number(number)]?.hash).toBe(hash)
  await chain.close()
})

/** Starts a process on the chain, kills it once it has told of so many transactions, and gives all that it told. */
async function runUntil(
  directory: string,
  enough: number,
): Promise<{ blockNumber: string; blockHash: string }[]> {
  const program = new URL('journal-child.ts', import.meta.url)
  const child = spawn(process.execPath, [program.pathname, directory, id('payer')], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const told: { blockNumber: string; blockHash: string }[] = []
  for await (const line of createInterface({ input: child.stdout })) {
    told.push(JSON.parse(line))
    if (told.length === enough) child.kill('SIGKILL')
  }
  return told
}

async function blocksOf({ provider }: EmbeddedChain): Promise<{ hash: string }[]> {
  const last = Number(await provider.request({ method: 'eth_blockNumber' }))
  const blocks: { hash: string }[] = []
  for (let number = 0; number <= last; number++) {
    const params = [`0x${number.toString(16)}`, true]
    blocks.push((await provider.request({ method: 'eth_getBlockByNumber', params })) as { hash: string })
  }
  return blocks
}
