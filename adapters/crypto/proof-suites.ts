import { mandatoryPointersOf } from '#engine/credentials/mandatory-pointers.ts'
import type { CredentialFault } from '#engine/credentials/prepared-credential.ts'
import { concat } from '#engine/shared/bytes.ts'
import { canonicalJson } from '#engine/shared/canonical-json.ts'
import { isJsonArray, type JsonObject } from '#engine/shared/json.ts'
import type { SigningSuite, SignOptions } from '#services/ports/sign-options.ts'
import { canonicalQuads } from './canonical-quads.ts'
import { readDisclosureValue } from './disclosure-value.ts'
import type { DocumentLoader } from './document-loader.ts'
import { fromBase64Url, fromMultibase, toMultibase } from './multibase.ts'
import { disguiseIn } from './plain-form.ts'
import { isSignedBy, type PublicKey } from './public-key.ts'
import { type CanonicalForm, hashFor, type SecuredDocument } from './secured-document.ts'
import { checkDisclosure, type DisclosureFault, makeBaseValue } from './selective-disclosure.ts'

export const DATA_INTEGRITY_CONTEXT = 'https://w3id.org/security/data-integrity/v2'
const ED25519_2020_CONTEXT = 'https://w3id.org/security/suites/ed25519-2020/v1'
const VC_2_CONTEXT = 'https://www.w3.org/ns/credentials/v2'

/** One way to make and to check a proof: which keys it takes, how its value is written, what the signature covers. */
export interface ProofSuite {
  readonly name: string
  readonly curves: readonly PublicKey['curve'][]
  /** Reads `proofValue`; undefined when it is not written as this suite has it. */
  readValue(proofValue: string): Uint8Array | undefined
  check(parts: ProofParts, value: Uint8Array): Promise<ProofCheck>
  /** Makes the proof whole: adds its value, and what else the suite puts into it. */
  make(parts: ProofParts, sign: Sign, options: SignOptions): Promise<MadeProof>
}

type Sign = (message: Uint8Array) => Promise<Uint8Array>

export interface ProofParts {
  readonly secured: SecuredDocument
  readonly proof: JsonObject
  readonly key: PublicKey
  readonly documentLoader: DocumentLoader
  /** Takes a proof of which others are to be derived. */
  readonly takesBaseProofs?: boolean | undefined
}

export type ProofCheck =
  /** `disclosure`: parts of what was signed may have been left out. */
  | { readonly ok: true; readonly disclosure?: true }
  | {
      readonly ok: false
      readonly code:
        | 'json-ld-refused'
        | 'proof-signature-wrong'
        | 'proof-value-malformed'
        | 'proof-is-base'
        | 'canonicalisation-too-slow'
      readonly detail: string
    }

export type MadeProof =
  | { readonly ok: true; readonly proof: JsonObject }
  | {
      readonly ok: false
      readonly code?: DisclosureFault['code'] | 'canonicalisation-too-slow'
      readonly detail: string
    }

/** What is signed: the hash of the canonical options of the proof and behind it that of the canonical document. */
interface Message {
  readonly ok: true
  readonly options: string
  readonly form: CanonicalForm
}

interface Refusal {
  readonly ok: false
  readonly detail: string
  readonly code?: 'canonicalisation-too-slow'
}

type MessageOf = (parts: ProofParts) => Promise<Message | Refusal>

/** Longer texts are hashed where they are, once for all proofs of a document. */
const LONGEST_TEXTS = 8192

/** A suite with one signature over the bytes of one message. `finish` adds what it keeps in its proofs. */
const overMessage = (
  name: string,
  curves: ProofSuite['curves'],
  messageOf: MessageOf,
  finish: (parts: ProofParts) => JsonObject = ({ proof }) => proof,
): ProofSuite => ({
  name,
  curves,
  readValue: (proofValue) => (proofValue.startsWith('z') ? fromMultibase(proofValue) : undefined),
  check: async (parts, value) => {
    const message = await messageOf(parts)
    const signed = message.ok ? await isSigned(parts, message, value) : message
    if (!signed.ok) return { code: 'json-ld-refused', ...signed }
    if (signed.holds) return { ok: true }
    const detail = 'The signature does not fit the document: one of the two was changed.'
    return { ok: false, code: 'proof-signature-wrong', detail }
  },
  make: async (parts, sign) => {
    const proof = finish(parts)
    const message = await messageOf({ ...parts, proof })
    const hashed = message.ok ? await bytesOf(parts, message) : message
    if (!hashed.ok) return hashed
    return { ok: true, proof: { ...proof, proofValue: toMultibase(await sign(hashed.bytes)) } }
  },
})

