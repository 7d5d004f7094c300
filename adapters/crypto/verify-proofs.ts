import { asInstant, formatInstant, type Instant, parseInstant } from '#engine/shared/instant.ts'
import { isJsonObject, type Json, type JsonObject, printJson } from '#engine/shared/json.ts'
import type {
  ProofDoubt,
  ProofFailure,
  ProofFinding,
  ProofPurpose,
} from '#engine/verification/proof-finding.ts'
import type { MethodFinding, RecordedWindow, ResolveMethod } from '#services/ports/credential-suite.ts'
import type { ProofExpectation } from '#services/ports/proof-expectation.ts'
import type { DocumentLoader } from './document-loader.ts'
import { nextTurn } from './next-turn.ts'
import { proofsOf, securedBy } from './proof-set.ts'
import { isDataIntegritySuite, suiteOf } from './proof-suites.ts'
import { readPublicKey } from './public-key.ts'
import { type SecuredDocument, secureDocument } from './secured-document.ts'

/** More proofs than this on one document is an attack on our time. */
const MAX_PROOFS = 8

/** How far clocks may be apart. */
const CLOCK_SKEW_MS = 10 * 60 * 1000

/**
 * Checks every proof of a document by itself and reports on each, in order.
 * The caller decides that all must hold; a library that is content with one good proof of two is not.
 */
export async function verifyProofs(
  {
    document,
    secured: bare,
  }: {
    readonly document: JsonObject
    /** The same without proofs. */
    readonly secured: SecuredDocument
  },
  resolve: ResolveMethod,
  now: Instant,
  documentLoader: DocumentLoader,
  expected: ProofExpectation = {},
): Promise<readonly ProofFinding[]> {
  const proofs = proofsOf(document)
  if (proofs.length === 0) return [failed('proof-missing', 'The document has no proof.')]
  if (proofs.length > MAX_PROOFS)
    return [failed('proof-malformed', `The document has more than ${MAX_PROOFS} proofs.`)]
  const findings: ProofFinding[] = []
  for (const [at, proof] of proofs.entries()) {
    if (at > 0) await nextTurn()
    findings.push(
      isJsonObject(proof)
        ? await verifyProof({ bare, proofs, proof, resolve, now, documentLoader, expected })
        : failed('proof-malformed', 'A proof is not an object.'),
    )
  }
  return findings
}

interface Question {
  readonly bare: SecuredDocument
  readonly proofs: readonly Json[]
  readonly proof: JsonObject
  readonly resolve: ResolveMethod
  readonly now: Instant
  readonly documentLoader: DocumentLoader
  readonly expected: ProofExpectation
}

async function verifyProof({
  bare,
  proofs,
  proof,
  resolve,
  now,
  documentLoader,
  expected,
}: Question): Promise<ProofFinding> {
  // 1. What the proof says of itself.
  if (typeof proof['type'] !== 'string')
    return failed('proof-malformed', 'The proof does not say of what type it is.')
  if (proof['type'] === 'DataIntegrityProof' && typeof proof['cryptosuite'] !== 'string') {
    return failed('proof-malformed', 'The proof names no cryptosuite.')
  }
  const suite = suiteOf(proof)
  if (suite === undefined) {
    // Each of these suites asks for this type (vc-di-eddsa 1.0, section 2.2.1), so another one is a fault of the proof and no doubt of ours.
    if (isDataIntegritySuite(proof['cryptosuite']))
      return failed(
        'proof-malformed',
        `A proof of ${suiteName(proof)} must be of the type DataIntegrityProof.`,
      )
    return unknown('proof-suite-unsupported', `This verifier does not know the suite ${suiteName(proof)}.`)
  }
  const { purpose = 'assertionMethod' } = expected
  if (proof['proofPurpose'] !== purpose)
    return failed('proof-purpose-wrong', `The proof is not made for ${purpose}.`)
  const addressed = checkAddressee(proof, expected)
  if (addressed !== undefined) return addressed
  const dates = checkDates(proof, now)
  if (dates.kind === 'wrong') return dates.finding
  const verificationMethod = proof['verificationMethod']
  if (typeof verificationMethod !== 'string' || verificationMethod.endsWith('#'))
    return failed('proof-malformed', 'The proof names no key.')
  const { proofValue } = proof
  const value = typeof proofValue === 'string' ? suite.readValue(proofValue) : undefined
  if (value === undefined)
    return failed('proof-value-malformed', `The value of the proof is not written as ${suite.name} has it.`)
  const secured = securedBy(proof, proofs, bare, (document) => secureDocument(document, documentLoader))
  if (secured === undefined)
    return failed('proof-chain-broken', 'The proof builds on another that is not there, or on itself.')

  // 2. The key, from the issuer and never from the document.
  const found = await resolve(verificationMethod)
  const key = usableKey(found, verificationMethod, dates.created ?? signedNoLaterThan(found) ?? now, purpose)
  if (key.kind === 'no') return key.finding
  if (!suite.curves.includes(key.key.curve)) {
    return failed('proof-key-unusable', `The key ${verificationMethod} is not one for ${suite.name}.`)
  }

  // 3. The signature.
  const { takesBaseProofs } = expected
  const parts = { secured, proof, key: key.key, documentLoader, takesBaseProofs }
  const check = await suite.check(parts, value)
  if (!check.ok) {
    const { code, detail } = check
    return code === 'canonicalisation-too-slow' ? unknown(code, detail) : failed(code, detail)
  }
  const compromised = compromisedSince(found)
  return {
    outcome: 'passed',
    verificationMethod,
    suite: suite.name,
    ...(check.disclosure === undefined ? {} : { disclosure: check.disclosure }),
    ...(witnessedAt(found) === undefined ? {} : { recorded: true as const }),
    ...(compromised === undefined ? {} : { compromisedSince: compromised }),
    ...(dates.created === undefined ? {} : { created: dates.created }),
  }
}

