import type { CredentialId, KeyId, OrganisationId } from '#engine/shared/ids.ts'
import type { EditionForm, EditionFormStore } from '#services/ports/edition-form-store.ts'
import { bytes, date, instant, type Transaction } from './rows.ts'

/** The compact JWS of editions. */
export function editionJwtStore(tx: Transaction): EditionFormStore {
  return {
    ofEdition: async (id, edition) =>
      (await tx.edition_jwt.findMany(ofEdition(id, edition))).map((row) => toForm(row, row.jwt)),
    insert: async (form) => {
      const data = [{ ...toRow(form), jwt: bytes(form.bytes) }]
      return (await tx.edition_jwt.createMany({ data, skipDuplicates: true })).count > 0
    },
  }
}

/** Editions with the base proof that their earners derive others from. */
export function editionBaseStore(tx: Transaction): EditionFormStore {
  return {
    ofEdition: async (id, edition) =>
      (await tx.edition_base.findMany(ofEdition(id, edition))).map((row) => toForm(row, row.document)),
    insert: async (form) => {
      const data = [{ ...toRow(form), document: bytes(form.bytes) }]
      return (await tx.edition_base.createMany({ data, skipDuplicates: true })).count > 0
    },
  }
}

const ofEdition = (id: CredentialId, edition: number) => ({
  where: { credential_id: id, edition },
  orderBy: { number: 'asc' as const },
})

interface FormRow {
  readonly organisation_id: string
  readonly credential_id: string
  readonly edition: number
  readonly number: number
  readonly key_id: string
  readonly signed_at: Date
}

const toRow = ({ organisationId, credentialId, edition, number, keyId, signedAt }: EditionForm): FormRow => ({
  organisation_id: organisationId,
  credential_id: credentialId,
  edition,
  number,
  key_id: keyId,
  signed_at: date(signedAt),
})

const toForm = (row: FormRow, signed: Uint8Array): EditionForm => ({
  organisationId: row.organisation_id as OrganisationId,
  credentialId: row.credential_id as CredentialId,
  edition: row.edition,
  number: row.number,
  keyId: row.key_id as KeyId,
  bytes: signed,
  signedAt: instant(row.signed_at),
})
