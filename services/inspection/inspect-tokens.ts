import { isAsPrepared } from '#engine/credentials/prepared-credential.ts'
import { type Finding, finding } from '#engine/inspection/finding.ts'
import type { OrganisationId } from '#engine/shared/ids.ts'
import type { InspectedToken } from '#services/ports/inspection-store.ts'
import type { FindDid } from '#services/verify/resolve-key.ts'
import { faultsOfProofs } from './inspect-documents.ts'
import type { InspectionNeeds } from './inspection-needs.ts'

const TOKENS_A_PAGE = 100

/** The JWT form of every edition that has one: its signature, its key, and that it says what its edition says. Gives how many there are. */
export async function inspectTokens(
  needs: InspectionNeeds,
  organisationId: OrganisationId,
  findDid: FindDid,
  found: (findings: readonly Finding[]) => void,
): Promise<number> {
  let after: InspectedToken | undefined
  let count = 0
  for (;;) {
    const page = await needs.database.asWorker((stores) =>
      stores.inspection.tokens(organisationId, after, TOKENS_A_PAGE),
    )
    for (const token of page) {
      found(await inspectToken(needs, token, findDid))
      after = token
      count++
    }
    if (page.length < TOKENS_A_PAGE) return count
  }
}

async function inspectToken(
  needs: InspectionNeeds,
  { credentialId, edition, number, jwt, prepared, publicKey }: InspectedToken,
  findDid: FindDid,
): Promise<readonly Finding[]> {
  const about = `${credentialId}/${edition} token ${number}`
  const compact = new TextDecoder().decode(jwt)
  const reading = needs.suite.readJwt(compact)
  if (!reading.ok) return [finding('unreadable', about)]
  const document = reading.credential
  const findings: Finding[] = []
  if (!isAsPrepared(document, prepared)) findings.push(finding('token-altered', about))
  const faults = await faultsOfProofs(needs, { document, compact }, findDid, publicKey)
  if (faults !== undefined) findings.push(finding('token-proof-wrong', about, faults))
  return findings
}