type UsableKey =
  | { readonly kind: 'yes'; readonly key: NonNullable<ReturnType<typeof readPublicKey>> }
  | { readonly kind: 'no'; readonly finding: ProofFinding }

type UsableMethod =
  | { readonly kind: 'yes'; readonly method: (MethodFinding & { readonly kind: 'found' })['method'] }
  | { readonly kind: 'no'; readonly finding: ProofFinding }

/** What a resolved key may be used for, at the time of the signature. */
export function usableKey(
  found: MethodFinding,
  name: string,
  at: Instant,
  purpose?: ProofPurpose,
): UsableKey {
  const usable = usableMethod(found, name, at, purpose)
  if (usable.kind === 'no') return usable
  const key = readPublicKey(usable.method)
  return key === undefined
    ? { kind: 'no', finding: failed('proof-key-unusable', `The key ${name} cannot be read.`) }
    : { kind: 'yes', key }
}

/** Whether a verification method counts, whatever kind of key it holds. Shared by proofs and tokens. */
export function usableMethod(
  found: MethodFinding,
  name: string,
  at: Instant,
  purpose: ProofPurpose = 'assertionMethod',
): UsableMethod {
  const no = (finding: ProofFinding): UsableMethod => ({ kind: 'no', finding })
  switch (found.kind) {
    case 'not-of-issuer':
      return no(failed('proof-key-not-of-issuer', `The key ${name} does not belong to the issuer.`))
    case 'not-found':
      return no(failed('proof-key-unknown', `The issuer does not publish the key ${name}.`))
    case 'unavailable':
      return no(unknown('issuer-unavailable', 'The keys of the issuer could not be fetched.'))
    case 'not-recorded':
      return no(
        unknown(
          'proof-key-unrecorded',
          `The issuer's site does not tell its keys, and the chain does not record ${name} among them.`,
        ),
      )
    case 'found': {
      const { method, forAssertion, forAuthentication = false, recorded } = found
      const outside = recorded === undefined ? undefined : outsideWindow(recorded, name, at)
      if (outside !== undefined) return no(outside)
      // A witness speaks against the thief of a key, not for a key that had ended anyway.
      const ends = found.witness === undefined ? [method.revoked, method.expires] : [method.expires]
      for (const end of ends) {
        if (end !== undefined && at >= (parseInstant(end) ?? 0)) {
          return no(failed('proof-key-revoked', `The key ${name} counts for nothing since ${end}.`))
        }
      }
      if (found.witness !== undefined) return compromisedMethod(found, name, at)
      if (purpose === 'authentication' && !forAuthentication)
        return no(failed('proof-key-not-for-authentication', `${name} is no key to present with.`))
      if (purpose === 'assertionMethod' && !forAssertion)
        return no(failed('proof-key-not-for-assertion', `The issuer does not let ${name} sign credentials.`))
      return { kind: 'yes', method }
    }
  }
}

/** When a document whose key a chain records was anchored: it was signed no later than that. */
export const witnessedAt = (found: MethodFinding): Instant | undefined =>
  found.kind === 'found' ? found.recorded?.anchoredAt : undefined

/** What was signed no later than a block holds it, where one was looked for. */
export const signedNoLaterThan = (found: MethodFinding): Instant | undefined =>
  found.kind === 'found' && found.witness?.kind === 'anchored' ? found.witness.at : witnessedAt(found)

