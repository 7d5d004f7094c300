import { didOfMethod } from '#engine/credentials/did-web.ts'
import type { Instant } from '#engine/shared/instant.ts'
import type { JsonObject } from '#engine/shared/json.ts'
import type { ProofFinding } from '#engine/verification/proof-finding.ts'
import type { CredentialSuite, OpenedDocument, ResolveMethod } from '#services/ports/credential-suite.ts'
import type { FindWitness } from './find-witness.ts'
import { issuerIdOf } from './read-format.ts'
import { type FindDid, keysOf, type RecordedKeys } from './resolve-key.ts'

/** A document as it came: JSON with embedded proofs, or a compact JWS with the credential inside. */
export interface ReadCredential {
  readonly document: JsonObject
  readonly compact?: string
  /** The document, where the suite has read it already. */
  readonly opened?: OpenedDocument
}

/** Checks every proof under the keys of the issuer that the document names. */
export async function checkProofs(
  { document, compact, opened }: ReadCredential,
  {
    suite,
    findDid,
    recorded,
    witness,
    now,
    takesBaseProofs = false,
  }: {
    readonly suite: CredentialSuite
    readonly findDid: FindDid
    readonly recorded?: RecordedKeys
    /** For documents under a key that was compromised since. Without it none of them counts. */
    readonly witness?: FindWitness
    readonly now: Instant
    /** As `ProofExpectation` has it. */
    readonly takesBaseProofs?: boolean
  },
): Promise<readonly ProofFinding[]> {
  const resolve = keysOf(issuerIdOf(document) ?? '', findDid, { recorded, witness })
  if (compact !== undefined) return [await suite.verifyJwt(compact, resolve, now)]
  const { verifyProofs } = opened ?? suite.open(document)
  const findings = await verifyProofs(resolve, now, { takesBaseProofs })
  return isSignedByOthersToo(findings)
    ? verifyProofs(alsoOfOthers(resolve, findDid), now, { takesBaseProofs })
    : findings
}

/**
 * Others may have signed beside the issuer, as who passed a document on (Data Integrity 1.0, section 2.1.1). Whether it
 * is the issuer's word the issuer's own proofs say, and these must hold first: only then are the keys of others looked up.
 */
const isSignedByOthersToo = (findings: readonly ProofFinding[]): boolean =>
  findings.some(({ outcome }) => outcome === 'passed') &&
  findings.some(isOfSomebodyElse) &&
  findings.every((finding) => finding.outcome === 'passed' || isOfSomebodyElse(finding))

const isOfSomebodyElse = (finding: ProofFinding): boolean =>
  finding.outcome === 'failed' && finding.code === 'proof-key-not-of-issuer'

/** A key of somebody else counts for that one's proof when its own controller lists it. */
const alsoOfOthers =
  (ofIssuer: ResolveMethod, findDid: FindDid): ResolveMethod =>
  async (verificationMethod) => {
    const found = await ofIssuer(verificationMethod)
    return found.kind === 'not-of-issuer'
      ? keysOf(didOfMethod(verificationMethod), findDid)(verificationMethod)
      : found
  }

export const allHold = (proofs: readonly ProofFinding[]): boolean =>
  proofs.length > 0 && proofs.every(({ outcome }) => outcome === 'passed')
