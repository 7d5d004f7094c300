import type { Instant } from '#engine/shared/instant.ts'
import type { JsonObject } from '#engine/shared/json.ts'
import type { ProofFinding } from '#engine/verification/proof-finding.ts'
import type { CredentialSuite } from '#services/ports/credential-suite.ts'
import { issuerIdOf } from './read-format.ts'
import { type FindDid, keysOf, type RecordedKeys } from './resolve-key.ts'

/** A document as it came: JSON with embedded proofs, or a compact JWS with the credential inside. */
export interface ReadCredential {
  readonly document: JsonObject
  readonly compact?: string
}

/**
 * Checks every proof under the keys of the issuer that the document names. Beside a proof of the issuer others may stand by
 * somebody else, as in chains (`previousProof`): they must hold under their own did:key, and alone they count for nothing.
 */
export async function checkProofs(
  { document, compact }: ReadCredential,
  {
    suite,
    findDid,
    recorded,
    now,
  }: {
    readonly suite: CredentialSuite
    readonly findDid: FindDid
    readonly recorded?: RecordedKeys
    readonly now: Instant
  },
): Promise<readonly ProofFinding[]> {
  const others = compact === undefined
  const resolve = keysOf(issuerIdOf(document) ?? '', findDid, recorded, { others })
  if (compact !== undefined) return [await suite.verifyJwt(compact, resolve, now)]
  const findings = await suite.verifyProofs(document, resolve, now)
  const isAllByOthers = findings.every((each) => each.outcome === 'passed' && each.byOther === true)
  return isAllByOthers ? findings.map(ofIssuerOnly) : findings
}

function ofIssuerOnly(finding: ProofFinding): ProofFinding {
  if (finding.outcome !== 'passed') return finding
  const detail = `The key ${finding.verificationMethod} does not belong to the issuer, and no proof of the issuer stands beside it.`
  return { outcome: 'failed', code: 'proof-key-not-of-issuer', detail }
}

export const allHold = (proofs: readonly ProofFinding[]): boolean =>
  proofs.length > 0 && proofs.every(({ outcome }) => outcome === 'passed')
