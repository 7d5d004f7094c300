import { DataIntegrityProof } from '@digitalbazaar/data-integrity'
import * as Ed25519Multikey from '@digitalbazaar/ed25519-multikey'
import { cryptosuite } from '@digitalbazaar/eddsa-rdfc-2022-cryptosuite'
import * as vc from '@digitalbazaar/vc'
import { createCredentialSuite } from '#adapters/crypto/credential-suite.ts'
import { createDocumentLoader } from '#adapters/crypto/document-loader.ts'
import { signingKeyOf } from '#adapters/crypto/signing-key.ts'
import type { PreparedCredential } from '#engine/credentials/prepared-credential.ts'
import { canonicalJson } from '#engine/shared/canonical-json.ts'
import { formatInstant, type Instant } from '#engine/shared/instant.ts'
import type { JsonObject } from '#engine/shared/json.ts'
import type { CredentialSuite } from '#services/ports/credential-suite.ts'
import type { SigningKey } from '#services/ports/key-store.ts'
import { BADGES_AT, BADGES_DID, sampleBadges } from './badges.ts'
import type { Benchmark } from './benchmark.ts'
import { compare, pass } from './compare.ts'
import { COMPARISON_COLUMNS, comparisonCells } from './table.ts'

const DOCUMENTS = 10

/** Credentials a second, signed in one thread and without a database. */
export const issueBenchmark: Benchmark = {
  name: 'issue',
  about: 'signed credentials a second, beside issue() of @digitalbazaar/vc',
  run: async (pace) => {
    const documents = sampleBadges(DOCUMENTS)
    const suite = createCredentialSuite()
    const key = sampleKey()
    const issue = await createPeer(key, BADGES_AT)
    const prepareAndSign = async (document: JsonObject) =>
      suite.sign(await prepare(suite, document), key, BADGES_AT)
    await requireSame(documents, { ours: prepareAndSign, peer: issue, suite, key })

    const side = (sign: (document: JsonObject) => Promise<unknown>) =>
      pass(
        () => documents.map((document) => structuredClone<JsonObject>(document)),
        async (copies) => {
          for (const copy of copies) await sign(copy)
          return copies.length
        },
      )
    const peer = side(issue)
    pace.progress('prepare and sign')
    const both = await compare({ ours: side(prepareAndSign), peer }, pace)
    pace.progress('sign alone')
    const signing = side((document) => suite.sign(document as PreparedCredential, key, BADGES_AT))
    const alone = await compare({ ours: signing, peer }, pace)
    return [
      {
        title: 'issue: credentials signed a second',
        columns: ['ours is', ...COMPARISON_COLUMNS],
        rows: [
          ['prepare and sign', ...comparisonCells(both)],
          ['sign alone', ...comparisonCells(alone)],
        ],
        notes: [
          'Ours: `prepare()` holds the document against 1EdTech’s schema and expands it in safe mode; `sign()` signs through the peer, and compares what was signed with what was prepared. Nothing is signed without both.',
          'Peer: `issue()` of `@digitalbazaar/vc` with `eddsa-rdfc-2022`, its key made before the clock starts, the same pinned contexts, no check of what it signs beyond its own.',
          `${DOCUMENTS} Open Badges of one achievement, for different people. Both sides gave the same proof value for each, byte for byte, and the verifier passed every one. Without database, status list, picture and leaf.`,
        ],
      },
    ]
  },
}

async function prepare(suite: CredentialSuite, document: JsonObject): Promise<PreparedCredential> {
  const preparation = await suite.prepare(document)
  if (!preparation.ok) throw new Error(JSON.stringify(preparation.faults))
  return preparation.prepared
}

/** The same signatures at every run. */
const SAMPLE_SEED = Uint8Array.from({ length: 32 }, (_, n) => n + 1)

const sampleKey = (): SigningKey => signingKeyOf(BADGES_DID, SAMPLE_SEED)

/** The library writes the proof into what it is given. */
async function createPeer(
  { verificationMethod: id, controller }: SigningKey,
  created: Instant,
): Promise<(document: JsonObject) => Promise<JsonObject>> {
  const pair = await Ed25519Multikey.generate({ id, controller, seed: SAMPLE_SEED })
  const documentLoader = createDocumentLoader()
  return (credential) => {
    const suite = new DataIntegrityProof({ signer: pair.signer(), date: formatInstant(created), cryptosuite })
    return vc.issue({ credential, suite, documentLoader })
  }
}

async function requireSame(
  documents: readonly JsonObject[],
  {
    ours,
    peer,
    suite,
    key,
  }: {
    readonly ours: (document: JsonObject) => Promise<JsonObject>
    readonly peer: (document: JsonObject) => Promise<JsonObject>
    readonly suite: CredentialSuite
    readonly key: SigningKey
  },
): Promise<void> {
  const method = { ...key, id: key.verificationMethod, type: 'Multikey' }
  for (const document of documents) {
    const signed = await ours(structuredClone<JsonObject>(document))
    const issued = await peer(structuredClone<JsonObject>(document))
    // One proof either way; 1EdTech's schema wants it in an array.
    if (canonicalJson(signed) !== canonicalJson({ ...issued, proof: [issued['proof'] ?? null] }))
      throw new Error('The two sides signed differently.')
    const found = async () => ({ kind: 'found', method, forAssertion: true }) as const
    const findings = await suite.verifyProofs(signed, found, BADGES_AT)
    if (findings.length !== 1 || findings[0]?.outcome !== 'passed')
      throw new Error(`A signed credential does not verify: ${JSON.stringify(findings)}`)
  }
}
