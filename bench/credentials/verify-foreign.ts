import { createCredentialSuite } from '#adapters/crypto/credential-suite.ts'
import { didKeyMethod, didKeyOf } from '#adapters/crypto/did-key.ts'
import { issuingKeyOf } from '#adapters/crypto/issuing-key.ts'
import { openCryptoMeans } from '#app/open-crypto-means.ts'
import type { JsonObject } from '#engine/shared/json.ts'
import { createVerifier } from '#services/verify/verify-credential.ts'
import { BADGES_AT } from '../badges.ts'
import type { Benchmark } from '../benchmark.ts'
import { compare, pass } from '../compare.ts'
import { inFlight } from '../in-flight.ts'
import { COMPARISON_COLUMNS, comparisonCells } from '../table.ts'
import { foreignBadges, tampered } from './foreign-badges.ts'
import { openPeer } from './peer-in-thread.ts'

const DOCUMENTS = 60

/** Some at a time: so long a pass that turns cost nothing, so short that both sides meet the same noise. */
const A_PASS = 30

const SEED = Uint8Array.from({ length: 32 }, (_, n) => 200 - n)

/** Badges of others a second, each seen for the first time by its achievement; contexts are known to both. */
export const verifyForeignBenchmark: Benchmark = {
  name: 'verify-foreign',
  about: 'badges of others verified a second, beside verifyCredential() of @digitalbazaar/vc',
  run: async (pace) => {
    const { publicKeyMultibase } = issuingKeyOf(SEED)
    const controller = didKeyOf(publicKeyMultibase)
    const peer = await openPeer({ id: didKeyMethod(publicKeyMultibase), controller, seed: SEED }, BADGES_AT)
    const signed: JsonObject[] = []
    for (const badge of foreignBadges(DOCUMENTS, controller)) signed.push(await peer.issue(badge))

    const { means, close } = openCryptoMeans()
    const suite = createCredentialSuite({ means })
    const verifier = createVerifier({
      suite,
      resolver: { resolve: async () => 'unavailable' },
      statusLists: { fetch: async () => 'unavailable' },
      anchors: { read: async () => 'unavailable' },
      trust: { look: async () => undefined },
      clock: { now: () => BADGES_AT },
    })
    const verify = async (document: JsonObject): Promise<boolean> =>
      (await verifier.verify({ document })).checks.every(
        ({ name, outcome }) => name !== 'proof' || outcome === 'passed',
      )
    const id = didKeyMethod(publicKeyMultibase)
    const method = { id, type: 'Multikey', controller, publicKeyMultibase }
    const found = async () => ({ kind: 'found', method, forAssertion: true }) as const
    const verifyProofs = async (document: JsonObject): Promise<boolean> =>
      (await suite.verifyProofs(document, found, BADGES_AT)).every(({ outcome }) => outcome === 'passed')
    for (const document of signed) {
      for (const [wanted, badge] of [
        [true, document],
        [false, tampered(document)],
      ] as const) {
        const both = [await verify(badge), await verifyProofs(badge), await peer.verify(badge)]
        if (both.some((verdict) => verdict !== wanted))
          throw new Error(`The two sides answer ${both.join(' and ')}: ${JSON.stringify(badge)}`)
      }
    }

    let next = 0
    const copies = (): readonly JsonObject[] =>
      Array.from({ length: A_PASS }, () => structuredClone<JsonObject>(signed[next++ % signed.length] ?? {}))
    const side = (check: (document: JsonObject) => Promise<boolean>) =>
      pass(copies, (given) =>
        inFlight(given, async (copy) => {
          if (!(await check(copy))) throw new Error('A good badge was refused.')
        }),
      )
    const theirs = peer.pass('verify', copies, { atOnce: true })
    pace.progress('verify badges of others')
    const whole = await compare({ ours: side(verify), peer: theirs }, pace)
    pace.progress('verify their proofs alone')
    const proofs = await compare({ ours: side(verifyProofs), peer: theirs }, pace)
    await Promise.all([close(), peer.close()])
    return [
      {
        title: 'verify-foreign: badges of others verified a second',
        columns: ['ours is', ...COMPARISON_COLUMNS],
        rows: [
          ['the whole verifier', ...comparisonCells(whole)],
          ['proofs alone', ...comparisonCells(proofs)],
        ],
        notes: [
          'Ours: the whole verifier (`services/verify/verify-credential.ts`), as the server has it: size, format, plain form, proofs, schema, dates, summary and verdict. Proofs alone: `verifyProofs()` of the suite, with the key at hand. 25 are under way at once, as on a server.',
          'Peer: `verifyCredential()` of `@digitalbazaar/vc` unchanged, with `eddsa-rdfc-2022`: proof, data model, dates. Its documents of contexts and keys lie ready in memory. As many are under way at once. It has a thread and a heap of its own, so that neither side collects what the other left.',
          `${DOCUMENTS} badges, each of another achievement, in five forms and with four sets of contexts, signed by the peer. Both sides passed each of them and refused each of them with one word changed. No network on either side, no status list.`,
        ],
      },
    ]
  },
}
