import { sha256, sha384 } from '@noble/hashes/sha2'
import type { CredentialFault } from '#engine/credentials/prepared-credential.ts'
import { concat, utf8 } from '#engine/shared/bytes.ts'
import { canonicalJson } from '#engine/shared/canonical-json.ts'
import { isJsonArray, type JsonObject } from '#engine/shared/json.ts'
import { canonicalQuads } from './canonical-quads.ts'
import type { DocumentLoader } from './document-loader.ts'
import { disguiseIn } from './plain-form.ts'
import type { PublicKey } from './public-key.ts'

export const DATA_INTEGRITY_CONTEXT = 'https://w3id.org/security/data-integrity/v2'
const ED25519_2020_CONTEXT = 'https://w3id.org/security/suites/ed25519-2020/v1'
const VC_2_CONTEXT = 'https://www.w3.org/ns/credentials/v2'

/** One way to make a proof: which keys it takes and which bytes are signed. */
export interface ProofSuite {
  readonly name: string
  readonly curves: readonly PublicKey['curve'][]
  /** The bytes under the signature, or what is wrong with the document. */
  message(parts: ProofParts): Promise<Message>
}

export interface ProofParts {
  /** Without `proof`, or with just the proofs that this one builds on. */
  readonly document: JsonObject
  readonly proof: JsonObject
  readonly key: PublicKey
  readonly documentLoader: DocumentLoader
}

export type Message =
  | { readonly ok: true; readonly bytes: Uint8Array }
  | { readonly ok: false; readonly detail: string; readonly code?: 'canonicalisation-too-slow' }

const SUITES: readonly ProofSuite[] = [
  {
    name: 'eddsa-rdfc-2022',
    curves: ['Ed25519'],
    message: (parts) => quadsMessage(parts, DATA_INTEGRITY_CONTEXT),
  },
  {
    name: 'ecdsa-rdfc-2019',
    curves: ['P-256', 'P-384'],
    message: (parts) => quadsMessage(parts, DATA_INTEGRITY_CONTEXT),
  },
  { name: 'eddsa-jcs-2022', curves: ['Ed25519'], message: jcsMessage },
  {
    name: 'Ed25519Signature2020',
    curves: ['Ed25519'],
    message: (parts) => quadsMessage(parts, ED25519_2020_CONTEXT),
  },
]

/** The suite that a proof names; undefined for every other, which is never passed. */
export function suiteOf(proof: JsonObject): ProofSuite | undefined {
  const name = proof['type'] === 'DataIntegrityProof' ? proof['cryptosuite'] : proof['type']
  const suite = SUITES.find((known) => known.name === name)
  // The older suite is a type of its own, the newer ones are not.
  return (suite?.name === 'Ed25519Signature2020') === (proof['type'] === 'DataIntegrityProof')
    ? undefined
    : suite
}

/** Hash of the canonical proof options and hash of the canonical document (vc-di-eddsa 1.0, section 3.2). */
async function quadsMessage(
  { document, proof, key, documentLoader }: ProofParts,
  suiteContext: string,
): Promise<Message> {
  const disguise = disguiseIn(document) ?? disguiseIn(proof)
  if (disguise !== undefined) return { ok: false, detail: `The document ${disguise}.` }
  const options = { ...without(proof, 'proofValue'), '@context': proofContext(document, suiteContext) }
  const canonicalProof = await canonicalQuads(options, documentLoader)
  if (!canonicalProof.ok) return refused('proof', canonicalProof.fault)
  const canonicalDocument = await canonicalQuads(document, documentLoader)
  if (!canonicalDocument.ok) return refused('document', canonicalDocument.fault)
  const hash = key.curve === 'P-384' ? sha384 : sha256
  return { ok: true, bytes: concat(hash(utf8(canonicalProof.quads)), hash(utf8(canonicalDocument.quads))) }
}

function refused(what: 'proof' | 'document', { code, message }: CredentialFault): Message {
  const detail = `The ${what} ${message}.`
  return code === 'canonicalisation-too-slow' ? { ok: false, code, detail } : { ok: false, detail }
}

/** The same over JCS (vc-di-eddsa 1.0, section 3.3); the context of the proof is the beginning of the document's. */
async function jcsMessage({ document, proof }: ProofParts): Promise<Message> {
  const options = without(proof, 'proofValue')
  const context = options['@context']
  if (context !== undefined && !startsWith(document['@context'], context)) {
    return { ok: false, detail: 'The contexts of the proof are not the first ones of the document.' }
  }
  return {
    ok: true,
    bytes: concat(sha256(utf8(canonicalJson(options))), sha256(utf8(canonicalJson(document)))),
  }
}

/** A proof is read with the contexts of its document, and with that of its suite where they lack it. */
export function proofContext(document: JsonObject, suiteContext: string): JsonObject[string] {
  const own = document['@context'] ?? []
  const contexts = isJsonArray(own) ? own : [own]
  const covered =
    contexts.includes(suiteContext) ||
    (suiteContext === DATA_INTEGRITY_CONTEXT && contexts.includes(VC_2_CONTEXT))
  return covered ? own : [...contexts, suiteContext]
}

function startsWith(whole: JsonObject[string] | undefined, part: JsonObject[string]): boolean {
  const list = (value: JsonObject[string]) => (isJsonArray(value) ? value : [value])
  const [of, begin] = [list(whole ?? []), list(part)]
  return begin.every((context, at) => canonicalJson(context) === canonicalJson(of[at] ?? null))
}

export function without(object: JsonObject, name: string): JsonObject {
  const { [name]: _left, ...rest } = object
  return rest
}
