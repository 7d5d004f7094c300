import { LEAF_KINDS } from '#engine/anchoring/leaf.ts'
import { envelopeType, readEnvelope } from '#engine/credentials/data-model/enveloped-document.ts'
import { credentialDigest } from '#engine/credentials/prepared-credential.ts'
import { toHex } from '#engine/shared/bytes.ts'
import { isJsonObject, type Json, type JsonObject } from '#engine/shared/json.ts'
import { summariseCredential } from '#engine/verification/credential-summary.ts'
import { judge } from '#engine/verification/judge.ts'
import type { ProofFinding } from '#engine/verification/proof-finding.ts'
import type { VerificationReport } from '#engine/verification/verification-report.ts'
import type { Clock } from '#services/ports/clock.ts'
import type { CredentialSuite } from '#services/ports/credential-suite.ts'
import type {
  AchievementStandingSource,
  AnchorReader,
  DidResolver,
  EditionStandings,
  IssuerHistories,
  IssuerTrust,
  StatusListSource,
} from '#services/ports/verification-sources.ts'
import { checkAchievement } from './check-achievement.ts'
import { checkAnchor } from './check-anchor.ts'
import { checkEndorsements } from './check-endorsements.ts'
import { allHold, checkProofs, type ReadCredential } from './check-proofs.ts'
import { checkStatus } from './check-status.ts'
import { DOCUMENT_LIMITS, type DocumentLimits, refuseLarge } from './document-limits.ts'
import { isEndorsement, issuerIdOf, readFormat } from './read-format.ts'
import { createFindRecorded } from './recorded-issuer.ts'
import { createFindDid } from './resolve-key.ts'

export interface VerifierNeeds {
  readonly suite: CredentialSuite
  readonly resolver: DidResolver
  readonly statusLists: StatusListSource
  readonly anchors: AnchorReader
  /** Without them no keys are looked for on a chain when a DID document is gone. */
  readonly histories?: IssuerHistories
  readonly trust: IssuerTrust
  /** Without it no achievement is looked up, as where nothing is to be fetched. */
  readonly standings?: AchievementStandingSource
  /** Without them a set bit says `revoked`, whatever the reason. */
  readonly editions?: EditionStandings
  readonly clock: Clock
  readonly limits?: DocumentLimits
}

export interface VerificationRequest {
  /** The credential as parsed JSON, or a compact JWS. */
  readonly document: JsonObject | string
  /** The receipt as parsed JSON. */
  readonly receipt?: Json
  /** Endorsements that came beside the badge: EndorsementCredentials as parsed JSON, or compact JWS. */
  readonly endorsements?: readonly (JsonObject | string)[]
}

export interface Verifier {
  /** Throws `document-too-large` (413) before any work; everything else is an answer. */
  verify(request: VerificationRequest): Promise<VerificationReport>
}

