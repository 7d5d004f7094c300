import { createCredentialSuite } from '#adapters/crypto/credential-suite.ts'
import { openCryptoMeans } from '#app/open-crypto-means.ts'
import type { JsonObject } from '#engine/shared/json.ts'
import { createVerifier } from '#services/verify/verify-credential.ts'
import { BADGES_AT, sampleBadges } from '../badges.ts'
import type { Benchmark } from '../benchmark.ts'
import { compare, pass } from '../compare.ts'
import { inFlight } from '../in-flight.ts'
import { COMPARISON_COLUMNS, comparisonCells } from '../table.ts'
import { tampered } from './foreign-badges.ts'
import { OWN_DID, PEER_KEY } from './own-issuer.ts'
import { openPeer } from './peer-in-thread.ts'

const DOCUMENTS = 100

/** The peer takes milliseconds for each. */
const PEER_PASS = 25

const WARM_UP = 10

/** Badges of one achievement version a second, after the first few of them. */
export const verifyOwnBenchmark: Benchmark = {
  name: 'verify-own',
  about: 'badges of one achievement verified a second, beside verifyCredential() of @digitalbazaar/vc',
  run: async (pace) => {
    const peer = await openPeer(PEER_KEY, BADGES_AT)
    const signed: JsonObject[] = []
    for (const badge of sampleBadges(DOCUMENTS, OWN_DID)) {
      // The peer verifies nothing that has a status without fetching the list.
      const { credentialStatus: _, ...rest } = structuredClone<JsonObject>(badge)
      const issued = await peer.issue(rest)
      signed.push({ ...issued, proof: [issued['proof'] ?? null] })
    }
    const { means, close } = openCryptoMeans()
    const verifier = createVerifier({
      suite: createCredentialSuite({ means }),
      resolver: { resolve: async () => 'unavailable' },
      statusLists: { fetch: async () => 'unavailable' },
      anchors: { read: async () => 'unavailable' },
      trust: { look: async () => undefined },
      clock: { now: () => BADGES_AT },
    })
    const verify = async (document: JsonObject): Promise<boolean> =>
      (await verifier.verify({ document })).checks.every(
        ({ name, outcome }) => (name !== 'proof' && name !== 'schema') || outcome === 'passed',
      )
    for (const document of signed)
      for (const [wanted, badge] of [
        [true, document],
        [false, tampered(document)],
      ] as const) {
        const both = [await verify(badge), await peer.verify(badge)]
        if (both.some((verdict) => verdict !== wanted))
          throw new Error(`The two sides answer ${both.join(' and ')}: ${JSON.stringify(badge)}`)
      }

    let next = 0
    const copies = (count: number): readonly JsonObject[] =>
      Array.from({ length: count }, () => structuredClone<JsonObject>(signed[next++ % signed.length] ?? {}))
    const ours = pass(
      () => copies(DOCUMENTS),
      (given) =>
        inFlight(given, async (copy) => {
          if (!(await verify(copy))) throw new Error('A good badge was refused.')
        }),
    )
    const theirs = peer.pass('verify', () => copies(PEER_PASS), { atOnce: true })
    // A server has been at it for a while.
    for (let warm = 0; warm < WARM_UP; warm++) await ours()
    pace.progress('verify badges of one achievement')
    const both = await compare({ ours, peer: theirs }, pace)
    await Promise.all([close(), peer.close()])
    return [
      {
        title: 'verify-own: badges of one achievement verified a second',
        columns: ['badges', ...COMPARISON_COLUMNS],
        rows: [['of one achievement version', ...comparisonCells(both)]],
        notes: [
          'Ours: the whole verifier (`services/verify/verify-credential.ts`), as the server has it: size, format, plain form, proofs, schema, dates, summary and verdict. The shape is known from the first badges; it matters not who showed it. 25 are under way at once, as on a server, so that signatures are checked in a thread beside the loop that reads documents.',
          'Peer: `verifyCredential()` of `@digitalbazaar/vc` unchanged, with `eddsa-rdfc-2022`: proof, data model, dates. Its documents of contexts and keys lie ready in memory. As many are under way at once. It has a thread and a heap of its own, so that neither side collects what the other left.',
          `${DOCUMENTS} badges, signed by the peer. Both sides passed each of them and refused each of them with one word changed. No network on either side, and no entry of a status list in the badges.`,
        ],
      },
    ]
  },
}
