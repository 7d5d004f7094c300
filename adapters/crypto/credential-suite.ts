import { credentialErrors } from '#engine/credentials/credential-errors.ts'
import { credentialFaults } from '#engine/credentials/data-model/credential-faults.ts'
import { parsableAddressFaults } from '#engine/credentials/data-model/parsable-address-faults.ts'
import { statusEntryFaults } from '#engine/credentials/data-model/status-entry-faults.ts'
import type { CredentialFault, PreparedCredential } from '#engine/credentials/prepared-credential.ts'
import { isJsonArray, isJsonObject, type JsonObject } from '#engine/shared/json.ts'
import type { CredentialSuite } from '#services/ports/credential-suite.ts'
import { addProof } from './add-proof.ts'
import { canonicalQuads } from './canonical-quads.ts'
import type { Canonicalise, CryptoMeans } from './crypto-means.ts'
import { createDocumentLoader } from './document-loader.ts'
import { keccak256, sha256 } from './hashes.ts'
import { createSchemaValidator, type SchemaValidator, type WatchTexts } from './json-schema.ts'
import { knownDisguise } from './known-forms.ts'
import { createKnownDigests } from './known-resources.ts'
import { createKnownSchemaFaults } from './known-schema-faults.ts'
import { nextTurn } from './next-turn.ts'
import { createOpenDocument } from './open-document.ts'
import { proofsOf } from './proof-set.ts'
import { disguiseOfProof, without } from './proof-suites.ts'
import {
  createQuadTemplates,
  noTemplates,
  type Recognised,
  sumOfCounts,
  type TemplateCounts,
} from './quad-templates.ts'
import { readJwt } from './read-jwt.ts'
import { resolveByText } from './resolve-by-text.ts'
import achievementSchema from './schemas/ob_v3p0_achievementcredential_schema.json' with { type: 'json' }
import { signJwt } from './sign-jwt.ts'
import { decodeStatusList, encodeStatusList } from './status-list-codec.ts'
import { portableTextHash } from './text-hash.ts'
import { verifyJwt } from './verify-jwt.ts'

export interface CredentialSuiteNeeds {
  /** JSON-LD contexts beside the pinned ones, for tests and conformance runs. Without templates: they may define anything. */
  readonly contexts?: ReadonlyMap<string, object>
  /** Digests of related resources beside those that are known. */
  readonly resources?: ReadonlyMap<string, readonly string[]>
  /** What the platform does faster or elsewhere. */
  readonly means?: CryptoMeans
}

/** The suite, with what it tells of its work. */
export interface CountingSuite extends CredentialSuite {
  readonly templateCounts: () => TemplateCounts
}

