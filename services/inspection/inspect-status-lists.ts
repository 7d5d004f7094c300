import { type Finding, finding } from '#engine/inspection/finding.ts'
import { inspectStatusList } from '#engine/inspection/inspect-status-list.ts'
import type { OrganisationId } from '#engine/shared/ids.ts'
import type { JsonObject } from '#engine/shared/json.ts'
import type { FindDid } from '#services/verify/resolve-key.ts'
import { faultsOfProofs, read } from './inspect-documents.ts'
import type { InspectionNeeds } from './inspection-needs.ts'

/** Every status list of an organisation: its bits against what has ended, and the signed list against its bits. */
export async function inspectStatusLists(
  needs: InspectionNeeds,
  organisationId: OrganisationId,
  findDid: FindDid,
  found: (findings: readonly Finding[]) => void,
): Promise<number> {
  const { database, suite } = needs
  const lists = await database.asWorker((stores) => stores.inspection.statusLists(organisationId))
  for (const { id, purpose, bits, revision, credential, signedRevision } of lists) {
    const grows = purpose === 'revocation'
    const ended = new Set(await database.asWorker((stores) => stores.inspection.endedIn(id)))
    if (credential === undefined || signedRevision === undefined) {
      found(inspectStatusList({ id, grows, bits, revision }, ended))
      continue
    }
    const document = read(credential)
    const encoded = (document?.['credentialSubject'] as JsonObject | undefined)?.['encodedList']
    const shown = typeof encoded === 'string' ? await suite.decodeStatusList(encoded) : undefined
    if (document === undefined || shown === undefined) {
      found([finding('unreadable', `status list ${id}`)])
      continue
    }
    const signed = { bits: shown, revision: signedRevision }
    found(inspectStatusList({ id, grows, bits, revision, signed }, ended))
    const faults = await faultsOfProofs(needs, { document }, findDid)
    if (faults !== undefined) found([finding('status-list-proof-wrong', id, faults)])
  }
  return lists.length
}
