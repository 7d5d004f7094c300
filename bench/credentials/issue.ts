import { setTimeout } from 'node:timers/promises'
import { createCredentialSuite } from '#adapters/crypto/credential-suite.ts'
import { createIssueMany } from '#adapters/threads/issue-in-threads.ts'
import { createIssuingThreads } from '#adapters/threads/issuing-threads.ts'
import { credentialBytes, credentialDigest } from '#engine/credentials/prepared-credential.ts'
import { equalBytes } from '#engine/shared/bytes.ts'
import { canonicalJson } from '#engine/shared/canonical-json.ts'
import type { JsonObject } from '#engine/shared/json.ts'
import { ISSUE_PASS } from '#services/awards/issue-awards.ts'
import { BADGES_AT, sampleBadges } from '../badges.ts'
import type { Benchmark } from '../benchmark.ts'
import { compare, pass } from '../compare.ts'
import { COMPARISON_COLUMNS, comparisonCells } from '../table.ts'
import { openBareSignatures } from './bare-signatures.ts'
import { MEANS, OWN_DID, ownKey, PEER_KEY } from './own-issuer.ts'
import { openPeer } from './peer-in-thread.ts'

/** As many at once as the issue step takes. */
const DOCUMENTS = ISSUE_PASS

/** The peer takes milliseconds for each: so many that turns cost nothing, so few that both sides meet the same noise. */
const PEER_PASS = 10

const WARM_UP = 20

/** Credentials a second, checked and signed without a database. */
export const issueBenchmark: Benchmark = {
  name: 'issue',
  about: 'signed credentials a second, beside issue() of @digitalbazaar/vc and beside bare signatures',
  run: async (pace) => {
    const documents = sampleBadges(DOCUMENTS, OWN_DID)
    const prepared = documents.map(credentialBytes)
    const suite = createCredentialSuite({ means: MEANS })
    const threads = createIssuingThreads()
    const issueMany = createIssueMany(suite, threads)
    const key = ownKey()
    const peer = await openPeer(PEER_KEY, BADGES_AT)
    const issue = async (given: readonly Uint8Array[]) => {
      const issued = await issueMany(given, key, BADGES_AT)
      for (const each of issued) if (!each.ok) throw new Error(JSON.stringify(each))
      return issued
    }
    // A server has been at it for a while.
    while (threads.ready() === 0) await setTimeout(50)
    for (let warm = 0; warm < WARM_UP; warm++) await issue(prepared)
    const issued = await issue(prepared)
    for (const [at, document] of documents.slice(0, 20).entries()) {
      const byPeer = await peer.issue(document)
      // One proof either way; 1EdTech's schema wants it in an array.
      const expected: JsonObject = { ...byPeer, proof: [byPeer['proof'] ?? null] }
      const ours = issued[at]
      if (
        ours?.ok !== true ||
        new TextDecoder().decode(ours.signed) !== canonicalJson(expected) ||
        !equalBytes(ours.digest, credentialDigest(expected, suite.sha256))
      )
        throw new Error('The two sides signed differently.')
    }

    let next = 0
    const copies = (count: number) =>
      Array.from({ length: count }, () =>
        structuredClone<JsonObject>(documents[next++ % documents.length] ?? {}),
      )
    const theirs = peer.pass('issue', () => copies(PEER_PASS))
    const ours = pass(
      () => prepared,
      async (given) => (await issue(given)).length,
    )
    pace.progress('prepare and sign')
    const both = await compare({ ours, peer: theirs }, pace)
    const bare: (readonly string[])[] = []
    for (const library of ['libsodium', 'OpenSSL'] as const) {
      pace.progress(`bare signatures by ${library}`)
      const bareSignatures = await openBareSignatures(library)
      const bareSide = pass(
        () => DOCUMENTS,
        async (count) => {
          await bareSignatures.sign(count)
          return count
        },
      )
      const sides = await compare({ ours, peer: bareSide }, pace)
      bare.push([`nothing but Ed25519 by ${library}`, ...comparisonCells(sides)])
      await bareSignatures.close()
    }
    await Promise.all([threads.close(), peer.close()])
    return [
      {
        title: 'issue: credentials checked and signed a second',
        columns: ['peer is', ...COMPARISON_COLUMNS],
        rows: [['`@digitalbazaar/vc`', ...comparisonCells(both)], ...bare],
        notes: [
          'Ours: `issueMany()` as the issue step calls it, from the bytes that were prepared to the bytes that are stored and their digest: VC Data Model, 1EdTech’s schema, JSON-LD in safe mode, proof. Of one achievement version the shape is canonicalised and checked in full at first, and of each award the texts that differ from then on. The key comes from the key store, opened before the clock starts; as many documents at a time as the step takes, in one thread a core.',
          'Peer: `issue()` of `@digitalbazaar/vc` with `eddsa-rdfc-2022`, from object to object, its key made before the clock starts, the same pinned contexts, no check of what it signs beyond its own. It has one thread, with a heap of its own, so that neither side collects what the other left: the library offers no other way.',
          'Other rows: the share of the rate at which a library signs 64 bytes and does nothing else, by as many threads. The product signs by libsodium, and by OpenSSL where that is not there.',
          `${DOCUMENTS} Open Badges of one achievement, for different people. Of the first 20 both sides gave the same document, byte for byte. Without database, status list, picture and leaf.`,
        ],
      },
    ]
  },
}
