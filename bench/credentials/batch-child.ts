/** Issues one batch in a process of its own, for `batch.ts`. Started with the number of credentials; prints one line of JSON. */
import { randomBytes } from 'node:crypto'
import { createCredentialSuite } from '#adapters/crypto/credential-suite.ts'
import { LEAF_KINDS, leafHash } from '#engine/anchoring/leaf.ts'
import { buildTree } from '#engine/anchoring/merkle-tree.ts'
import { credentialBytes, credentialDigest } from '#engine/credentials/prepared-credential.ts'
import type { JsonObject } from '#engine/shared/json.ts'
import { BADGES_AT, sampleBadge } from '../badges.ts'
import type { BatchFound } from './batch.ts'
import { MEANS, OWN_DID, ownKey } from './own-issuer.ts'

/** As many at once as the issue step takes. */
const A_PASS = 25

const LEAF_BYTES = 32

const credentials = Number(process.argv[2])
const suite = createCredentialSuite({ means: MEANS })
const key = ownKey()
const before = process.memoryUsage.rss()
const from = performance.now()

/** All leaves, one behind the other. */
const leaves = new Uint8Array(credentials * LEAF_BYTES)
let stored = 0
for (let number = 0; number < credentials; number += A_PASS) {
  const length = Math.min(A_PASS, credentials - number)
  const issued = await Promise.all(Array.from({ length }, (_, at) => issue(number + at)))
  for (const [at, leaf] of issued.entries()) leaves.set(leaf, (number + at) * LEAF_BYTES)
}

/** As the issue step: what was recorded is read again, checked, and signed. */
async function issue(number: number): Promise<Uint8Array> {
  const recorded = credentialBytes(sampleBadge(number, OWN_DID))
  const unsigned = JSON.parse(new TextDecoder().decode(recorded)) as JsonObject
  const preparation = await suite.prepare(unsigned)
  if (!preparation.ok) throw new Error(JSON.stringify(preparation.faults))
  const signed = await suite.sign(preparation.prepared, key, BADGES_AT)
  stored += credentialBytes(signed).length
  const digest = credentialDigest(signed, suite.sha256)
  const preimage = { kind: LEAF_KINDS.credential, salt: randomBytes(32), digest }
  return leafHash(preimage, suite.keccak256)
}

const leafAt = (at: number): Uint8Array => leaves.subarray(at * LEAF_BYTES, (at + 1) * LEAF_BYTES)
const tree = buildTree(
  Array.from({ length: credentials }, (_, at) => leafAt(at)),
  suite.keccak256,
)
if (stored === 0 || tree.root.length !== LEAF_BYTES) throw new Error('Nothing was issued.')

const found: BatchFound = {
  credentials,
  seconds: (performance.now() - from) / 1000,
  // In kilobytes, as Linux and libuv count.
  peak: process.resourceUsage().maxRSS * 1024,
  before,
}
console.log(JSON.stringify(found))
