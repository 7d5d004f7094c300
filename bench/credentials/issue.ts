import { createCredentialSuite } from '#adapters/crypto/credential-suite.ts'
import { canonicalJson } from '#engine/shared/canonical-json.ts'
import type { JsonObject } from '#engine/shared/json.ts'
import { BADGES_AT, sampleBadges } from '../badges.ts'
import type { Benchmark } from '../benchmark.ts'
import { compare, pass } from '../compare.ts'
import { COMPARISON_COLUMNS, comparisonCells } from '../table.ts'
import { bareSigner, MEANS, OWN_DID, ownKey, PEER_KEY } from './own-issuer.ts'
import { createPeer } from './peer.ts'

const DOCUMENTS = 200

/** The peer takes milliseconds for each: so many that turns cost nothing, so few that both sides meet the same noise. */
const PEER_PASS = 10

/** Credentials a second, checked and signed in one thread and without a database. */
export const issueBenchmark: Benchmark = {
  name: 'issue',
  about: 'signed credentials a second, beside issue() of @digitalbazaar/vc and beside bare signatures',
  run: async (pace) => {
    const documents = sampleBadges(DOCUMENTS, OWN_DID)
    const suite = createCredentialSuite({ means: MEANS })
    const key = ownKey()
    const peer = await createPeer(PEER_KEY, BADGES_AT)
    const issue = async (document: JsonObject): Promise<JsonObject> => {
      const preparation = await suite.prepare(document)
      if (!preparation.ok) throw new Error(JSON.stringify(preparation.faults))
      return suite.sign(preparation.prepared, key, BADGES_AT)
    }
    for (const document of documents.slice(0, 20)) {
      const signed = await issue(document)
      const issued = await peer.issue(structuredClone<JsonObject>(document))
      // One proof either way; 1EdTech's schema wants it in an array.
      if (canonicalJson(signed) !== canonicalJson({ ...issued, proof: [issued['proof'] ?? null] }))
        throw new Error('The two sides signed differently.')
    }

    let next = 0
    const copies = (count: number) =>
      Array.from({ length: count }, () =>
        structuredClone<JsonObject>(documents[next++ % documents.length] ?? {}),
      )
    const side = (count: number, act: (document: JsonObject) => unknown) =>
      pass(
        () => copies(count),
        async (given) => {
          for (const document of given) await act(document)
          return given.length
        },
      )
    const ours = side(DOCUMENTS, issue)
    pace.progress('prepare and sign')
    const both = await compare({ ours, peer: side(PEER_PASS, peer.issue) }, pace)
    pace.progress('bare signatures')
    const sign = bareSigner()
    const message = new Uint8Array(64).fill(1)
    const bare = await compare({ ours, peer: side(DOCUMENTS, () => sign(message)) }, pace)
    return [
      {
        title: 'issue: credentials checked and signed a second',
        columns: ['peer is', ...COMPARISON_COLUMNS],
        rows: [
          ['`@digitalbazaar/vc`', ...comparisonCells(both)],
          ['nothing but Ed25519 by OpenSSL', ...comparisonCells(bare)],
        ],
        notes: [
          'Ours: `prepare()` and `sign()` as the issue step calls them: VC Data Model, 1EdTech’s schema, JSON-LD in safe mode, proof. Of one achievement version the shape is canonicalised twice at first, and the texts of each award are put into its quads from then on. The key comes from the key store, opened before the clock starts.',
          'Peer: `issue()` of `@digitalbazaar/vc` with `eddsa-rdfc-2022`, its key made before the clock starts, the same pinned contexts, no check of what it signs beyond its own.',
          'Second row: the share of the rate at which OpenSSL signs 64 bytes and does nothing else, in the same thread.',
          `${DOCUMENTS} Open Badges of one achievement, for different people. Of the first 20 both sides gave the same document, byte for byte. Without database, status list, picture and leaf.`,
        ],
      },
    ]
  },
}