/** Makes a verifier. The same code runs in the API, on the command line and in a browser. */
export function createVerifier(needs: VerifierNeeds): Verifier {
  const {
    suite,
    resolver,
    statusLists,
    histories,
    trust,
    standings,
    editions,
    clock,
    limits = DOCUMENT_LIMITS,
  } = needs
  return {
    verify: async ({ document: given, receipt, endorsements = [] }) => {
      const now = clock.now()
      for (const part of [given, receipt ?? null, ...endorsements]) refuseLarge(part, limits)

      // 1. Read it. What cannot be read is answered, not checked.
      const read = readCredential(given, suite)
      if ('code' in read) return unreadable(read.code, read.detail, now)
      const { document } = read
      // A token is one text until it is read, so its depth and values show only here.
      if (read.compact !== undefined) refuseLarge(document, limits)
      const format = readFormat(document, suite.knownDigests)
      if (format.kind === 'unreadable') return unreadable(format.code, format.detail, now)

      // 2. Check the proofs, under keys of the issuer alone.
      const keptDids = new Set<string>()
      const findDid = createFindDid(suite, resolver, (did) => keptDids.add(did))
      const issuerId = issuerIdOf(document) ?? ''
      const digest = credentialDigest(read.compact ?? document, suite.sha256)
      const anchors = askOnce(needs.anchors)
      const { keccak256 } = suite
      const findRecorded = createFindRecorded(
        receipt,
        { digest, issuerId },
        { anchors, histories, keccak256 },
      )
      const isKnown = async (id: string) => (await trust.look(id)) !== undefined
      const proofs = await checkProofs(read, {
        suite,
        findDid,
        recorded: { find: findRecorded, isKnown },
        now,
      })
      const trusted = allHold(proofs)
      const recorded = trusted && proofs.some(isRecorded) ? await findRecorded() : undefined

      // 3. Only now follow addresses that the document names.
      const checking = { suite, findDid, statusLists, trust, limits, now }
      const issuer = recorded !== undefined ? 'recorded' : trusted ? await findDid(issuerId) : 'unavailable'
      const kind = isEndorsement(document) ? LEAF_KINDS.endorsement : LEAF_KINDS.credential
      const credential = summariseCredential(
        document,
        toHex(digest),
        await trust.look(recorded?.issuerId ?? issuerId),
        recorded?.issuerId,
      )
      const isDomainLost = recorded !== undefined
      const status = await (trusted
        ? checkStatus(document, { ...checking, isDomainLost })
        : skippedStatus(document))
      const edition = status.kind === 'set' ? await editions?.look(digest) : undefined
      return judge({
        checkedAt: now,
        format,
        schemaFaults: suite.schemaFaults(withProofSet(document)),
        proofs,
        isDidKept: keptDids.has(issuerId),
        status,
        ...(edition === undefined ? {} : { edition }),
        anchor: await checkAnchor(receipt, { digest, kind, issuer }, { anchors, keccak256 }),
        ...(trusted ? await checkEndorsements(document, endorsements, checking) : { endorsements: [] }),
        achievement: trusted
          ? await checkAchievement(credential, issuerId, standings)
          : { kind: 'not-looked-up' },
        credential,
      })
    },
  }
}

const isRecorded = (proof: ProofFinding): boolean => proof.outcome === 'passed' && proof.recorded === true

/** Proof and anchor may both need the batch of a receipt; the chain is asked for it once. */
function askOnce(anchors: AnchorReader): AnchorReader {
  const asked = new Map<string, ReturnType<AnchorReader['read']>>()
  return {
    read: (question) => {
      const key = JSON.stringify(question)
      const answer = asked.get(key) ?? anchors.read(question)
      asked.set(key, answer)
      return answer
    },
  }
}

/** One proof stands for a set of one: the schema knows sets only, and others write it as an object. */
function withProofSet(document: JsonObject): JsonObject {
  const { proof } = document
  return isJsonObject(proof) ? { ...document, proof: [proof] } : document
}

function skippedStatus(document: JsonObject) {
  return { kind: document['credentialStatus'] === undefined ? ('none' as const) : ('skipped' as const) }
}

type Unreadable = Parameters<typeof judge>[0]['format'] & { readonly kind: 'unreadable' }

function readCredential(
  given: JsonObject | string,
  suite: CredentialSuite,
): ReadCredential | Pick<Unreadable, 'code' | 'detail'> {
  if (typeof given !== 'string' && envelopeType(given) === undefined) return { document: given }
  const token = typeof given === 'string' ? given : tokenIn(given)
  if (typeof token !== 'string') return token
  const reading = suite.readJwt(token)
  return reading.ok ? { document: reading.credential, compact: token } : reading
}

/** The token of an enveloped credential (VC Data Model 2.0, section 4.12.1). */
function tokenIn(given: JsonObject): string | Pick<Unreadable, 'code' | 'detail'> {
  const envelope = readEnvelope(given)
  if (envelope.kind === 'enveloped') return envelope.token
  const { path, message } = envelope.fault
  return { code: 'not-a-credential', detail: `The document is no enveloped credential: ${path} ${message}.` }
}

function unreadable(
  code: Unreadable['code'],
  detail: string,
  now: VerificationReport['checkedAt'],
): VerificationReport {
  return judge({
    checkedAt: now,
    format: { kind: 'unreadable', code, detail },
    schemaFaults: undefined,
    proofs: [],
    status: { kind: 'none' },
    anchor: { kind: 'no-receipt' },
    achievement: { kind: 'not-looked-up' },
    endorsements: [],
    credential: undefined,
  })
}
