import { credentialFaults } from '#engine/credentials/data-model/credential-faults.ts'
import { statusEntryFaults } from '#engine/credentials/data-model/status-entry-faults.ts'
import type { CredentialFault, PreparedCredential } from '#engine/credentials/prepared-credential.ts'
import { isJsonArray, type JsonObject } from '#engine/shared/json.ts'
import type { CredentialSuite } from '#services/ports/credential-suite.ts'
import { addProof } from './add-proof.ts'
import { canonicalQuads } from './canonical-quads.ts'
import type { CryptoMeans } from './crypto-means.ts'
import { createDocumentLoader } from './document-loader.ts'
import { keccak256, sha256 } from './hashes.ts'
import { createSchemaValidator, type SchemaValidator } from './json-schema.ts'
import { createKnownDigests } from './known-resources.ts'
import { without } from './proof-suites.ts'
import { readJwt } from './read-jwt.ts'
import { resolveByText } from './resolve-by-text.ts'
import achievementSchema from './schemas/ob_v3p0_achievementcredential_schema.json' with { type: 'json' }
import { signJwt } from './sign-jwt.ts'
import { decodeStatusList, encodeStatusList } from './status-list-codec.ts'
import { verifyJwt } from './verify-jwt.ts'
import { verifyProofs } from './verify-proofs.ts'

/**
 * Makes the suite. `contexts` adds JSON-LD contexts to the pinned ones, for tests and conformance runs; `resources` adds digests
 * of related resources to those that are known; `means` are what the platform does faster or elsewhere.
 */
export function createCredentialSuite({
  contexts,
  resources,
  means,
}: {
  readonly contexts?: ReadonlyMap<string, object>
  readonly resources?: ReadonlyMap<string, readonly string[]>
  readonly means?: CryptoMeans
} = {}): CredentialSuite {
  const documentLoader = createDocumentLoader(contexts, means)
  const validate = createSchemaValidator(achievementSchema as unknown as JsonObject)
  const knownDigests = createKnownDigests(resources)

  const lint = async (unsigned: JsonObject): Promise<readonly CredentialFault[]> => {
    const breaches = [...credentialFaults(unsigned, knownDigests), ...statusEntryFaults(unsigned)]
    const faults = breaches.length > 0 ? breaches : (schemaFaults(unsigned, validate) ?? [])
    // A document that is not even in shape is not worth the expansion.
    if (faults.length > 0) return faults
    const canonical = await canonicalQuads(unsigned, documentLoader)
    return canonical.ok ? [] : [canonical.fault]
  }

  return {
    lint,
    prepare: async (unsigned) => {
      const faults = await lint(unsigned)
      return faults.length > 0
        ? { ok: false, faults }
        : { ok: true, prepared: unsigned as PreparedCredential }
    },
    // Loaded when first needed: a verifier in a browser never signs.
    sign: async (prepared, key, created, options) =>
      options === undefined && key.curve === 'Ed25519'
        ? (await import('./sign-credential.ts')).signCredential(prepared, key, created, documentLoader)
        : addProof(without(prepared, 'proof'), key, created, options ?? {}, documentLoader),
    addProof: (document, key, created, options = {}) =>
      addProof(document, key, created, options, documentLoader),
    knownDigests,
    derive: async (document, pointers) =>
      (await import('./derive-disclosure.ts')).deriveDisclosure(document, pointers, documentLoader),
    schemaFaults: (document) => schemaFaults(document, validate),
    verifyProofs: (document, resolve, now, expected) =>
      verifyProofs(document, resolve, now, documentLoader, expected),
    signJwt,
    readJwt,
    verifyJwt,
    decodeStatusList,
    encodeStatusList,
    resolveByText,
    sha256,
    keccak256,
  }
}

/** VC Data Model 1.1 has no schema of 1EdTech's that is pinned here, so only 2.0 documents are held against one. */
function schemaFaults(
  document: JsonObject,
  validate: SchemaValidator,
): readonly CredentialFault[] | undefined {
  const contexts = document['@context'] ?? null
  const types = document['type'] ?? null
  const has = (list: unknown, value: string) =>
    isJsonArray(list as JsonObject[string]) ? (list as unknown[]).includes(value) : list === value
  if (!has(contexts, 'https://www.w3.org/ns/credentials/v2')) return undefined
  if (has(types, 'OpenBadgeCredential') || has(types, 'AchievementCredential')) return validate(document)
  return has(types, 'EndorsementCredential') ? validate(document, 'EndorsementCredential') : undefined
}
