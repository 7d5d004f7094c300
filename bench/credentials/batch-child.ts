/** Issues one batch in a process of its own, for `batch.ts`. Started with the number of credentials; prints one line of JSON. */
import { randomBytes } from 'node:crypto'
import { enableCompileCache } from 'node:module'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { createCredentialSuite } from '#adapters/crypto/credential-suite.ts'
import { createIssueMany } from '#adapters/threads/issue-in-threads.ts'
import { createIssuingThreads } from '#adapters/threads/issuing-threads.ts'
import { LEAF_KINDS, leafHash } from '#engine/anchoring/leaf.ts'
import { buildTree } from '#engine/anchoring/merkle-tree.ts'
import { credentialBytes } from '#engine/credentials/prepared-credential.ts'
import { ISSUE_PASS } from '#services/awards/issue-awards.ts'
import { BADGES_AT, sampleBadge } from '../badges.ts'
import type { BatchFound } from './batch.ts'
import { MEANS, OWN_DID, ownKey } from './own-issuer.ts'

const LEAF_BYTES = 32

// As the product does (app/main.ts).
enableCompileCache(join(import.meta.dirname, '../../node_modules/.cache/waarmerk'))

const credentials = Number(process.argv[2])
const suite = createCredentialSuite({ means: MEANS })
const threads = createIssuingThreads()
const issueMany = createIssueMany(suite, threads)
const key = ownKey()
while (threads.ready() === 0) await setTimeout(50)
const before = process.memoryUsage.rss()
const from = performance.now()

/** All leaves, one behind the other. */
const leaves = new Uint8Array(credentials * LEAF_BYTES)
let stored = 0
for (let number = 0; number < credentials; number += ISSUE_PASS) {
  const length = Math.min(ISSUE_PASS, credentials - number)
  const prepared = Array.from({ length }, (_, at) => credentialBytes(sampleBadge(number + at, OWN_DID)))
  for (const [at, issuing] of (await issueMany(prepared, key, BADGES_AT)).entries()) {
    if (!issuing.ok) throw new Error(JSON.stringify(issuing))
    stored += issuing.signed.length
    const preimage = { kind: LEAF_KINDS.credential, salt: randomBytes(32), digest: issuing.digest }
    leaves.set(leafHash(preimage, suite.keccak256), (number + at) * LEAF_BYTES)
  }
}
await threads.close()

const inTurn = {
  length: credentials,
  *[Symbol.iterator]() {
    for (let at = 0; at < leaves.length; at += LEAF_BYTES) yield leaves.subarray(at, at + LEAF_BYTES)
  },
}
const tree = buildTree(inTurn, suite.keccak256)
if (stored === 0 || tree.root.length !== LEAF_BYTES) throw new Error('Nothing was issued.')

const found: BatchFound = {
  credentials,
  seconds: (performance.now() - from) / 1000,
  // In kilobytes, as Linux and libuv count.
  peak: process.resourceUsage().maxRSS * 1024,
  before,
}
console.log(JSON.stringify(found))
