import type { AwardId } from '#engine/shared/ids.ts'
import { Prisma } from '#prisma'
import type { CredentialStore } from '#services/ports/credential-store.ts'
import type { Transaction } from './rows.ts'

/** Awards that are issued and whose current edition the key signed: `organisation_id, award_id, subject_id`. */
export const underKey = (keyId: string): Prisma.Sql => Prisma.sql`
  SELECT award.organisation_id, award.id AS award_id, award.subject_id
  FROM credential_edition edition
  JOIN credential ON credential.organisation_id = edition.organisation_id AND credential.id = edition.credential_id
  JOIN award ON award.organisation_id = credential.organisation_id AND award.id = credential.award_id
  WHERE edition.key_id = ${keyId}::uuid AND edition.state = 'signed' AND award.state = 'issued'
    AND NOT EXISTS (
      SELECT 1 FROM credential_edition later
      WHERE later.organisation_id = edition.organisation_id AND later.credential_id = edition.credential_id
        AND later.state = 'signed' AND later.edition > edition.edition)`

/** What the credential store says of a compromised key. */
export const credentialsUnderKey = (
  tx: Transaction,
): Pick<CredentialStore, 'awardsUnderKey' | 'countHoldersUnderKey'> => ({
  awardsUnderKey: async (keyId, subjectIds) => {
    const rows = await tx.$queryRaw<{ award_id: string }[]>`
      SELECT award_id::text FROM (${underKey(keyId)}) AS held
      WHERE subject_id = ANY(${[...subjectIds]}::uuid[]) ORDER BY award_id`
    return rows.map(({ award_id }) => award_id as AwardId)
  },
  countHoldersUnderKey: async (keyId) => {
    const [row] = await tx.$queryRaw<{ holders: number }[]>`
      SELECT count(DISTINCT subject_id)::int AS holders FROM (${underKey(keyId)}) AS held`
    return row?.holders ?? 0
  },
})
