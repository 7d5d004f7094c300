import { LEAF_KINDS } from '#engine/anchoring/leaf.ts'
import type { CredentialId, LeafId, OrganisationId } from '#engine/shared/ids.ts'
import type { JsonObject } from '#engine/shared/json.ts'
import { Prisma } from '#prisma'
import type { EditionFormKind, InspectionStore } from '#services/ports/inspection-store.ts'
import { toBatch, toLeaf } from './anchoring-store.ts'
import { toAuditHead, toChainedEntry } from './audit-store.ts'
import { toEdition, toList } from './credential-store.ts'
import { toEndorsement } from './endorsement-store.ts'
import type { Transaction } from './rows.ts'
import { toVcApiCredential } from './vc-api-store.ts'

export function inspectionStore(tx: Transaction): InspectionStore {
  /** The leaves of these, by id. */
  const leavesOf = async (ids: readonly (string | null)[]) => {
    const rows = await tx.leaf.findMany({ where: { id: { in: ids.filter((id) => id !== null) } } })
    return new Map(rows.map((row) => [row.id, toLeaf(row)]))
  }

  return {
    organisations: async () => {
      const rows = await tx.organisation.findMany({
        orderBy: { id: 'asc' },
        select: { id: true, slug: true },
      })
      return rows.map(({ id, slug }) => ({ id: id as OrganisationId, slug }))
    },
    batches: async (issuerId, fromSequence, limit) =>
      (
        await tx.batch.findMany({
          where: { issuer_id: issuerId, sequence: { gte: fromSequence } },
          orderBy: { sequence: 'asc' },
          take: limit,
        })
      ).map(toBatch),
    rootsOf: async (issuerId) =>
      (await tx.batch.findMany({ where: { issuer_id: issuerId }, select: { root: true } })).map(
        ({ root }) => root,
      ),
    leavesIn: async (batchId) => (await tx.leaf.findMany({ where: { batch_id: batchId } })).map(toLeaf),
    revocationsUnderWay: async (batchId) => {
      const rows = await tx.chain_task.findMany({
        where: {
          batch_id: batchId,
          kind: 'revoke',
          state: { in: ['queued', 'signed', 'sent', 'mined'] },
          parked_at: null,
        },
        select: { positions: true },
      })
      return rows.flatMap(({ positions }) => positions)
    },
    editions: async (organisationId, after, limit) => {
      const rows = await tx.credential_edition.findMany({
        where: {
          organisation_id: organisationId,
          state: 'signed',
          ...(after === undefined
            ? {}
            : {
                OR: [
                  { credential_id: { gt: after.credentialId } },
                  { credential_id: after.credentialId, edition: { gt: after.edition } },
                ],
              }),
        },
        orderBy: [{ credential_id: 'asc' }, { edition: 'asc' }],
        take: limit,
      })
      const leaves = await leavesOf(rows.map((row) => row.leaf_id))
      return rows.map(toEdition).flatMap((edition) => {
        if (edition.state !== 'signed') return []
        const leaf = leaves.get(edition.leafId)
        return [{ ...edition, ...(leaf === undefined ? {} : { leaf }) }]
      })
    },
    forms: async (kind, organisationId, after, limit) => {
      const form = FORMS[kind]
      const rows = await tx.$queryRaw<
        {
          credential_id: string
          edition: number
          number: number
          bytes: Buffer
          prepared: Buffer
          public_key: string
        }[]
      >`
        SELECT form.credential_id::text, form.edition, form.number, form.bytes, edition.prepared, key.public_key
        FROM ${form}
        JOIN credential_edition edition ON edition.organisation_id = form.organisation_id
          AND edition.credential_id = form.credential_id AND edition.edition = form.edition
        JOIN issuer_key key ON key.organisation_id = form.organisation_id AND key.id = form.key_id
        WHERE form.organisation_id = ${organisationId}::uuid AND (${after?.credentialId ?? null}::uuid IS NULL
          OR (form.credential_id, form.edition, form.number)
            > (${after?.credentialId ?? null}::uuid, ${after?.edition ?? 0}::int, ${after?.number ?? 0}::int))
        ORDER BY form.credential_id, form.edition, form.number LIMIT ${limit}::int`
      return rows.map(({ credential_id, edition, number, bytes, prepared, public_key }) => ({
        credentialId: credential_id as CredentialId,
        edition,
        number,
        bytes,
        prepared,
        publicKey: public_key,
      }))
    },
    vcApiCredentials: async (organisationId, after, limit) => {
      const rows = await tx.vc_api_credential.findMany({
        where: {
          organisation_id: organisationId,
          signed: { not: null },
          ...(after === undefined ? {} : { id: { gt: after } }),
        },
        orderBy: { id: 'asc' },
        take: limit,
      })
      const statuses = await tx.vc_api_status.findMany({
        where: { credential_id: { in: rows.map(({ id }) => id) } },
      })
      const entriesOf = Map.groupBy(statuses, ({ credential_id }) => credential_id)
      return rows.flatMap((row) => {
        const { signed, digest } = row
        if (signed === null || digest === null) return []
        return [{ ...toVcApiCredential(row, entriesOf.get(row.id) ?? []), signed, digest }]
      })
    },
    endorsements: async (organisationId, after, limit) => {
      const rows = await tx.endorsement.findMany({
        where: {
          organisation_id: organisationId,
          signed: { not: null },
          ...(after === undefined ? {} : { id: { gt: after } }),
        },
        orderBy: { id: 'asc' },
        take: limit,
      })
      const leaves = await leavesOf(rows.map((row) => row.leaf_id))
      return rows.map((row) => {
        const leaf = row.leaf_id === null ? undefined : leaves.get(row.leaf_id)
        return { ...toEndorsement(row), ...(leaf === undefined ? {} : { leafDigest: leaf.digest }) }
      })
    },
    statusLists: async (organisationId) =>
      (
        await tx.status_list.findMany({ where: { organisation_id: organisationId }, orderBy: { id: 'asc' } })
      ).map(toList),
    endedIn: async (listId) => {
      const select = { status_index: true } as const
      const editions = await tx.credential_edition.findMany({
        where: { status_list_id: listId, revoked_at: { not: null } },
        select,
      })
      const others = await tx.vc_api_status.findMany({
        where: { status_list_id: listId, set_at: { not: null } },
        select,
      })
      return [...editions, ...others].map(({ status_index }) => Number(status_index))
    },
    auditLinks: async (organisationId, afterSequence, limit) => {
      const rows = await tx.audit.findMany({
        where: { organisation_id: organisationId, sequence: { gt: BigInt(afterSequence) } },
        orderBy: { sequence: 'asc' },
        take: limit,
      })
      const details = await tx.audit_detail.findMany({
        where: { organisation_id: organisationId, audit_id: { in: rows.map(({ id }) => id) } },
      })
      const detailOf = new Map(
        details.map(({ audit_id, salt, detail }) => [audit_id, { salt, words: detail as JsonObject }]),
      )
      return rows.map((row) => {
        const detail = detailOf.get(row.id)
        return {
          entry: toChainedEntry(row),
          head: { sequence: Number(row.sequence), hash: row.hash ?? new Uint8Array() },
          ...(detail === undefined ? {} : { detail }),
        }
      })
    },
    auditLeaves: async (organisationId) => {
      const where = { organisation_id: organisationId, kind: LEAF_KINDS['audit-head'] }
      return (await tx.leaf.findMany({ where, select: { id: true } })).map(({ id }) => id as LeafId)
    },
    auditHeads: async (organisationId) => {
      const rows = await tx.audit_head.findMany({
        where: { organisation_id: organisationId },
        orderBy: { sequence: 'asc' },
      })
      const leaves = await leavesOf(rows.map((row) => row.leaf_id))
      return rows.map((row) => {
        const leaf = leaves.get(row.leaf_id)
        return { ...toAuditHead(row), ...(leaf === undefined ? {} : { leafDigest: leaf.digest }) }
      })
    },
  }
}

/** The tables of the forms, with what they were signed as under one name. */
const FORMS: Readonly<Record<EditionFormKind, Prisma.Sql>> = {
  jwt: Prisma.sql`(SELECT organisation_id, credential_id, edition, number, key_id, jwt AS bytes FROM edition_jwt) form`,
  base: Prisma.sql`(SELECT organisation_id, credential_id, edition, number, key_id, document AS bytes FROM edition_base) form`,
}
