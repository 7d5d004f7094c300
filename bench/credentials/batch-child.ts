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

const credentials = Number(process.argv[2])
const suite = createCredentialSuite({ means: MEANS })
const key = ownKey()
const before = process.memoryUsage.rss()
const from = performance.now()

const leaves: Uint8Array[] = []
let stored = 0
for (let number = 0; number < credentials; number++) {
  // As the issue step: what was recorded is read again, checked, and signed.
  const recorded = credentialBytes(sampleBadge(number, OWN_DID))
  const unsigned = JSON.parse(new TextDecoder().decode(recorded)) as JsonObject
  const preparation = await suite.prepare(unsigned)
  if (!preparation.ok) throw new Error(JSON.stringify(preparation.faults))
  const signed = await suite.sign(preparation.prepared, key, BADGES_AT)
  stored += credentialBytes(signed).length
  const digest = credentialDigest(signed, suite.sha256)
  const preimage = { kind: LEAF_KINDS.credential, salt: randomBytes(32), digest }
  leaves.push(leafHash(preimage, suite.keccak256))
  // The event loop turns, as it does between two transactions.
  if (number % 25 === 0) await new Promise(setImmediate)
}
if (stored === 0 || buildTree(leaves, suite.keccak256).root.length !== 32)
  throw new Error('Nothing was issued.')

const found: BatchFound = {
  credentials,
  seconds: (performance.now() - from) / 1000,
  // In kilobytes, as Linux and libuv count.
  peak: process.resourceUsage().maxRSS * 1024,
  before,
}
console.log(JSON.stringify(found))