/** Makes the suite. */
export function createCredentialSuite({
  contexts,
  resources,
  means = {},
}: CredentialSuiteNeeds = {}): CountingSuite {
  const { textHash: hash = portableTextHash } = means
  const documentLoader = createDocumentLoader(contexts, means)
  const full: Canonicalise = (document) => canonicalQuads(document, documentLoader)
  // Whoever has many documents verified makes us forget no shape of our own.
  const own = contexts === undefined ? createQuadTemplates(full, hash) : noTemplates(full)
  const foreign = contexts === undefined ? createQuadTemplates(full, hash) : noTemplates(full)
  const canonicalise: Canonicalise = async (document) => {
    const fit = own.fit(document)
    return fit === undefined ? foreign.canonicalise(document) : { ok: true, quads: fit.quads }
  }
  const recognise = (document: JsonObject) => own.recognise(document) ?? foreign.recognise(document)
  const splicing = createDocumentLoader(contexts, { ...means, canonicalise })
  const validate = createSchemaValidator(achievementSchema as unknown as JsonObject)
  const knownSchemaFaults = createKnownSchemaFaults(
    (document, watch) => schemaFaults(document, validate, watch),
    recognise,
  )
  const knownDigests = createKnownDigests(resources)
  const open = createOpenDocument(splicing, {
    recognise,
    schemaFaults: knownSchemaFaults,
    formatFaults: (document) => credentialFaults(document, knownDigests),
  })
  const checked = new WeakMap<PreparedCredential, Uint8Array>()
  // Loaded when first needed: a verifier in a browser never signs.
  const signer = once(async () => {
    const { createSignByTemplate } = await import('./sign-by-template.ts')
    return createSignByTemplate(own.canonicalise, hash)
  })

  const lint = async (unsigned: JsonObject): Promise<Linted> => {
    const fit = own.fit(unsigned)
    const breaches = [
      ...credentialFaults(unsigned, knownDigests),
      ...statusEntryFaults(unsigned),
      ...parsableAddressFaults(unsigned),
    ]
    const faults = breaches.length > 0 ? breaches : (knownSchemaFaults(unsigned, fit) ?? [])
    // A document that is not even in shape is not worth the expansion.
    if (faults.length > 0) return { faults }
    // A document of a known shape expands as the others of its shape do.
    const canonical = fit === undefined ? await own.canonicalise(unsigned) : undefined
    if (canonical?.ok === false) return { faults: [canonical.fault] }
    // Nothing is signed that our own verifier would not read.
    const disguise = disguiseOf(unsigned, fit)
    if (disguise !== undefined) return { faults: [{ code: 'json-ld', path: '', message: disguise }] }
    return fit === undefined ? { faults } : { faults, quads: fit.quads }
  }

  const prepare: CredentialSuite['prepare'] = async (unsigned) => {
    const { faults, quads } = await lint(unsigned)
    if (faults.length > 0) return { ok: false, faults }
    const prepared = unsigned as PreparedCredential
    if (quads !== undefined) checked.set(prepared, hash.bytes(quads))
    return { ok: true, prepared }
  }

  const sign: CredentialSuite['sign'] = async (prepared, key, created, options) => {
    if (options !== undefined || key.curve !== 'Ed25519')
      return addProof(without(prepared, 'proof'), key, created, options ?? {}, splicing)
    // Whoever wants a proof beside others says how.
    if (prepared['proof'] !== undefined) throw credentialErrors.credentialUnfit({ faults: [HAS_PROOF] })
    const documentHash = checked.get(prepared)
    return documentHash === undefined
      ? addProof(prepared, key, created, {}, documentLoader)
      : (await signer()).sign({ prepared, documentHash }, key, created)
  }

  const issueText = once(async () => {
    const { createIssueText } = await import('./issue-text.ts')
    return createIssueText({
      templates: own,
      schemaFaults: knownSchemaFaults,
      signer,
      hash,
      sha256: means.sha256 ?? sha256,
      prepare,
      sign,
    })
  })

  return {
    lint: async (unsigned) => (await lint(unsigned)).faults,
    prepare,
    sign,
    issue: async (unsigned, key, created) => (await issueText())(unsigned, key, created),
    addProof: (document, key, created, options = {}) => addProof(document, key, created, options, splicing),
    knownDigests,
    nextTurn,
    derive: async (document, pointers) =>
      (await import('./derive-disclosure.ts')).deriveDisclosure(document, pointers, documentLoader),
    schemaFaults: (document) => knownSchemaFaults(document),
    open,
    verifyProofs: (document, resolve, now, expected) => open(document).verifyProofs(resolve, now, expected),
    signJwt,
    readJwt,
    verifyJwt,
    decodeStatusList,
    encodeStatusList,
    resolveByText,
    sha256: means.sha256 ?? sha256,
    keccak256,
    templateCounts: () => sumOfCounts([own.counts(), foreign.counts()]),
  }
}

const HAS_PROOF = { path: '/proof', message: 'is there before the document is signed' }

interface Linted {
  readonly faults: readonly CredentialFault[]
  /** Of a document of a known shape. */
  readonly quads?: string
}

/** In which way a verifier would find a document not to be in plain form: what its proofs cover, and these themselves. */
function disguiseOf(document: JsonObject, recognised: Recognised | undefined): string | undefined {
  if (document['proof'] === undefined) return knownDisguise(document, recognised)
  const bare = without(document, 'proof')
  const found = knownDisguise(bare, undefined)
  if (found !== undefined) return found
  for (const proof of proofsOf(document)) {
    const disguise = isJsonObject(proof) ? disguiseOfProof(proof, bare) : undefined
    if (disguise !== undefined) return disguise
  }
  return undefined
}

/** VC Data Model 1.1 has no schema of 1EdTech's that is pinned here, so only 2.0 documents are held against one. */
function schemaFaults(
  document: JsonObject,
  validate: SchemaValidator,
  watch?: WatchTexts,
): readonly CredentialFault[] | undefined {
  const contexts = document['@context'] ?? null
  const types = document['type'] ?? null
  const has = (list: unknown, value: string) =>
    isJsonArray(list as JsonObject[string]) ? (list as unknown[]).includes(value) : list === value
  if (!has(contexts, 'https://www.w3.org/ns/credentials/v2')) return undefined
  if (has(types, 'OpenBadgeCredential') || has(types, 'AchievementCredential'))
    return validate(document, undefined, watch)
  return has(types, 'EndorsementCredential') ? validate(document, 'EndorsementCredential', watch) : undefined
}

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined
  return () => {
    made ??= make()
    return made
  }
}
