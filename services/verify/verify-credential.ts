import { LEAF_KINDS } from '#engine/anchoring/leaf.ts'
import { envelopeType, readEnvelope } from '#engine/credentials/data-model/enveloped-document.ts'
import { credentialDigest } from '#engine/credentials/prepared-credential.ts'
import { type Hex, toHex } from '#engine/shared/bytes.ts'
import type { Instant } from '#engine/shared/instant.ts'
import type { Json, JsonObject } from '#engine/shared/json.ts'
import { summariseCredential, summariseIssuer, validFrom } from '#engine/verification/credential-summary.ts'
import { judge } from '#engine/verification/judge.ts'
import { matchPicture } from '#engine/verification/match-picture.ts'
import { readNamedSchema } from '#engine/verification/named-schema.ts'
import type { ProofFinding } from '#engine/verification/proof-finding.ts'
import { matchRecipient, type Recipient } from '#engine/verification/recipient.ts'
import type { AnchorFact } from '#engine/verification/verification-facts.ts'
import type { CredentialSummary, VerificationReport } from '#engine/verification/verification-report.ts'
import type { Clock } from '#services/ports/clock.ts'
import type { CredentialSuite } from '#services/ports/credential-suite.ts'
import type {
  AchievementStandingSource,
  AnchorReader,
  DidResolver,
  EditionStandings,
  GivenTrustList,
  IssuerHistories,
  IssuerTrust,
  KnownIssuer,
  StatusListSource,
  TrustListSource,
} from '#services/ports/verification-sources.ts'
import { checkAchievement } from './check-achievement.ts'
import { checkAnchor } from './check-anchor.ts'
import { checkEndorsements, type KnowIssuer } from './check-endorsements.ts'
import { allHold, checkProofs, type ReadCredential } from './check-proofs.ts'
import { checkStatus } from './check-status.ts'
import { DOCUMENT_LIMITS, type DocumentLimits, LONG_DOCUMENT, refuseLarge } from './document-limits.ts'
import { createFindWitness } from './find-witness.ts'
import { formatOf, isEndorsement, issuerIdOf } from './read-format.ts'
import { recordAsked } from './record-asked.ts'
import { createFindRecorded } from './recorded-issuer.ts'
import { createFindDid, type FindDid } from './resolve-key.ts'
import { type CheckedTrustList, checkTrustList, lookInLists, MAX_TRUST_LISTS } from './trust-lists.ts'

export interface VerifierNeeds {
  readonly suite: CredentialSuite
  readonly resolver: DidResolver
  readonly statusLists: StatusListSource
  readonly anchors: AnchorReader
  /** Without them no keys are looked for on a chain when a DID document is gone. */
  readonly histories?: IssuerHistories
  readonly trust: IssuerTrust
  /**
   * Trust lists of whoever runs the verifier, and the keys of their publishers. What comes of one is kept for a while, so its
   * publisher is not looked up within the bounds of the document at hand: `resolver`, where those are not the same.
   */
  readonly trustLists?: TrustListSource & {
    readonly keys: readonly string[]
    readonly resolver?: DidResolver
  }
  /** The origin for which the sources answer from a database of their own: reports then say so. */
  readonly registry?: string
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
  /** Trust lists that the reader brings, and whose signatures they believe: DIDs, or single keys (`DID#KEY`). */
  readonly trustLists?: readonly GivenTrustList[]
  readonly trustKeys?: readonly string[]
  /** The image that the badge came in, without the badge. */
  readonly picture?: Uint8Array
  /** Whom the badge should be of. */
  readonly recipient?: Recipient
  /** Its holder has it verified, and not somebody whom they show it: a base proof is for the holder. */
  readonly ofHolder?: boolean
}

export interface Verifier {
  /** Throws `document-too-large` (413) before any work; everything else is an answer. */
  verify(request: VerificationRequest): Promise<VerificationReport>
}

