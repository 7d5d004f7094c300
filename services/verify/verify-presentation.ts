import { envelopeType, readEnvelope } from '#engine/credentials/data-model/enveloped-document.ts'
import { oneOrMany } from '#engine/credentials/data-model/one-or-many.ts'
import { presentationFaults } from '#engine/credentials/data-model/presentation-faults.ts'
import { didOfMethod } from '#engine/credentials/did-web.ts'
import { credentialDigest } from '#engine/credentials/prepared-credential.ts'
import { isAssertion } from '#engine/open-badges-2/assertion.ts'
import { toHex } from '#engine/shared/bytes.ts'
import { isJsonArray, isJsonObject, type Json, type JsonObject } from '#engine/shared/json.ts'
import { summariseCredential } from '#engine/verification/credential-summary.ts'
import { judge } from '#engine/verification/judge.ts'
import {
  isLookedInto,
  judgePresentation,
  type PresentationFacts,
} from '#engine/verification/judge-presentation.ts'
import type { PresentationReport } from '#engine/verification/presentation-report.ts'
import type { ProofFinding } from '#engine/verification/proof-finding.ts'
import type { VerificationReport } from '#engine/verification/verification-report.ts'
import type { CredentialSuite, ResolveMethod } from '#services/ports/credential-suite.ts'
import type { ProofExpectation } from '#services/ports/proof-expectation.ts'
import { allHold } from './check-proofs.ts'
import { checkStatus } from './check-status.ts'
import { DOCUMENT_LIMITS, refuseLarge } from './document-limits.ts'
import { issuerIdOf, readFormat } from './read-format.ts'
import { createFindDid, type FindDid, keysOf } from './resolve-key.ts'
import {
  createVerifier,
  type VerificationRequest,
  type Verifier,
  type VerifierNeeds,
} from './verify-credential.ts'

/** More than this in one presentation is an attack on our time. */
const MAX_CREDENTIALS = 16

export interface PresentationRequest {
  readonly challenge?: string
  readonly domain?: string | readonly string[]
  /** The presentation as parsed JSON, bare or in its envelope, or a compact JWS. */
  readonly presentation: JsonObject | string
  /** What came beside it, for the credentials in it: a receipt is held against the one that it is of. */
  readonly beside?: Beside
}

export type Beside = Omit<VerificationRequest, 'document' | 'picture'>

export interface PresentationVerifier {
  /** Throws `document-too-large` (413) before any work; everything else is an answer. */
  verify(request: PresentationRequest): Promise<PresentationReport>
}

interface ReadPresentation {
  readonly document: JsonObject
  readonly compact?: string
}

export interface PresentationNeeds extends VerifierNeeds {
  /** For what is in it, where more is known of credentials than these needs say: of older badges, newer texts, receipts. */
  readonly credentials?: Verifier
  /**
   * Looks at one after the other, each within its equal part of what may be fetched for all: the first ones leave something to
   * the last, and are looked at once more where something is left of it. Without it nothing is shared out.
   */
  readonly share?: <T>(looks: readonly (() => Promise<T>)[]) => Promise<readonly T[]>
}

/**
 * Makes a verifier of presentations (VC Data Model 2.0 and 1.1, section 4.13): with embedded proofs, in an envelope, or as a
 * token. Its own proof first, under a key of the holder; only then, unless that is wrong, each credential in it, by the verifier of
 * credentials.
 * The same code runs in the API, on the command line and in a browser.
 */
