import { didOfMethod } from '#engine/credentials/did-web.ts'
import { canonicalJson } from '#engine/shared/canonical-json.ts'
import { isJsonArray, isJsonObject, type Json, type JsonObject } from '#engine/shared/json.ts'
import { listOf } from '#engine/shared/list-of.ts'

export type EndorsementFaultCode =
  | 'endorsement-unsigned'
  | 'endorsement-wrong-key'
  | 'endorsement-wrong-target'
  | 'endorsement-wrong-digest'
  | 'endorsement-altered'

export interface EndorsementFault {
  readonly code: EndorsementFaultCode
  /** The members that differ, or the DID that signed. */
  readonly detail: string
}

/** Each proof costs a canonicalisation of its own; more than these add nothing but work. */
const MOST_PROOFS = 4

/**
 * Holds a signed endorsement against what the endorser was asked to sign: the same document to the last member,
 * with a proof by the expected issuer added. Undefined when it is. Says nothing of the signature itself.
 */
export function checkEndorsement(unsigned: JsonObject, submitted: JsonObject): EndorsementFault | undefined {
  const { proof, ...document } = submitted
  const proofs = proofsOf(proof)
  if (proofs.length === 0) return { code: 'endorsement-unsigned', detail: 'proof' }

  return checkSigned(unsigned, document, {
    signers: proofs.map(signerOf),
    added: [
      ...(proofs.length > MOST_PROOFS ? ['proof'] : []),
      ...(proofs.some((each) => hasOtherContexts(each, document['@context'])) ? ['proof.@context'] : []),
    ],
  })
}

/**
 * The same of a token, of which the payload is the document (VC-JOSE-COSE, section 3.1.1), perhaps with what it says again
 * as registered claims. Others would say something that the endorser was not asked: for whom it is, until when. It stands in
 * badges letter by letter, so its header holds nothing but what it is read with, and the whole is not much longer than it
 * must be.
 */
export function checkEndorsementToken(
  unsigned: JsonObject,
  token: string,
  { credential, header, claims }: TokenParts,
): EndorsementFault | undefined {
  const { kid } = header
  // One that is no DID names a key of the issuer, and is looked for there.
  const signer =
    typeof kid === 'string' && kid.startsWith('did:') ? didOfMethod(kid) : idOf(unsigned['issuer'])
  const repeated = unsigned['validUntil'] === undefined ? CLAIMS : [...CLAIMS, 'exp']
  const added = [
    ...Object.keys(claims).filter((name) => !Object.hasOwn(credential, name) && !repeated.includes(name)),
    ...Object.keys(header)
      .filter((name) => !isOfHeader(name, header[name] ?? null))
      .map((name) => `header.${name}`),
    ...(token.length > longestToken(unsigned) ? ['length'] : []),
  ]
  return checkSigned(unsigned, credential, { signers: [signer], added })
}

/** VC-JOSE-COSE, section 3.1.1, and Open Badges 3.0, section 8.2.3. */
function isOfHeader(name: string, value: Json): boolean {
  const kind = typeof value === 'string' ? value.toLowerCase().replace(/^application\//, '') : ''
  if (name === 'typ') return kind === 'vc+jwt' || kind === 'jwt'
  return name === 'cty' ? kind === 'vc' : name === 'alg' || name === 'kid'
}

/** Letters of a header, of the claims that repeat something, and of the longest signature. */
const BESIDE_THE_DOCUMENT = 2048

/** Of a token with this document, which may be written with escapes for whatever is not ASCII, and with spaces. */
const longestToken = (unsigned: JsonObject): number =>
  2 * canonicalJson(unsigned).replaceAll(/[^ -~]/g, '\\uffff').length + BESIDE_THE_DOCUMENT

/** What a compact JWS carries, before any of it is trusted. */
interface TokenParts {
  readonly credential: JsonObject
  readonly header: JsonObject
  readonly claims: JsonObject
}

const CLAIMS = ['iss', 'sub', 'jti', 'nbf', 'iat']

/** `added`: what is there besides the document that was asked. */
function checkSigned(
  unsigned: JsonObject,
  document: JsonObject,
  {
    signers,
    added,
  }: { readonly signers: readonly (string | undefined)[]; readonly added: readonly string[] },
): EndorsementFault | undefined {
  // Who signed comes first: a stranger's document is no altered version of ours.
  const expected = idOf(unsigned['issuer'])
  const all = [idOf(document['issuer']), ...signers]
  const stranger = all.find((signer) => signer !== expected)
  if (stranger !== undefined || all.includes(undefined)) {
    return { code: 'endorsement-wrong-key', detail: stranger ?? 'no DID' }
  }
  if (idOf(document['credentialSubject']) !== idOf(unsigned['credentialSubject'])) {
    return { code: 'endorsement-wrong-target', detail: 'credentialSubject.id' }
  }
  if (differs(unsigned['relatedResource'], document['relatedResource'])) {
    return { code: 'endorsement-wrong-digest', detail: 'relatedResource' }
  }
  const names = new Set([...Object.keys(unsigned), ...Object.keys(document)])
  const altered = [...[...names].filter((name) => differs(unsigned[name], document[name])), ...added]
  return altered.length === 0 ? undefined : { code: 'endorsement-altered', detail: altered.sort().join(', ') }
}

/**
 * Whether a proof has contexts that are not those of its document. A JCS suite keeps these in it, or the first of them; an
 * RDFC suite covers none that stands there, so whatever it says would be added to what was asked.
 */
function hasOtherContexts(proof: Json, contexts: Json | undefined): boolean {
  const own = isJsonObject(proof) ? proof['@context'] : undefined
  if (own === undefined) return false
  const expected = listOf(contexts)
  return listOf(own).some((context, at) => differs(context, expected[at]))
}

function differs(a: Json | undefined, b: Json | undefined): boolean {
  if (a === undefined || b === undefined) return a !== b
  return canonicalJson(a) !== canonicalJson(b)
}

function proofsOf(proof: Json | undefined): readonly Json[] {
  if (proof === undefined) return []
  return isJsonArray(proof) ? proof : [proof]
}

function signerOf(proof: Json): string | undefined {
  const method = isJsonObject(proof) ? proof['verificationMethod'] : undefined
  return typeof method === 'string' ? didOfMethod(method) : undefined
}

function idOf(value: Json | undefined): string | undefined {
  if (typeof value === 'string') return value
  const id = isJsonObject(value) ? value['id'] : undefined
  return typeof id === 'string' ? id : undefined
}
