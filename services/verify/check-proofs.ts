import type { Instant } from '#engine/shared/instant.ts'
import type { JsonObject } from '#engine/shared/json.ts'
import type { ProofFinding } from '#engine/verification/proof-finding.ts'
import type { CredentialSuite } from '#services/ports/credential-suite.ts'
import type { FindWitness } from './find-witness.ts'
import { issuerIdOf } from './read-format.ts'
import { type FindDid, keysOf, type RecordedKeys } from './resolve-key.ts'

/** A document as it came: JSON with embedded proofs, or a compact JWS with the credential inside. */
export interface ReadCredential {
  readonly document: JsonObject
  readonly compact?: string
}

/** Checks every proof under the keys of the issuer that the document names. */
export async function checkProofs(
  { document, compact }: ReadCredential,
  {
    suite,
    findDid,
    recorded,
    witness,
    now,
  }: {
    readonly suite: CredentialSuite
    readonly findDid: FindDid
    readonly recorded?: RecordedKeys
    /** For documents under a key that was compromised since. Without it none of them counts. */
    readonly witness?: FindWitness
    readonly now: Instant
  },
): Promise<readonly ProofFinding[]> {
  const resolve = keysOf(issuerIdOf(document) ?? '', findDid, { recorded, witness })
  return compact === undefined
    ? suite.verifyProofs(document, resolve, now)
    : [await suite.verifyJwt(compact, resolve, now)]
}

export const allHold = (proofs: readonly ProofFinding[]): boolean =>
  proofs.length > 0 && proofs.every(({ outcome }) => outcome === 'passed')
