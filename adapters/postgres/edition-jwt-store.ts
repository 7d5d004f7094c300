import type { CredentialId, KeyId, OrganisationId } from '#engine/shared/ids.ts'
import type { EditionJwtStore } from '#services/ports/edition-jwt-store.ts'
import { date, instant, type Transaction } from './rows.ts'

export function editionJwtStore(tx: Transaction): EditionJwtStore {
  return {
    ofEdition: async (id, edition) => {
      const rows = await tx.edition_jwt.findMany({
        where: { credential_id: id, edition },
        orderBy: { number: 'asc' },
      })
      return rows.map((row) => ({
        organisationId: row.organisation_id as OrganisationId,
        credentialId: row.credential_id as CredentialId,
        edition: row.edition,
        number: row.number,
        keyId: row.key_id as KeyId,
        jwt: row.jwt,
        signedAt: instant(row.signed_at),
      }))
    },
    insert: async ({ organisationId, credentialId, edition, number, keyId, jwt, signedAt }) => {
      const inserted = await tx.edition_jwt.createMany({
        data: [
          {
            organisation_id: organisationId,
            credential_id: credentialId,
            edition,
            number,
            key_id: keyId,
            jwt: Buffer.from(jwt),
            signed_at: date(signedAt),
          },
        ],
        skipDuplicates: true,
      })
      return inserted.count > 0
    },
  }
}