export function createPresentationVerifier(needs: PresentationNeeds): PresentationVerifier {
  const { suite, resolver, clock, limits = DOCUMENT_LIMITS } = needs
  const { verify: verifyCredential } = needs.credentials ?? createVerifier(needs)
  const share = needs.share ?? oneByOne

  return {
    verify: async ({ presentation, challenge, domain, beside = {} }) => {
      const checkedAt = clock.now()
      refuseLarge(presentation, limits)
      const unreadable = (fault: PresentationFacts['fault']) =>
        judgePresentation({ ...NOTHING, checkedAt, fault })

      // 1. Read it.
      const read = readPresentation(presentation)
      if ('fault' in read) return unreadable(read.fault)
      const { document, compact } = read
      if (compact !== undefined) refuseLarge(document, limits)
      const [fault] = presentationFaults(document)
      if (fault !== undefined) return unreadable(fault)

      // 2. Check its proofs, under keys of whoever presents it.
      const findDid = createFindDid(suite, resolver)
      const holder = partyOf(document['holder'])
      const signer = signerOf(read)
      const expected: ProofExpectation = {
        purpose: 'authentication',
        ...(challenge === undefined ? {} : { challenge }),
        ...(domain === undefined ? {} : { domain }),
      }
      const resolve = keysOf(holder ?? signer ?? '', findDid)
      const proofs =
        compact === undefined
          ? await suite.verifyProofs(document, resolve, checkedAt, expected)
          : [await suite.verifyJwt(compact, resolve, checkedAt, expected)]

      // 3. Only now look at what is in it.
      const inside = isLookedInto(proofs) ? oneOrMany(document['verifiableCredential'], '') : []
      const shown = inside.slice(0, MAX_CREDENTIALS).map(({ value }) => value)
      const credentials = await share(
        shown.map((value) => async () => {
          // Others wait as well, as between the endorsements of each.
          await suite.nextTurn()
          const parts = besideOf(value, beside, shown, suite)
          return verifyInside(value, { holder, proofs, findDid, beside: parts })
        }),
      )
      return judgePresentation({
        checkedAt,
        fault: undefined,
        proofs,
        holder,
        signer,
        asked: { challenge: challenge !== undefined, domain: domain !== undefined },
        credentials,
        leftOut: inside.length - credentials.length,
      })
    },
  }

  function readPresentation(
    given: JsonObject | string,
  ): ReadPresentation | { readonly fault: PresentationFacts['fault'] } {
    if (typeof given !== 'string' && envelopeType(given) !== 'EnvelopedVerifiablePresentation')
      return { document: given }
    const envelope =
      typeof given === 'string' ? { kind: 'enveloped' as const, token: given } : readEnvelope(given)
    if (envelope.kind === 'malformed') return { fault: envelope.fault }
    const reading = suite.readJwt(envelope.token)
    if (!reading.ok) return { fault: { path: '', message: `has an unreadable token: ${reading.detail}` } }
    return reading.holds === 'presentation'
      ? { document: reading.credential, compact: envelope.token }
      : { fault: { path: '', message: 'has a token of something else' } }
  }

  /** Its own proof stands for a credential without one, where the holder vouches for it (VC Data Model 2.0, section 4.13.4). */
  async function verifyInside(
    given: Json,
    {
      holder,
      proofs,
      findDid,
      beside,
    }: { holder: string | undefined; proofs: readonly ProofFinding[]; findDid: FindDid; beside: Beside },
  ): Promise<VerificationReport> {
    if (typeof given === 'string') return verifyCredential({ ...beside, document: given })
    if (!isJsonObject(given)) return verifyCredential({ document: {} })
    const isBare = given['proof'] === undefined && envelopeType(given) === undefined
    // Open Badges 2.0 that are hosted have no proof of their own: what stands at their address is.
    if (!isBare || isAssertion(given)) return verifyCredential({ ...beside, document: given })
    const issuerId = issuerIdOf(given)
    const isSelfAsserted = issuerId !== undefined && issuerId === holder
    const { statusLists, trust } = needs
    const resolve = keysOf(issuerId ?? '', findDid)
    const now = clock.now()
    const digest = toHex(credentialDigest(given, suite.sha256))
    const known = issuerId === undefined ? undefined : await trust.look(issuerId)
    return judge({
      checkedAt: now,
      format: readFormat(given, suite.knownDigests),
      schemaFaults: suite.schemaFaults(given),
      proofs: isSelfAsserted ? await Promise.all(proofs.map((proof) => asAssertion(proof, resolve))) : [],
      status:
        isSelfAsserted && allHold(proofs)
          ? await checkStatus(given, { suite, findDid, statusLists, limits, now })
          : { kind: given['credentialStatus'] === undefined ? 'none' : 'skipped' },
      anchor: { kind: 'no-receipt' },
      endorsements: [],
      achievement: { kind: 'not-looked-up' },
      credential: summariseCredential(given, digest, known),
    })
  }

  /** Whose key signed it, by the name of the key: what it says, until a proof holds. */
  function signerOf({ document, compact }: ReadPresentation): string | undefined {
    if (compact !== undefined) {
      const reading = suite.readJwt(compact)
      if (!reading.ok) return undefined
      const { iss } = reading.claims
      const { kid } = reading.header
      return typeof iss === 'string' ? iss : typeof kid === 'string' ? didOfMethod(kid) : undefined
    }
    const { proof = null } = document
    const first = isJsonArray(proof) ? proof[0] : proof
    const method = isJsonObject(first) ? first['verificationMethod'] : undefined
    return typeof method === 'string' ? didOfMethod(method) : undefined
  }
}

/**
 * Whoever presents proves with a key to authenticate with. Only where its owner lets the same key vouch for credentials is that
 * the signature of an issuer; else it is somebody's own word.
 */
async function asAssertion(proof: ProofFinding, resolve: ResolveMethod): Promise<ProofFinding> {
  if (proof.outcome !== 'passed') return proof
  const { verificationMethod: key } = proof
  const found = await resolve(key)
  if (found.kind === 'found' && found.forAssertion) return proof
  const detail = `The holder asserts it of themselves: ${key} may present, and not sign credentials.`
  return { outcome: 'failed', code: 'proof-key-not-for-assertion', detail }
}

/** The receipt goes to the credential that it is of; where it fits none, to the first, which then says so. */
function besideOf(
  given: Json,
  { receipt, ...beside }: Beside,
  all: readonly Json[],
  { sha256 }: Pick<CredentialSuite, 'sha256'>,
): Beside {
  if (receipt === undefined) return beside
  const digest = isJsonObject(receipt) ? receipt['digest'] : undefined
  const isOf = (each: Json) => digestOf(each, sha256) === digest
  const owner = all.find(isOf) ?? all[0]
  return given === owner ? { ...beside, receipt } : beside
}

function digestOf(given: Json, sha256: CredentialSuite['sha256']): string | undefined {
  if (typeof given !== 'string' && !isJsonObject(given)) return undefined
  const envelope = typeof given === 'string' ? undefined : envelopeType(given)
  const reading = envelope === undefined || typeof given === 'string' ? undefined : readEnvelope(given)
  return toHex(credentialDigest(reading?.kind === 'enveloped' ? reading.token : given, sha256))
}

async function oneByOne<T>(looks: readonly (() => Promise<T>)[]): Promise<readonly T[]> {
  const answers: T[] = []
  for (const look of looks) answers.push(await look())
  return answers
}

const NOTHING = {
  proofs: [],
  holder: undefined,
  signer: undefined,
  asked: { challenge: false, domain: false },
  credentials: [],
  leftOut: 0,
} as const

function partyOf(party: Json | undefined): string | undefined {
  if (typeof party === 'string') return party
  const id = isJsonObject(party) ? party['id'] : undefined
  return typeof id === 'string' ? id : undefined
}