/** Since when the key of a proof that passed is compromised, where it is. */
export const compromisedSince = (found: MethodFinding): Instant | undefined =>
  found.kind === 'found' && found.witness !== undefined ? parseInstant(found.method.revoked ?? '') : undefined

/** Under a compromised key only that counts which a block held before it was. */
function compromisedMethod(
  { method, witness }: MethodFinding & { readonly kind: 'found' },
  name: string,
  at: Instant,
): UsableMethod {
  const since = parseInstant(method.revoked ?? '') ?? 0
  const ended = `The key ${name} counts for nothing since ${method.revoked}`
  if (at < since && witness?.kind === 'anchored' && witness.at < since) return { kind: 'yes', method }
  if (at < since && witness?.kind === 'unavailable') {
    const detail = `${ended}, and the chain that may have held the document before does not answer.`
    return { kind: 'no', finding: unknown('proof-key-unwitnessed', detail) }
  }
  const detail = `${ended}, and no block is known to have held the document before.`
  return { kind: 'no', finding: failed('proof-key-revoked', detail) }
}

/**
 * A recorded key must have counted when the proof says that it was made, and when the document was anchored: the first
 * is the word of whoever held the key, and only the second has a witness.
 */
function outsideWindow(
  { validFrom, validUntil, anchoredAt }: RecordedWindow,
  name: string,
  at: Instant,
): ProofFinding | undefined {
  if (at >= validUntil) {
    const end = formatInstant(validUntil)
    return failed(
      'proof-key-revoked',
      `The key ${name} counts for nothing since ${end}, as recorded on chain.`,
    )
  }
  if (at < validFrom) {
    const start = formatInstant(validFrom)
    return failed('proof-key-not-begun', `The key ${name} counts from ${start} on, as recorded on chain.`)
  }
  if (anchoredAt >= validFrom && anchoredAt < validUntil) return undefined
  const when = formatInstant(anchoredAt)
  return unknown(
    'proof-key-unwitnessed',
    `The document was anchored at ${when}, when the key ${name} did not count: nobody witnessed that it was signed in time.`,
  )
}

/** Data Integrity 1.0, section 4.4: an expected challenge and domain must be those of the proof, exactly. */
function checkAddressee(
  proof: JsonObject,
  { challenge, domain }: ProofExpectation,
): ProofFinding | undefined {
  if (challenge !== undefined && proof['challenge'] !== challenge)
    return failed('proof-challenge-wrong', 'The proof does not answer the challenge of the verifier.')
  if (domain !== undefined && !sameTexts([domain].flat(), [proof['domain'] ?? []].flat()))
    return failed('proof-domain-wrong', 'The proof was made for somebody else than this verifier.')
  return undefined
}

function sameTexts(expected: readonly string[], found: readonly Json[]): boolean {
  const [all, theirs] = [new Set<Json>(expected), new Set(found)]
  return all.size === theirs.size && [...all].every((text) => theirs.has(text))
}

type Dates =
  | { readonly kind: 'fine'; readonly created?: Instant }
  | { readonly kind: 'wrong'; readonly finding: ProofFinding }

function checkDates(proof: JsonObject, now: Instant): Dates {
  const wrong = (code: ProofFailure, detail: string): Dates => ({
    kind: 'wrong',
    finding: failed(code, detail),
  })
  const { created, expires } = proof
  const at = created === undefined ? undefined : readDate(created)
  if (created !== undefined && at === undefined)
    return wrong('proof-created-malformed', 'The date of the proof is no date.')
  if (at !== undefined && at > now + CLOCK_SKEW_MS)
    return wrong('proof-in-future', 'The proof is dated in the future.')
  if (expires !== undefined) {
    const end = readDate(expires)
    if (end === undefined) return wrong('proof-created-malformed', 'The end of the proof is no date.')
    if (end <= now) return wrong('proof-expired', `The proof ended at ${printJson(expires)}.`)
  }
  return at === undefined ? { kind: 'fine' } : { kind: 'fine', created: at }
}

/** A date without a zone is read as UTC: Data Integrity 1.0, section 2.1 lets a processor do so. */
function readDate(value: Json): Instant | undefined {
  if (typeof value !== 'string') return undefined
  const instant = parseInstant(value) ?? parseInstant(`${value}Z`)
  return instant === undefined ? undefined : asInstant(instant)
}

const suiteName = (proof: JsonObject): string => printJson(proof['cryptosuite'] ?? proof['type']).slice(0, 80)

const failed = (code: ProofFailure, detail: string): ProofFinding => ({ outcome: 'failed', code, detail })

const unknown = (code: ProofDoubt, detail: string): ProofFinding => ({
  outcome: 'unknown',
  code,
  detail,
})
