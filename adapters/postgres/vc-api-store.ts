import type { StatusListPurpose } from '#engine/credentials/status-list.ts'
import { byId } from '#engine/shared/by-id.ts'
import type { IssuerId, KeyId, OrganisationId } from '#engine/shared/ids.ts'
import type { vc_api_credential as CredentialRow, Prisma, vc_api_status as StatusRow } from '#prisma'
import type { VcApiCredential, VcApiStatus, VcApiStore } from '#services/ports/vc-api-store.ts'
import {
  bytes,
  date,
  dateOrNull,
  instant,
  instantOrNull,
  known,
  newestFirst,
  page,
  type Transaction,
} from './rows.ts'

export function vcApiStore(tx: Transaction): VcApiStore {
  return {
    insert: async (credential) => {
      const { organisationId, id, statuses } = credential
      await tx.vc_api_credential.create({
        data: {
          organisation_id: organisationId,
          id,
          issuer_id: credential.issuerId,
          key_id: credential.keyId,
          credential_id: credential.credentialId ?? null,
          actor: credential.actor,
          created_at: date(credential.createdAt),
        },
      })
      if (statuses.length > 0)
        await tx.vc_api_status.createMany({
          data: statuses.map(({ purpose, listId, index, setAt }) => ({
            organisation_id: organisationId,
            credential_id: id,
            purpose,
            status_list_id: listId,
            status_index: index,
            set_at: dateOrNull(setAt),
          })),
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
        WHERE signed IS NOT NULL AND (credential_id = ${credentialId} OR c.id = ANY(ARRAY(
          SELECT s.credential_id FROM vc_api_status s
          JOIN status_list l ON l.id = s.status_list_id JOIN issuer i ON i.id = l.issuer_id
          WHERE s.status_index = ${entry?.index ?? null}::int
            AND i.origin || '/issuers/' || i.slug || '/status/' || l.number = ${entry?.list ?? null}::text)))
        ORDER BY c.id FOR UPDATE OF c`
      return load(
        tx,
        found.map(({ id }) => id),
      )
    },
    setStatus: async (id, purpose, at) => {
      await tx.vc_api_status.updateMany({
        where: { credential_id: id, purpose },
        data: { set_at: dateOrNull(at) },
      })
    },
    underKey: async (keyId, request) => {
      const found = await tx.vc_api_credential.findMany({
        ...newestFirst<Prisma.vc_api_credentialWhereInput>('created_at', request, {
          key_id: keyId,
          signed: { not: null },
        }),
        select: { id: true },
      })
      const loaded = await load(
        tx,
        found.map(({ id }) => id),
      )
      const of = byId(loaded)
      const items = found.flatMap(({ id }) => of.get(id) ?? [])
      return page(items, request.limit, ({ createdAt }) => createdAt)
    },
    countUnderKey: (keyId) => tx.vc_api_credential.count({ where: { key_id: keyId, signed: { not: null } } }),
  }
}

/** These, without their documents, in the order of their ids, which is that of their making. */
async function load(tx: Transaction, ids: string[]): Promise<readonly VcApiCredential[]> {
  const rows = await tx.vc_api_credential.findMany({
    where: { id: { in: ids } },
    omit: { signed: true },
    orderBy: { id: 'asc' },
  })
  const statuses = await tx.vc_api_status.findMany({
    where: { credential_id: { in: ids } },
    orderBy: { purpose: 'asc' },
  })
  const of = Map.groupBy(statuses, ({ credential_id }) => credential_id)
  return rows.map((row) => toVcApiCredential(row, of.get(row.id) ?? []))
}

export function toVcApiCredential(
  row: Omit<CredentialRow, 'signed'>,
  statuses: readonly StatusRow[],
): VcApiCredential {
  return {
    ...known({ credentialId: row.credential_id }),
    organisationId: row.organisation_id as OrganisationId,
    id: row.id,
    issuerId: row.issuer_id as IssuerId,
    keyId: row.key_id as KeyId,
    statuses: statuses.map(toStatus),
    actor: row.actor,
    createdAt: instant(row.created_at),
  }
}

const toStatus = (row: StatusRow): VcApiStatus => ({
  ...known({ setAt: instantOrNull(row.set_at) }),
  purpose: row.purpose as StatusListPurpose,
  listId: row.status_list_id,
  index: row.status_index,
})
