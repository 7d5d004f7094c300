import type { CredentialFault, PreparedCredential } from '#engine/credentials/prepared-credential.ts'
import { parseInstant } from '#engine/shared/instant.ts'
import { isJsonArray, isJsonObject, type Json, type JsonObject } from '#engine/shared/json.ts'
import type { CredentialSuite } from '#services/ports/credential-suite.ts'
import { addProof } from './add-proof.ts'
import { canonicalQuads } from './canonical-quads.ts'
import { createDocumentLoader } from './document-loader.ts'
import { keccak256, sha256 } from './hashes.ts'
import { createSchemaValidator, type SchemaValidator } from './json-schema.ts'
import { without } from './proof-suites.ts'
import { readJwt } from './read-jwt.ts'
import { resolveByText } from './resolve-by-text.ts'
import achievementSchema from './schemas/ob_v3p0_achievementcredential_schema.json' with { type: 'json' }
import { signJwt } from './sign-jwt.ts'
import { decodeStatusList, encodeStatusList } from './status-list-codec.ts'
import { verifyJwt } from './verify-jwt.ts'
import { verifyProofs } from './verify-proofs.ts'

/** Makes the suite. `contexts` adds JSON-LD contexts to the pinned ones, for tests and conformance runs. */
export function createCredentialSuite({
  contexts,
}: {
  readonly contexts?: ReadonlyMap<string, object>
} = {}): CredentialSuite {
  const documentLoader = createDocumentLoader(contexts)
  const validate = createSchemaValidator(achievementSchema as unknown as JsonObject)

  const lint = async (unsigned: JsonObject): Promise<readonly CredentialFault[]> => {
    const faults = schemaFaults(unsigned, validate) ?? dataModelFaults(unsigned)
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

/** The least that VC Data Model 2.0 asks of what no schema covers: dates with a zone, and a status with a type. */
function dataModelFaults(document: JsonObject): readonly CredentialFault[] {
  const faults: CredentialFault[] = []
  for (const name of ['validFrom', 'validUntil']) {
    const value = document[name]
    if (value === undefined || (typeof value === 'string' && parseInstant(value) !== undefined)) continue
    faults.push({ code: 'schema', path: `/${name}`, message: 'must be a date-time with a zone' })
  }
  for (const status of listOf(document['credentialStatus'])) {
    if (isJsonObject(status) && status['type'] !== undefined) continue
    faults.push({ code: 'schema', path: '/credentialStatus', message: 'must have type' })
  }
  return faults
}

function listOf(value: Json | undefined): readonly Json[] {
  if (value === undefined) return []
  return isJsonArray(value) ? value : [value]
}
