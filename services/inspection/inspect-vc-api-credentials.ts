import { type Finding, finding } from '#engine/inspection/finding.ts'
import { differingMembers } from '#engine/inspection/inspect-vc-api.ts'
import { byId } from '#engine/shared/by-id.ts'
import { equalBytes } from '#engine/shared/bytes.ts'
import type { IssuerId, OrganisationId } from '#engine/shared/ids.ts'
import type { StatusList } from '#services/ports/credential-store.ts'
import type { CredentialSuite } from '#services/ports/credential-suite.ts'
import type { InspectedVcApiCredential } from '#services/ports/inspection-store.ts'
import type { Issuer, IssuerKey } from '#services/ports/issuer-store.ts'
import type { ReadCredential } from '#services/verify/check-proofs.ts'
import type { FindDid } from '#services/verify/resolve-key.ts'
import { faultsOfProofs, read } from './inspect-documents.ts'
import type { InspectionNeeds } from './inspection-needs.ts'

const DOCUMENTS_A_PAGE = 100

interface Around {
  readonly issuers: ReadonlyMap<string, Issuer>
  readonly keys: ReadonlyMap<string, IssuerKey>
  readonly lists: ReadonlyMap<string, StatusList>
}

/**
 * Everything that an organisation had signed over VC-API: bytes, digest, proof, and whether the document says what its row says.
 * What was begun and not signed went out to nobody. Gives how many there are.
 */
export async function inspectVcApiCredentials(
  needs: InspectionNeeds,
  organisationId: OrganisationId,
  findDid: FindDid,
  found: (findings: readonly Finding[]) => void,
): Promise<number> {
  const { database, progress } = needs
  const around = await database.asWorker(async (stores) => {
    const issuers = await stores.issuers.list(organisationId)
    const keys: IssuerKey[] = []
    for (const { id } of issuers) keys.push(...(await stores.issuers.keys(id)))
    const lists = await stores.inspection.statusLists(organisationId)
    return { issuers: byId(issuers), keys: byId(keys), lists: byId(lists) }
  })
  let after: string | undefined
  let count = 0
  for (;;) {
    const page = await database.asWorker((stores) =>
      stores.inspection.vcApiCredentials(organisationId, after, DOCUMENTS_A_PAGE),
    )
    for (const credential of page) {
      found(await inspectOne(needs, credential, around, findDid))
      after = credential.id
      count++
    }
    if (count > 0) progress(`${count} credentials over VC-API`)
    if (page.length < DOCUMENTS_A_PAGE) return count
  }
}

async function inspectOne(
  needs: InspectionNeeds,
  credential: InspectedVcApiCredential,
  { issuers, keys, lists }: Around,
  findDid: FindDid,
): Promise<readonly Finding[]> {
  const { id, credentialId, issuerId, keyId, signed, digest, statuses } = credential
  const about = `vc-api ${id}`
  const given = readSigned(needs.suite, signed)
  if (given === undefined) return [finding('unreadable', about)]
  const findings: Finding[] = []
  if (!equalBytes(needs.hashes.sha256(signed), digest)) findings.push(finding('vc-api-digest-wrong', about))

  const key = keys.get(keyId)
  const faults = await faultsOfProofs(needs, given, findDid, key?.publicKey)
  if (faults !== undefined) findings.push(finding('vc-api-proof-wrong', about, faults))

  const issuer = issuers.get(issuerId)
  const differing = differingMembers(given.document, {
    issuer: issuer?.did ?? '',
    ...(credentialId === undefined ? {} : { credentialId }),
    places: statuses.map(({ listId, index, purpose }) => ({
      list: addressOf(lists, issuers, listId),
      index,
      purpose,
    })),
  })
  if (differing.length > 0) findings.push(finding('vc-api-altered', about, differing.join(', ')))
  return findings
}

/** JSON, or a compact JWS. */
function readSigned(suite: CredentialSuite, signed: Uint8Array): ReadCredential | undefined {
  const document = read(signed)
  if (document !== undefined) return { document }
  const compact = new TextDecoder().decode(signed)
  const reading = suite.readJwt(compact)
  return reading.ok ? { document: reading.credential, compact } : undefined
}

function addressOf(
  lists: ReadonlyMap<string, StatusList>,
  issuers: ReadonlyMap<string, Issuer>,
  listId: string,
): string {
  const list = lists.get(listId)
  const issuer = issuers.get((list?.issuerId ?? '') as IssuerId)
  return `${issuer?.origin}/issuers/${issuer?.slug}/status/${list?.number}`
}