async function bytesOf(
  { secured, key, documentLoader }: ProofParts,
  { options, form }: Message,
): Promise<{ readonly ok: true; readonly bytes: Uint8Array } | Refusal> {
  const document = await secured.hashOf(form, key.curve)
  if (!document.ok) return refused('document', document.fault)
  return { ok: true, bytes: concat(hashFor(key.curve, documentLoader).bytes(options), document.hash) }
}

async function isSigned(
  parts: ProofParts,
  message: Message,
  value: Uint8Array,
): Promise<{ readonly ok: true; readonly holds: boolean } | Refusal> {
  const { key, secured } = parts
  const { verifyEd25519, verifyTextsByEd25519 } = parts.documentLoader.means
  if (key.curve === 'Ed25519' && verifyTextsByEd25519 !== undefined) {
    const document = await secured.canonical(message.form)
    if (!document.ok) return refused('document', document.fault)
    const texts = [message.options, document.quads] as const
    if (texts[0].length + texts[1].length <= LONGEST_TEXTS)
      return { ok: true, holds: await verifyTextsByEd25519(value, texts, key.bytes) }
  }
  const hashed = await bytesOf(parts, message)
  if (!hashed.ok) return hashed
  return { ok: true, holds: await isSignedBy(key, value, hashed.bytes, verifyEd25519) }
}

const dataIntegrityQuads: MessageOf = (parts) => quadsMessage(parts, DATA_INTEGRITY_CONTEXT)
const ed25519Quads: MessageOf = (parts) => quadsMessage(parts, ED25519_2020_CONTEXT)

const SUITES: readonly ProofSuite[] = [
  overMessage('eddsa-rdfc-2022', ['Ed25519'], dataIntegrityQuads),
  overMessage('ecdsa-rdfc-2019', ['P-256', 'P-384'], dataIntegrityQuads),
  overMessage('eddsa-jcs-2022', ['Ed25519'], jcsMessage, withContext),
  overMessage('ecdsa-jcs-2019', ['P-256', 'P-384'], jcsMessage, withContext),
  overMessage('Ed25519Signature2020', ['Ed25519'], ed25519Quads),
  {
    name: 'ecdsa-sd-2023',
    curves: ['P-256'],
    readValue: (proofValue) => (proofValue.startsWith('u') ? fromBase64Url(proofValue.slice(1)) : undefined),
    check: async (parts, bytes) => {
      const value = readDisclosureValue(bytes)
      if (value === undefined) {
        const detail = 'The value of the proof is not written as the suite has it.'
        return { ok: false, code: 'proof-value-malformed', detail }
      }
      if (value.kind === 'base' && parts.takesBaseProofs !== true) {
        const detail =
          'The proof is the base proof, which its holder keeps: verifiers are shown what is derived of it.'
        return { ok: false, code: 'proof-is-base', detail }
      }
      const signed = await proofQuads(parts, DATA_INTEGRITY_CONTEXT)
      if (!signed.ok) return { code: 'json-ld-refused', ...signed }
      const { documentLoader, key } = parts
      const { document } = parts.secured
      const checked = await checkDisclosure(
        { document, documentLoader, proofQuads: signed.quads },
        value,
        key,
      )
      if (checked.ok) return value.kind === 'derived' ? { ok: true, disclosure: true } : checked
      if (checked.code !== 'pointers-refused') return checked as ProofCheck
      return { ...checked, code: 'proof-signature-wrong' }
    },
    make: async (parts, sign, options) => {
      const { documentLoader } = parts
      const { document } = parts.secured
      const { mandatoryPointers = mandatoryPointersOf(document) } = options
      const signed = await proofQuads(parts, DATA_INTEGRITY_CONTEXT)
      if (!signed.ok) return signed
      const whole = { document, documentLoader, proofQuads: signed.quads }
      const made = await makeBaseValue(whole, mandatoryPointers, sign)
      return made.ok ? { ok: true, proof: { ...parts.proof, proofValue: made.value } } : made
    },
  },
]

