import { disclosableDocument } from '#engine/credentials/disclosure-parts.ts'
import { credentialBytes, isAsPrepared, unsignedDocument } from '#engine/credentials/prepared-credential.ts'
import { type Finding, finding } from '#engine/inspection/finding.ts'
import { equalBytes } from '#engine/shared/bytes.ts'
import type { OrganisationId } from '#engine/shared/ids.ts'
import type { JsonObject } from '#engine/shared/json.ts'
import type { EditionFormKind, InspectedForm } from '#services/ports/inspection-store.ts'
import type { ReadCredential } from '#services/verify/check-proofs.ts'
import type { FindDid } from '#services/verify/resolve-key.ts'
import { faultsOfProofs, read } from './inspect-documents.ts'
import type { InspectionNeeds } from './inspection-needs.ts'

const FORMS_A_PAGE = 100

/**
 * The JWT form, or the base proof, of every edition that has one: its signature, its key, and that it says what its edition
 * says. Gives how many there are.
 */
export async function inspectForms(
  needs: InspectionNeeds,
  kind: EditionFormKind,
  organisationId: OrganisationId,
  findDid: FindDid,
  found: (findings: readonly Finding[]) => void,
): Promise<number> {
  let after: InspectedForm | undefined
  let count = 0
  for (;;) {
    const page = await needs.database.asWorker((stores) =>
      stores.inspection.forms(kind, organisationId, after, FORMS_A_PAGE),
    )
    for (const form of page) {
      found(await inspectForm(needs, kind, form, findDid))
      after = form
      count++
    }
    if (page.length < FORMS_A_PAGE) return count
  }
}

async function inspectForm(
  needs: InspectionNeeds,
  kind: EditionFormKind,
  { credentialId, edition, number, bytes, prepared, publicKey }: InspectedForm,
  findDid: FindDid,
): Promise<readonly Finding[]> {
  const { name, open, isAltered } = FORMS[kind]
  const about = `${credentialId}/${edition} ${name} ${number}`
  const opened = open(needs, bytes)
  if (opened === undefined) return [finding('unreadable', about)]
  const findings: Finding[] = []
  if (isAltered(opened.document, prepared)) findings.push(finding(`${name}-altered`, about))
  const faults = await faultsOfProofs(needs, opened, findDid, publicKey)
  if (faults !== undefined) findings.push(finding(`${name}-proof-wrong`, about, faults))
  return findings
}

const FORMS = {
  jwt: {
    name: 'token',
    open: ({ suite }: InspectionNeeds, bytes: Uint8Array): ReadCredential | undefined => {
      const compact = new TextDecoder().decode(bytes)
      const reading = suite.readJwt(compact)
      return reading.ok ? { document: reading.credential, compact } : undefined
    },
    isAltered: (document: JsonObject, prepared: Uint8Array) => !isAsPrepared(document, prepared),
  },
  base: {
    name: 'base',
    open: (_: InspectionNeeds, bytes: Uint8Array): ReadCredential | undefined => {
      const document = read(bytes)
      return document === undefined ? undefined : { document }
    },
    isAltered: (document: JsonObject, prepared: Uint8Array) => {
      const before = read(prepared)
      return (
        before === undefined ||
        !equalBytes(credentialBytes(unsignedDocument(document)), credentialBytes(disclosableDocument(before)))
      )
    },
  },
} as const
