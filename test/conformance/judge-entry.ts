import { unbake } from '#adapters/crypto/unbake.ts'
import { OB_EXTENSIONS_CONTEXT } from '#engine/credentials/contexts.ts'
import { WaarmerkError } from '#engine/errors/define-error.ts'
import { isJsonArray, isJsonObject, type JsonObject } from '#engine/shared/json.ts'
import { verdictOf } from '#engine/verification/judge.ts'
import type { PresentationReport } from '#engine/verification/presentation-report.ts'
import type { Verdict, VerificationReport } from '#engine/verification/verification-report.ts'
import type { CredentialSuite } from '#services/ports/credential-suite.ts'
import { readDocument } from '#services/verify/read-document.ts'
import { createFindDid, keysOf } from '#services/verify/resolve-key.ts'
import type { Verifier } from '#services/verify/verify-credential.ts'
import type { PresentationVerifier } from '#services/verify/verify-presentation.ts'
import type { CorpusEntry } from './corpus.ts'

export interface Judgement {
  readonly verdict: Verdict
  /** The code of what decided it, and what it says. */
  readonly code: string
  readonly detail: string
}

export interface JudgeNeeds {
  readonly verifier: Verifier
  readonly suite: CredentialSuite
  readonly presentations: PresentationVerifier
  readonly now: number
}

/** Asks the product what it makes of a document, by the way that the document is meant to go. */
export async function judgeEntry(
  entry: CorpusEntry,
  bytes: Uint8Array,
  needs: JudgeNeeds,
): Promise<Judgement> {
  const read = await readDocument(bytes, unbake)
  if (!read.ok) return { verdict: 'invalid', code: read.code, detail: read.reason }
  const { document } = read
  if (entry.stage === 'verify')
    return entry.kind === 'vector' ? judgeProofs(document, needs) : judgeSigned(document, needs)
  if (!isJsonObject(document))
    return { verdict: 'invalid', code: 'not-a-credential', detail: 'It is no object.' }
  return entry.stage === 'schema' ? judgeSchema(document, needs) : judgeUnsigned(document, needs)
}

async function judgeSigned(document: JsonObject | string, needs: JudgeNeeds): Promise<Judgement> {
  const { verifier, presentations } = needs
  try {
    return isPresentation(document, needs)
      ? judgePresented(await presentations.verify({ presentation: document }))
      : withoutTrust(await verifier.verify({ document }))
  } catch (error) {
    if (!(error instanceof WaarmerkError)) throw error
    return { verdict: 'invalid', code: error.code, detail: error.message }
  }
}

function isPresentation(document: JsonObject | string, { suite }: JudgeNeeds): boolean {
  if (typeof document !== 'string') return [document['type']].flat().includes('VerifiablePresentation')
  const reading = suite.readJwt(document)
  return reading.ok && reading.holds === 'presentation'
}

/** Its own proof and holder, and each credential in it without the question whether its issuer is known. */
function judgePresented({ checks, credentials }: PresentationReport): Judgement {
  const own = checks.filter(({ name }) => name !== 'credentials')
  const bad =
    own.find(({ outcome }) => outcome === 'failed') ?? own.find(({ outcome }) => outcome === 'unknown')
  if (bad !== undefined)
    return { verdict: bad.outcome === 'failed' ? 'invalid' : 'undecided', code: bad.code, detail: bad.detail }
  const inside = credentials.map(withoutTrust)
  const worst =
    inside.find(({ verdict }) => verdict === 'invalid') ??
    inside.find(({ verdict }) => verdict === 'undecided')
  const detail = `With ${inside.length} credentials.`
  return worst ?? { verdict: 'valid', code: 'presentation-holds', detail }
}

/**
 * The verdict without the question whether the issuer is known. Nobody in the corpus is known to us, so in the product
 * each of these documents is undecided at best; the corpus asks about the document alone.
 */
function withoutTrust({ checks, endorsements }: VerificationReport): Judgement {
  const deciding = checks.filter(({ name }) => name !== 'issuer')
  const verdict = verdictOf(deciding)
  const wanted = { valid: 'passed', invalid: 'failed', undecided: 'unknown' }[verdict]
  const decisive =
    deciding.find(({ outcome, informs }) => outcome === wanted && informs !== true && verdict !== 'valid') ??
    deciding.find(({ name }) => name === 'proof')
  const praise = endorsements.map(
    (each) => ` An endorsement is ${verdictOf(each.checks.filter(({ name }) => name !== 'issuer'))}.`,
  )
  return { verdict, code: decisive?.code ?? '', detail: `${decisive?.detail ?? ''}${praise.join('')}` }
}

/** A vector of a specification: its key is not its issuer's, so only the signature is looked at. */
async function judgeProofs(document: JsonObject | string, { suite, now }: JudgeNeeds): Promise<Judgement> {
  if (!isJsonObject(document))
    return { verdict: 'invalid', code: 'not-a-credential', detail: 'It is no object.' }
  const findDid = createFindDid(suite, { resolve: async () => 'not_found' })
  const proofs = await suite.verifyProofs(
    document,
    (method) => keysOf(method.split('#', 1)[0] ?? '', findDid)(method),
    now as never,
    { takesBaseProofs: true },
  )
  const bad = proofs.find(({ outcome }) => outcome !== 'passed')
  if (bad === undefined || bad.outcome === 'passed')
    return { verdict: 'valid', code: 'signature-holds', detail: 'Looked at the signature alone.' }
  return { verdict: bad.outcome === 'failed' ? 'invalid' : 'undecided', code: bad.code, detail: bad.detail }
}

/** What is not signed yet is linted, as before it is signed: whoever signs puts itself in as the issuer. */
async function judgeUnsigned(document: JsonObject, { suite }: JudgeNeeds): Promise<Judgement> {
  const { issuer } = document
  const [fault] = await suite.lint({
    ...document,
    issuer: isJsonObject(issuer) ? { ...issuer, id: SIGNER } : SIGNER,
  })
  return fault === undefined
    ? { verdict: 'valid', code: 'fit-to-sign', detail: 'The lint before signing finds nothing.' }
    : { verdict: 'invalid', code: fault.code, detail: `${fault.path} ${fault.message}` }
}

const SIGNER = 'did:key:z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2'

/**
 * By 1EdTech's schema, and by the lint. Documents that name a schema of 1EdTech's type and leave out the context that
 * defines this type are linted with it: the schema is what the corpus asks about, and it does not see contexts.
 */
async function judgeSchema(document: JsonObject, { suite }: JudgeNeeds): Promise<Judgement> {
  const faults = suite.schemaFaults(document)
  if (faults === undefined) return { verdict: 'undecided', code: 'no-schema', detail: 'No schema covers it.' }
  const linted = await suite.lint(document)
  const isCompleted = linted.length > 0
  const [first] = [...faults, ...(isCompleted ? await suite.lint(withExtensions(document)) : [])]
  if (first !== undefined)
    return { verdict: 'invalid', code: 'schema-breached', detail: `${first.path} ${first.message}` }
  const detail = isCompleted
    ? 'It could be signed with the context extensions.json, which it lacks.'
    : 'It could be signed as it is.'
  return { verdict: 'valid', code: 'schema-conforms', detail }
}

function withExtensions(document: JsonObject): JsonObject {
  const contexts = document['@context'] ?? []
  return {
    ...document,
    '@context': [...(isJsonArray(contexts) ? contexts : [contexts]), OB_EXTENSIONS_CONTEXT],
  }
}
