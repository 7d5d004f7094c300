import type { IssuerId, KeyId, OrganisationId } from '#engine/shared/ids.ts'
import type { vc_api_credential as CredentialRow } from '#prisma'
import type { VcApiCredential, VcApiStore } from '#services/ports/vc-api-store.ts'
import { bytes, date, instant, type Transaction } from './rows.ts'

export function vcApiStore(tx: Transaction): VcApiStore {
  return {
    insert: async (credential) => {
      await tx.vc_api_credential.create({
        data: {
          organisation_id: credential.organisationId,
          id: credential.id,
          issuer_id: credential.issuerId,
          key_id: credential.keyId,
          credential_id: credential.credentialId ?? null,
          status_list_id: credential.status?.listId ?? null,
          status_index: credential.status?.index ?? null,
          actor: credential.actor,
          created_at: date(credential.createdAt),
        },
      })
    },
    keepSigned: async (id, signed, digest) => {
      await tx.vc_api_credential.updateMany({
        where: { id },
        data: { signed: bytes(signed), digest: bytes(digest) },
      })
    },
    named: async ({ credentialId, entry }) => {
      const found = await tx.$queryRaw<{ id: string }[]>`
        SELECT c.id::text FROM vc_api_credential c
        WHERE signed IS NOT NULL AND (credential_id = ${credentialId} OR status_index = ${entry?.index ?? null}::int AND EXISTS (
          SELECT 1 FROM status_list l JOIN issuer i ON i.id = l.issuer_id
          WHERE l.id = c.status_list_id
            AND i.origin || '/issuers/' || i.slug || '/status/' || l.number = ${entry?.list ?? null}::text))
        ORDER BY c.id FOR UPDATE OF c`
      const rows = await tx.vc_api_credential.findMany({
        where: { id: { in: found.map(({ id }) => id) } },
        omit: { signed: true },
        orderBy: { created_at: 'asc' },
      })
      return rows.map(toCredential)
    },
    revoke: async (id, at) => {
      await tx.vc_api_credential.updateMany({
        where: { id, revoked_at: null },
        data: { revoked_at: date(at) },
      })
    },
  }
}

function toCredential(row: Omit<CredentialRow, 'signed'>): VcApiCredential {
  const { status_list_id: listId, status_index: index } = row
  return {
    organisationId: row.organisation_id as OrganisationId,
    id: row.id,
    issuerId: row.issuer_id as IssuerId,
    keyId: row.key_id as KeyId,
    ...(row.credential_id === null ? {} : { credentialId: row.credential_id }),
    ...(listId === null || index === null ? {} : { status: { listId, index } }),
    actor: row.actor,
    createdAt: instant(row.created_at),
    ...(row.revoked_at === null ? {} : { revokedAt: instant(row.revoked_at) }),
  }
}