/** The suite of Data Integrity with this name. */
export const suiteNamed = (name: SigningSuite): ProofSuite | undefined =>
  SUITES.find((suite) => suite.name === name)

/** The suite that a proof names; undefined for every other, which is never passed. */
export function suiteOf(proof: JsonObject): ProofSuite | undefined {
  const name = proof['type'] === 'DataIntegrityProof' ? proof['cryptosuite'] : proof['type']
  const suite = SUITES.find((known) => known.name === name)
  // The older suite is a type of its own, the newer ones are not.
  return (suite?.name === 'Ed25519Signature2020') === (proof['type'] === 'DataIntegrityProof')
    ? undefined
    : suite
}

/** Whether it is the name of a suite whose proofs are of the type `DataIntegrityProof`. */
export const isDataIntegritySuite = (name: unknown): boolean =>
  SUITES.some((known) => known.name === name && known.name !== 'Ed25519Signature2020')

/** Over canonical quads (vc-di-eddsa 1.0, section 3.2). */
async function quadsMessage(parts: ProofParts, suiteContext: string): Promise<Message | Refusal> {
  const canonicalProof = await proofQuads(parts, suiteContext)
  return canonicalProof.ok ? { ok: true, options: canonicalProof.quads, form: 'quads' } : canonicalProof
}

function refused(what: 'proof' | 'document', { code, message }: CredentialFault): Refusal {
  const detail = `The ${what} ${message}.`
  return code === 'canonicalisation-too-slow' ? { ok: false, code, detail } : { ok: false, detail }
}

/** The canonical options of a proof, once it and its document are in plain form. */
async function proofQuads(
  { secured, proof, documentLoader }: ProofParts,
  suiteContext: string,
): Promise<{ readonly ok: true; readonly quads: string } | Refusal> {
  const { document } = secured
  const disguise = secured.disguise() ?? disguiseOfProof(proof, document)
  if (disguise !== undefined) return { ok: false, detail: `The document ${disguise}.` }
  const options = { ...without(proof, 'proofValue'), '@context': proofContext(document, suiteContext) }
  const canonical = await canonicalQuads(options, documentLoader)
  return canonical.ok ? canonical : refused('proof', canonical.fault)
}

/** The same over JCS (vc-di-eddsa 1.0, section 3.3); the context of the proof is the beginning of the document's. */
async function jcsMessage({ secured, proof }: ProofParts): Promise<Message | Refusal> {
  const { document } = secured
  // Other verifiers read it as JSON-LD: in a context of its own, a name would mean something else to them.
  const disguise = secured.disguise() ?? disguiseOfProof(proof, document)
  if (disguise !== undefined) return { ok: false, detail: `The document ${disguise}.` }
  const options = without(proof, 'proofValue')
  const context = options['@context']
  if (context !== undefined && !startsWith(document['@context'], context)) {
    return { ok: false, detail: 'The contexts of the proof are not the first ones of the document.' }
  }
  return { ok: true, options: canonicalJson(options), form: 'json' }
}

/**
 * In which way a proof is not in plain form. An RDFC suite puts the contexts of the document in the place of the proof's own
 * (vc-di-eddsa 1.0, section 3.2.5), so its signature does not cover these: none may be written out in it that the document lacks.
 */
export function disguiseOfProof(proof: JsonObject, document: JsonObject): string | undefined {
  const { '@context': own } = proof
  const foreign = own !== undefined && !startsWith(document['@context'], own) ? own : []
  const isWritten = (isJsonArray(foreign) ? foreign : [foreign]).some((each) => typeof each !== 'string')
  return isWritten ? 'has a proof with a context of its own' : disguiseIn(proof)
}

/** A JCS suite keeps the contexts of the document in its proof. */
function withContext({ secured, proof }: ProofParts): JsonObject {
  const context = secured.document['@context']
  return context === undefined ? proof : { '@context': context, ...proof }
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
