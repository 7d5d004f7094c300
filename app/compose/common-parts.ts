import { createCredentialSuite } from '#adapters/crypto/credential-suite.ts'
import { keccak256, sha256 } from '#adapters/crypto/hashes.ts'
import { contextsOf } from '#adapters/fetch/remote-map.ts'
import { createBadgeImages } from '#adapters/images/badge-images.ts'
import { localKeyMaker } from '#adapters/keys/key-maker.ts'
import { createLocalKeyStore } from '#adapters/keys/local-key-store.ts'
import { createSecretBox } from '#adapters/keys/secret-box.ts'
import { systemClock } from '#adapters/system/system-clock.ts'
import { createSystemRandom } from '#adapters/system/system-random.ts'
import { createIssueMany } from '#adapters/threads/issue-in-threads.ts'
import { createAddLeaf } from '#services/anchoring/add-leaf.ts'
import { createMakeReceipt } from '#services/anchoring/make-receipt.ts'
import { createAuditTrail } from '#services/audit/audit-trail.ts'
import { createRecordFacts } from '#services/facts/record-facts.ts'
import { createDisclosingKey } from '#services/issuers/disclosing-key.ts'
import { createStartJob } from '#services/job-control/start-job.ts'
import { createRuleSets } from '#services/rules/rule-sets.ts'
import type { Parts } from './parts.ts'

/** What most use cases are made of. */
export type CommonParts = ReturnType<typeof createCommonParts>

export function createCommonParts(parts: Parts) {
  const { database, chain, attestedChain, wakeUps, log, settings } = parts
  const origin = settings.publicUrl
  const clock = parts.clock ?? systemClock
  const random = createSystemRandom()
  const hashes = { sha256, keccak256 }
  const secretBox = createSecretBox([parts.masterKey])
  const suite = createCredentialSuite({
    means: parts.cryptoMeans,
    ...(settings.remoteMap === undefined ? {} : { contexts: contextsOf(settings.remoteMap) }),
    ...(parts.vcApi === undefined ? {} : { resources: parts.vcApi.resources }),
  })
  // Threads know pinned contexts and no resources that an operator added: with those, everything is signed here.
  const isPlain = settings.remoteMap === undefined && (parts.vcApi?.resources.size ?? 0) === 0
  const audit = createAuditTrail({ random, hashes })
  return {
    database,
    chain,
    attestedChain,
    wakeUps,
    log,
    settings,
    origin,
    clock,
    random,
    hashes,
    secretBox,
    keyStore: createLocalKeyStore(secretBox),
    suite,
    issueMany: createIssueMany(suite, isPlain ? parts.issuingThreads : undefined),
    images: createBadgeImages(),
    audit,
    disclosingKey: createDisclosingKey({ clock, random, keyMaker: localKeyMaker, secretBox, audit }),
    addLeaf: createAddLeaf({ random, hashes, secretBox }),
    recordFacts: createRecordFacts({ random, hashes }),
    makeReceipt: createMakeReceipt({ hashes, secretBox }),
    ruleSets: createRuleSets({ hashes }),
    startJob: createStartJob({ random, clock }),
  }
}
