import { credentialDigest, isAsPrepared, unsignedDocument } from '#engine/credentials/prepared-credential.ts'
import {
  readSignedEndorsement,
  type SignedEndorsement,
  signedEndorsementBytes,
} from '#engine/endorsements/signed-endorsement.ts'
import { type Finding, finding } from '#engine/inspection/finding.ts'
import { equalBytes } from '#engine/shared/bytes.ts'
import type { OrganisationId } from '#engine/shared/ids.ts'
import { isJsonObject, type Json, type JsonObject } from '#engine/shared/json.ts'
import type { SignedEdition } from '#services/ports/credential-store.ts'
import type { EditionPlace } from '#services/ports/inspection-store.ts'
import { allHold, checkProofs, type ReadCredential } from '#services/verify/check-proofs.ts'
import type { FindDid } from '#services/verify/resolve-key.ts'
import { everyKey } from './every-key.ts'
import type { InspectionNeeds } from './inspection-needs.ts'

const DOCUMENTS_A_PAGE = 100

type Found = (findings: readonly Finding[]) => void

/** Every signed edition of an organisation: bytes, digest, proof and leaf. Gives how many there are. */
export async function inspectCredentials(
  needs: InspectionNeeds,
  organisationId: OrganisationId,
  findDid: FindDid,
  found: Found,
): Promise<number> {
  let after: EditionPlace | undefined
  let count = 0
  for (;;) {
    const page = await needs.database.asWorker((stores) =>
      stores.inspection.editions(organisationId, after, DOCUMENTS_A_PAGE),
    )
    for (const edition of page) {
      found(await inspectEdition(needs, edition, findDid))
      after = edition
      count++
    }
    needs.progress(`${count} credentials`)
    if (page.length < DOCUMENTS_A_PAGE) return count
  }
}

async function inspectEdition(
  needs: InspectionNeeds,
  edition: SignedEdition & { readonly leaf?: { readonly digest: Uint8Array; readonly targetId: string } },
  findDid: FindDid,
): Promise<readonly Finding[]> {
  const about = `${edition.credentialId}/${edition.edition}`
  const document = read(edition.signed)
  if (document === undefined) return [finding('unreadable', `credential ${about}`)]
  const findings: Finding[] = []
  if (!isDigest(needs, document, edition.signed, edition.digest))
    findings.push(finding('credential-digest-wrong', about))
  if (!isAsPrepared(unsignedDocument(document), edition.prepared))
    findings.push(finding('credential-altered', about))
  const faults = await faultsOfProofs(needs, { document }, findDid)
  if (document['proof'] === undefined || faults !== undefined)
    findings.push(finding('credential-proof-wrong', about, faults))
  const { leaf } = edition
  if (
    leaf === undefined ||
    leaf.targetId !== edition.credentialId ||
    !equalBytes(leaf.digest, edition.digest)
  )
    findings.push(finding('credential-leaf-wrong', about))
  return findings
}

/** Every signed endorsement of an organisation: bytes, digest and, once published, leaf. Gives how many there are. */
export async function inspectEndorsements(
  needs: InspectionNeeds,
  organisationId: OrganisationId,
  found: Found,
): Promise<number> {
  let after: string | undefined
  let count = 0
  for (;;) {
    const page = await needs.database.asWorker((stores) =>
      stores.inspection.endorsements(organisationId, after, DOCUMENTS_A_PAGE),
    )
    for (const { id, signed, digest, leafId, leafDigest } of page) {
      after = id
      count++
      const document = signed === undefined ? undefined : readEndorsement(signed)
      if (signed === undefined || document === undefined || digest === undefined)
        found([finding('unreadable', `endorsement ${id}`)])
      else if (!isDigest(needs, document, signed, digest)) found([finding('endorsement-digest-wrong', id)])
      else if (leafId !== undefined && (leafDigest === undefined || !equalBytes(leafDigest, digest)))
        found([finding('endorsement-leaf-wrong', id)])
    }
    if (page.length < DOCUMENTS_A_PAGE) return count
  }
}

/** The stored bytes are the canonical ones of the document, and the stored digest is theirs. */
function isDigest(
  { hashes }: InspectionNeeds,
  document: SignedEndorsement,
  bytes: Uint8Array,
  digest: Uint8Array,
): boolean {
  return (
    equalBytes(signedEndorsementBytes(document), bytes) &&
    equalBytes(credentialDigest(document, hashes.sha256), digest)
  )
}

/**
 * What is wrong with the proofs of a document, by their codes; undefined if all hold, under that key where one is named.
 * Keys that were compromised since vouch for bytes as well as any.
 */
export async function faultsOfProofs(
  { suite, clock }: InspectionNeeds,
  given: ReadCredential,
  findDid: FindDid,
  publicKey?: string,
): Promise<string | undefined> {
  const proofs = await checkProofs(given, {
    suite,
    findDid: everyKey(findDid),
    now: clock.now(),
    takesBaseProofs: true,
  })
  const isUnder = (method: string) => publicKey === undefined || method.endsWith(`#${publicKey}`)
  if (
    allHold(proofs) &&
    proofs.every((proof) => proof.outcome !== 'passed' || isUnder(proof.verificationMethod))
  )
    return undefined
  return proofs
    .map((proof) => (proof.outcome === 'passed' ? `signed by ${proof.verificationMethod}` : proof.code))
    .join(', ')
}

/** The same of what an endorser signed, which may be a token. */
function readEndorsement(bytes: Uint8Array): SignedEndorsement | undefined {
  try {
    const signed = readSignedEndorsement(bytes)
    return typeof signed === 'string' ? signed : read(bytes)
  } catch {
    return undefined
  }
}

/** What was stored is JSON of ours; anything else is a finding. */
export function read(bytes: Uint8Array): JsonObject | undefined {
  try {
    const value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)) as Json
    return isJsonObject(value) ? value : undefined
  } catch {
    return undefined
  }
}
