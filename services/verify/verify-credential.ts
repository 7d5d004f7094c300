import { LEAF_KINDS } from '#engine/anchoring/leaf.ts'
import { credentialDigest } from '#engine/credentials/prepared-credential.ts'
import { toHex } from '#engine/shared/bytes.ts'
import { isJsonObject, type Json, type JsonObject } from '#engine/shared/json.ts'
import { summariseCredential } from '#engine/verification/credential-summary.ts'
import { judge } from '#engine/verification/judge.ts'
import type { VerificationReport } from '#engine/verification/verification-report.ts'
import type { Clock } from '#services/ports/clock.ts'
import type { CredentialSuite } from '#services/ports/credential-suite.ts'
import type {
  AchievementStandingSource,
  AnchorReader,
  DidResolver,
  EditionStandings,
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
import { createFindDid } from './resolve-key.ts'

export interface VerifierNeeds {
  readonly suite: CredentialSuite
  readonly resolver: DidResolver
  readonly statusLists: StatusListSource
  readonly anchors: AnchorReader
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
    anchors,
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
      const format = readFormat(document)
      if (format.kind === 'unreadable') return unreadable(format.code, format.detail, now)

      // 2. Check the proofs, under keys of the issuer alone.
      const findDid = createFindDid(suite, resolver)
      const proofs = await checkProofs(read, { suite, findDid, now })
      const trusted = allHold(proofs)

      // 3. Only now follow addresses that the document names.
      const issuerId = issuerIdOf(document) ?? ''
      const checking = { suite, findDid, statusLists, trust, limits, now }
      const digest = credentialDigest(given, suite.sha256)
      const issuer = trusted ? await findDid(issuerId) : 'unavailable'
      const kind = isEndorsement(document) ? LEAF_KINDS.endorsement : LEAF_KINDS.credential
      const credential = summariseCredential(document, toHex(digest), await trust.look(issuerId))
      const status = await (trusted ? checkStatus(document, checking) : skippedStatus(document))
      const edition = status.kind === 'set' ? await editions?.look(digest) : undefined
      return judge({
        checkedAt: now,
        format,
        schemaFaults: suite.schemaFaults(withProofSet(document)),
        proofs,
        status,
        ...(edition === undefined ? {} : { edition }),
        anchor: await checkAnchor(receipt, { digest, kind, issuer }, { anchors, keccak256: suite.keccak256 }),
        endorsements: trusted ? await checkEndorsements(document, endorsements, checking) : [],
        achievement: trusted
          ? await checkAchievement(credential, issuerId, standings)
          : { kind: 'not-looked-up' },
        credential,
      })
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
  if (typeof given !== 'string') return { document: given }
  const reading = suite.readJwt(given)
  return reading.ok ? { document: reading.credential, compact: given } : reading
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
