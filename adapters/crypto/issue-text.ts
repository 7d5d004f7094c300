import { type TextRules, textRulesOf } from '#engine/credentials/data-model/text-rules.ts'
import { credentialBytes } from '#engine/credentials/prepared-credential.ts'
import { concat, equalBytes, utf8 } from '#engine/shared/bytes.ts'
import { canonicalJson } from '#engine/shared/canonical-json.ts'
import type { Hash } from '#engine/shared/hash.ts'
import type { Instant } from '#engine/shared/instant.ts'
import { isJsonArray, isJsonObject, type Json, type JsonObject } from '#engine/shared/json.ts'
import type { CredentialSuite, Issuing } from '#services/ports/credential-suite.ts'
import type { SigningKey } from '#services/ports/key-store.ts'
import { isKnownPlain, knownDisguise } from './known-forms.ts'
import type { KnownSchemaFaults } from './known-schema-faults.ts'
import { proofsOf } from './proof-set.ts'
import { type KnownShape, marksOf, type QuadTemplates, type Recognised } from './quad-templates.ts'
import type { MadeProof, SignByTemplate } from './sign-by-template.ts'
import type { TextHash } from './text-hash.ts'
import { type TextTemplate, textTemplateOf } from './text-template.ts'

export interface IssueTextNeeds {
  readonly templates: QuadTemplates
  readonly schemaFaults: KnownSchemaFaults
  readonly signer: () => Promise<SignByTemplate>
  readonly hash: TextHash
  readonly sha256: Hash
  /** The full way. */
  readonly prepare: CredentialSuite['prepare']
  readonly sign: CredentialSuite['sign']
}

/** A shape of which at least one document was checked in full, found without fault, and signed. */
interface KnownText {
  readonly known: KnownShape
  readonly template: TextTemplate
  readonly rules: TextRules
  readonly urls: readonly number[]
  readonly context: Json
  readonly hasProofArray: boolean
}

/** The ones used last come first; a document that has none of them is read as JSON, and known by its achievement. */
const MOST_TEXTS = 32

/**
 * Issues from bytes to bytes: checks a document that is written as JCS, signs it, and answers what is stored. Of a shape
 * that is known (see `quad-templates.ts`) the text is neither parsed nor written anew, and of the checks those questions are asked
 * whose answer depends on what stands in the gaps. Whatever is not certain goes the full way.
 */
export function createIssueText(needs: IssueTextNeeds): CredentialSuite['issue'] {
  const { templates, schemaFaults, hash, sha256 } = needs
  const decoder = new TextDecoder()
  const texts: KnownText[] = []

  const recognise = (text: string): { readonly of: KnownText; readonly found: Found } | undefined => {
    for (let at = 0; at < texts.length; at++) {
      const of = texts[at] as KnownText
      const read = of.template.read(text)
      if (read === undefined) continue
      if (at > 0) texts.unshift(...texts.splice(at, 1))
      const found = { known: of.known, ...read }
      return keepsToRules(of, found) ? { of, found } : undefined
    }
    return undefined
  }

  const keepsToRules = ({ rules, urls }: KnownText, found: Found): boolean =>
    rules(found.texts) &&
    urls.every((gap) => URL.canParse(found.texts[gap] ?? '')) &&
    schemaFaults.hasNone(found)

  const quick = async (
    unsigned: Uint8Array,
    text: string,
    key: SigningKey,
    created: Instant,
  ): Promise<Uint8Array | undefined> => {
    const recognised = recognise(text)
    if (recognised === undefined) return undefined
    const { of, found } = recognised
    if (!isKnownPlain(found)) return undefined
    const quads = templates.fill(found)
    if (quads === undefined) return undefined
    const document = { context: of.context, hash: hash.bytes(quads) }
    const member = memberOf(await (await needs.signer()).prove(document, key, created), of.hasProofArray)
    // Where each character is one byte, places are the same in both. A byte that is none of UTF-8 was replaced.
    return text.length === unsigned.length && !text.includes('\ufffd')
      ? concat(unsigned.subarray(0, found.cut), utf8(member), unsigned.subarray(found.cut))
      : utf8(text.slice(0, found.cut) + member + text.slice(found.cut))
  }

  const inFull = async (text: string, key: SigningKey, created: Instant): Promise<Issuing> => {
    const document = JSON.parse(text) as JsonObject
    const prepared = await needs.prepare(document)
    if (!prepared.ok) return prepared
    const signed = await needs.sign(prepared.prepared, key, created)
    const bytes = credentialBytes(signed)
    if (key.curve === 'Ed25519') learn(text, document, signed, bytes)
    return { ok: true, signed: bytes, digest: sha256(bytes) }
  }

  /** Keeps how the documents of a shape are written once that comes to what the full way gave. */
  const learn = (text: string, document: JsonObject, signed: JsonObject, bytes: Uint8Array): void => {
    const found = templates.recognise(document)
    if (found === undefined || texts.some(({ known }) => known === found.known)) return
    if (knownDisguise(document, found) !== undefined) return
    const known = knownTextOf(found, document, isJsonArray(signed['proof'] ?? null))
    const read = known?.template.read(text)
    if (known === undefined || read === undefined || !keepsToRules(known, { ...found, ...read })) return
    const [proof] = proofsOf(signed)
    if (canonicalJson(document) !== text || !isJsonObject(proof) || !isProof(proof)) return
    const spliced = text.slice(0, read.cut) + memberOf(proof, known.hasProofArray) + text.slice(read.cut)
    if (!equalBytes(utf8(spliced), bytes)) return
    texts.unshift(known)
    texts.splice(MOST_TEXTS)
  }

  return async (unsigned, key, created) => {
    const text = decoder.decode(unsigned)
    const bytes = key.curve === 'Ed25519' ? await quick(unsigned, text, key, created) : undefined
    if (bytes === undefined) return inFull(text, key, created)
    return { ok: true, signed: bytes, digest: sha256(bytes) }
  }
}

type Found = Recognised & { readonly cut: number }

function knownTextOf(
  { known }: Recognised,
  document: JsonObject,
  hasProofArray: boolean,
): KnownText | undefined {
  const { shape, gaps } = known
  const template = textTemplateOf(shape, { gaps, marks: marksOf(gaps) })
  if (template === undefined) return undefined
  return {
    known,
    template,
    rules: textRulesOf(gaps.map(({ path }) => path)),
    urls: gaps.flatMap(({ of }, gap) => (of === 'iri' ? [gap] : [])),
    context: document['@context'] ?? [],
    hasProofArray,
  }
}

/** The member `proof` as JCS writes it, with the comma behind it. */
function memberOf(proof: MadeProof, inArray: boolean): string {
  const { created, cryptosuite, proofPurpose, proofValue, type, verificationMethod } = proof
  const text = JSON.stringify({ created, cryptosuite, proofPurpose, proofValue, type, verificationMethod })
  return inArray ? `"proof":[${text}],` : `"proof":${text},`
}

const isProof = (proof: JsonObject): proof is JsonObject & MadeProof =>
  ['created', 'cryptosuite', 'proofPurpose', 'proofValue', 'type', 'verificationMethod'].every(
    (name) => typeof proof[name] === 'string',
  )