const KEEP_LIST_MS = 60_000

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
  // A list of thousands of issuers is not hashed anew for every badge. Its keys may change, so not for ever either.
  const checked = new WeakMap<object, { readonly until: number; readonly list: Promise<CheckedTrustList> }>()
  const checkKept = async (
    given: GivenTrustList,
    findDid: FindDid,
    now: Instant,
  ): Promise<CheckedTrustList> => {
    const keys = needs.trustLists?.keys ?? []
    const key = typeof given.json === 'object' && given.json !== null ? given.json : given
    const kept = checked.get(key)
    if (kept !== undefined && now < kept.until) {
      const list = await kept.list
      const { outcome, validUntil } = list.report
      if (outcome !== 'passed' || validUntil === undefined || now < validUntil) return list
    }
    const list = checkTrustList(given, { suite, findDid, now, keys })
    checked.set(key, { until: now + KEEP_LIST_MS, list })
    return list
  }
  const checkLists = async (
    { trustLists = [], trustKeys = [] }: VerificationRequest,
    findDid: FindDid,
    now: Instant,
  ): Promise<readonly CheckedTrustList[]> => {
    const own = (await needs.trustLists?.read()) ?? []
    const publishers = needs.trustLists?.resolver
    const findPublisher = publishers === undefined ? findDid : createFindDid(suite, publishers)
    const brought = trustLists.slice(0, MAX_TRUST_LISTS)
    return Promise.all([
      ...own.map((given) => checkKept(given, findPublisher, now)),
      ...brought.map((given) => checkTrustList(given, { suite, findDid, now, keys: trustKeys })),
    ])
  }

  return {
    verify: async (request) => {
      const { document: given, receipt, endorsements = [], recipient } = request
      const now = clock.now()
      const lengths = [given, receipt ?? null, ...endorsements].map((part) => refuseLarge(part, limits))
      const isLong = lengths.some((characters) => characters > LONG_DOCUMENT)
      if (isLong) await suite.nextTurn()

      // 1. Read it. What cannot be read is answered, not checked.
      const read = readCredential(given, suite)
      if ('code' in read) return unreadable(read.code, read.detail, now)
      const { document } = read
      // A token is one text until it is read, so its depth and values show only here.
      if (read.compact !== undefined) refuseLarge(document, limits)
      const opened = suite.open(document)
      const format = formatOf(opened.formatFaults())
      if (format.kind === 'unreadable') return unreadable(format.code, format.detail, now)

      // 2. Check the proofs, under keys of the issuer alone.
      const keptDids = new Set<string>()
      const found = createFindDid(suite, resolver, (did) => keptDids.add(did))
      const asking = recordAsked({ findDid: found, statusLists, registry: needs.registry })
      const { findDid } = asking.needs
      const lists = await checkLists(request, found, now)
      const know: KnowIssuer = async (id, issuedAt) =>
        (await trust.look(id)) ?? lookInLists(lists, id, issuedAt)
      const issuerId = issuerIdOf(document) ?? ''
      const digest =
        read.compact === undefined ? opened.digest() : credentialDigest(read.compact, suite.sha256)
      const anchors = askOnce(needs.anchors)
      const { keccak256 } = suite
      const witness = createFindWitness(receipt, digest, { anchors, keccak256 })
      const findRecorded = createFindRecorded(issuerId, { witness, histories, keccak256 })
      const issuedAt = validFrom(document)
      const isKnown = async (id: string) => (await know(id, issuedAt)) !== undefined
      if (isLong) await suite.nextTurn()
      const proofs = await checkProofs(
        { ...read, opened },
        {
          suite,
          findDid,
          recorded: { find: findRecorded, isKnown },
          witness,
          now,
          takesBaseProofs: request.ofHolder === true,
        },
      )
      const trusted = allHold(proofs)
      const recorded = trusted && proofs.some(isRecorded) ? await findRecorded() : undefined

      // 3. Only now follow addresses that the document names.
      const checking = { suite, findDid: found, statusLists, know, limits, now, registry: needs.registry }
      const issuer = recorded !== undefined ? 'recorded' : trusted ? await findDid(issuerId) : 'unavailable'
      const kind = isEndorsement(document) ? LEAF_KINDS.endorsement : LEAF_KINDS.credential
      const anchor = proofs.some(isDisclosure)
        ? ({ kind: 'disclosure' } as const)
        : await checkAnchor(receipt, { digest, kind, issuer }, { anchors, keccak256 })
      const known = await know(recorded?.issuerId ?? issuerId, issuedAt)
      const number = known === undefined ? numberOf(anchor) : undefined
      const credential = knownByNumber(
        summariseCredential(document, toHex(digest), known, recorded?.issuerId),
        number,
        number === undefined ? undefined : await know(number, issuedAt),
      )
      const isDomainLost = recorded !== undefined
      const status = await (trusted
        ? checkStatus(document, { ...checking, ...asking.needs, isDomainLost })
        : skippedStatus(document))
      if (isLong) await suite.nextTurn()
      const edition = status.kind === 'set' ? await editions?.look(digest, document) : undefined
      return judge({
        checkedAt: now,
        format,
        schemaFaults: opened.schemaFaults(),
        namedSchema: readNamedSchema(document),
        proofs,
        isDidKept: keptDids.has(issuerId),
        status,
        ...(edition === undefined ? {} : { edition }),
        anchor,
        ...(trusted ? await checkEndorsements(document, endorsements, checking) : { endorsements: [] }),
        achievement: trusted
          ? await checkAchievement(credential, issuerId, standings)
          : { kind: 'not-looked-up' },
        ...(request.picture === undefined
          ? {}
          : { picture: matchPicture(document, toHex(suite.sha256(request.picture))) }),
        ...(recipient === undefined ? {} : { recipient: matchRecipient(document, recipient, suite.sha256) }),
        trustLists: lists.map(({ report }) => report),
        asked: asking.asked(),
        credential,
      })
    },
  }
}

/**
 * The number on chain of the issuer, where the chain and its DID document vouch for it both: it follows from the DID, so
 * whoever knows the number knows the DID.
 */
const numberOf = (anchor: AnchorFact): Hex | undefined =>
  anchor.kind === 'on-chain' && anchor.verdict === 'valid' && anchor.signerListed === true
    ? anchor.summary.issuerId
    : undefined

function knownByNumber(
  credential: CredentialSummary,
  number: Hex | undefined,
  known: KnownIssuer | undefined,
): CredentialSummary {
  if (known === undefined || number === undefined || credential.issuer === undefined) return credential
  const issuer = summariseIssuer(credential.issuer.id, known)
  return issuer === undefined
    ? credential
    : { ...credential, issuer: { ...credential.issuer, ...issuer, knownAs: number } }
}

const isDisclosure = (proof: ProofFinding): boolean => proof.outcome === 'passed' && proof.disclosure === true

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
