import type { EditionCause, EditionEnd } from '#engine/awards/award-life.ts'
import type { Omission } from '#engine/credentials/attested-view.ts'
import type { StatusListPurpose } from '#engine/credentials/status-list.ts'
import type { AwardId, CredentialId, IssuerId, KeyId, LeafId, OrganisationId } from '#engine/shared/ids.ts'
import {
  type credential as CredentialRow,
  type credential_edition as EditionRow,
  type status_list as ListRow,
  Prisma,
} from '#prisma'
import type {
  Credential,
  CredentialEdition,
  CredentialStore,
  SignedEdition,
  StatusList,
} from '#services/ports/credential-store.ts'
import { credentialViews } from './credential-views.ts'
import { bytes, date, dateOrNull, instant, instantOrNull, known, type Transaction } from './rows.ts'
import { shareLinks } from './share-links.ts'
import { inTurns } from './turns.ts'
import { credentialsUnderKey } from './under-key.ts'

const newRow = (credential: Credential) => ({
  organisation_id: credential.organisationId,
  id: credential.id,
  award_id: credential.awardId,
  issuer_id: credential.issuerId,
  subject_uri: credential.subjectUri,
  created_at: date(credential.createdAt),
})

export function credentialStore(tx: Transaction): CredentialStore {
  return {
    ofAward: async (credential) => {
      await tx.credential.createMany({
        data: newRow(credential),
        skipDuplicates: true,
      })
      return toCredential(await tx.credential.findFirstOrThrow({ where: { award_id: credential.awardId } }))
    },
    ofAwards: async (credentials) => {
      await tx.credential.createMany({
        data: credentials.map(newRow),
        skipDuplicates: true,
      })
      const rows = await tx.credential.findMany({
        where: { award_id: { in: credentials.map(({ awardId }) => awardId) } },
      })
      const byAward = new Map(rows.map((row) => [row.award_id as AwardId, toCredential(row)]))
      return credentials.map((credential) => byAward.get(credential.awardId) ?? credential)
    },
    find: async (id) => one(await tx.credential.findUnique({ where: { id } })),
    findMany: async (ids) =>
      (await tx.credential.findMany({ where: { id: { in: [...ids] } } })).map(toCredential),
    findByAward: async (awardId) => one(await tx.credential.findFirst({ where: { award_id: awardId } })),
    findByAwards: async (awardIds) =>
      (await tx.credential.findMany({ where: { award_id: { in: [...awardIds] } } })).map(toCredential),
    setVisibility: async (id, visibility, publicOmits) => {
      await tx.credential.update({ where: { id }, data: { visibility, public_omits: [...publicOmits] } })
    },

    insertEditions: async (editions) => {
      await tx.credential_edition.createMany({
        data: editions.map((edition) => ({
          organisation_id: edition.organisationId,
          credential_id: edition.credentialId,
          edition: edition.edition,
          cause: edition.cause,
          reason: edition.reason ?? null,
          state: edition.state,
          key_id: edition.keyId,
          status_list_id: edition.statusListId,
          status_index: edition.statusIndex,
          prepared: bytes(edition.prepared),
          prepared_at: date(edition.preparedAt),
        })),
      })
    },
    editions: async (id) =>
      (
        await tx.credential_edition.findMany({ where: { credential_id: id }, orderBy: { edition: 'asc' } })
      ).map(toEdition),
    editionsOfMany: async (ids) => {
      const rows = await tx.credential_edition.findMany({
        where: { credential_id: { in: [...ids] } },
        select: { credential_id: true, edition: true, state: true },
        orderBy: { edition: 'asc' },
      })
      return rows.map(({ credential_id, edition, state }) => ({
        credentialId: credential_id as CredentialId,
        edition,
        state: state as CredentialEdition['state'],
      }))
    },
    currentEditions: async (ids) => {
      const rows = await tx.credential_edition.findMany({
        where: { credential_id: { in: [...ids] }, state: 'signed' },
        orderBy: [{ credential_id: 'asc' }, { edition: 'desc' }],
        distinct: ['credential_id'],
      })
      return rows.map((row) => toEdition(row) as SignedEdition)
    },
    editionByDigest: async (digest) => {
      const row = await tx.credential_edition.findFirst({ where: { digest: bytes(digest) } })
      return row === null ? undefined : (toEdition(row) as SignedEdition)
    },
    signEditions: (editions) =>
      tx.$executeRaw`
        UPDATE credential_edition signing SET state = 'signed', key_id = given.key_id, signed = given.signed,
          digest = given.digest, leaf_id = given.leaf_id, signed_at = given.signed_at
        FROM unnest(
          ${editions.map(({ credentialId }) => credentialId)}::uuid[], ${editions.map(({ edition }) => edition)}::int[],
          ${editions.map(({ statusListId }) => statusListId)}::uuid[], ${editions.map(({ statusIndex }) => statusIndex)}::int[],
          ${editions.map(({ keyId }) => keyId)}::uuid[], ${editions.map(({ signed }) => Buffer.from(signed))}::bytea[],
          ${editions.map(({ digest }) => Buffer.from(digest))}::bytea[], ${editions.map(({ leafId }) => leafId)}::uuid[],
          ${editions.map(({ signedAt }) => date(signedAt))}::timestamptz[]
        ) AS given (credential_id, edition, list_id, list_index, key_id, signed, digest, leaf_id, signed_at)
        WHERE signing.credential_id = given.credential_id AND signing.edition = given.edition AND signing.state = 'prepared'
          -- Another document may have taken its number meanwhile.
          AND signing.status_list_id = given.list_id AND signing.status_index = given.list_index`,
    endEditions: async (editions, { by, at, reason }) => {
      if (editions.length === 0) return
      await tx.$executeRaw`
        UPDATE credential_edition ended SET ended_by = ${by}, revoked_at = coalesce(ended.revoked_at, ${date(at)}),
          revocation_reason = coalesce(${reason ?? null}::text, ended.revocation_reason)
        FROM unnest(
          ${editions.map(({ credentialId }) => credentialId)}::uuid[], ${editions.map(({ edition }) => edition)}::int[]
        ) AS given (credential_id, edition)
        WHERE ended.credential_id = given.credential_id AND ended.edition = given.edition`
    },
    dropPrepared: async (id) => {
      const { count } = await tx.credential_edition.deleteMany({
        where: { credential_id: id, edition: { gt: 1 }, state: 'prepared' },
      })
      return count > 0
    },
    dropUnfit: async ({ credentialId, edition }) => {
      const where = { credential_id: credentialId, edition, state: 'prepared' }
      const { count } = await tx.credential_edition.deleteMany({ where })
      return count > 0
    },
    claimPrepared: async (limit, now, until) => {
      const rows = await tx.$queryRaw<{ credential_id: string; edition: number }[]>`
        ${inTurns({
          table: Prisma.sql`credential_edition`,
          key: Prisma.sql`credential_id, edition`,
          waits: Prisma.sql`state = 'prepared' AND edition > 1 AND parked_at IS NULL
            AND (next_attempt_at IS NULL OR next_attempt_at <= ${date(now)})`,
          since: Prisma.sql`prepared_at`,
          limit,
        })}
        UPDATE credential_edition claimed SET next_attempt_at = ${date(until)} FROM waiting
        WHERE claimed.credential_id = waiting.credential_id AND claimed.edition = waiting.edition
        RETURNING claimed.credential_id::text, claimed.edition`
      const found = await tx.credential_edition.findMany({
        where: { OR: rows.map(({ credential_id, edition }) => ({ credential_id, edition })) },
        orderBy: { prepared_at: 'asc' },
      })
      return found.map(toEdition)
    },
    failEdition: async ({ credentialId, edition }, { error, at, next }) => {
      const where = { credential_id: credentialId, edition, state: 'prepared' }
      const row = await tx.credential_edition.findFirst({ where, select: { attempts: true } })
      if (row === null) return
      const again = next(row.attempts)
      await tx.credential_edition.updateMany({
        where,
        data: {
          attempts: { increment: 1 },
          last_error: error.slice(0, 500),
          next_attempt_at: dateOrNull(again),
          ...(again === undefined ? { parked_at: date(at) } : {}),
        },
      })
    },

    openList: async (issuerId, purpose) => {
      const [row] = await tx.$queryRaw<{ id: string }[]>`
        SELECT id::text FROM status_list WHERE issuer_id = ${issuerId}::uuid AND purpose = ${purpose}
        ORDER BY number DESC LIMIT 1 FOR UPDATE`
      return row === undefined
        ? undefined
        : toList(await tx.status_list.findUniqueOrThrow({ where: { id: row.id } }))
    },
    lastListNumber: async (issuerId) => {
      const { _max } = await tx.status_list.aggregate({
        where: { issuer_id: issuerId },
        _max: { number: true },
      })
      return _max.number ?? 0
    },
    insertList: async (list) => {
      await tx.status_list.createMany({
        data: {
          organisation_id: list.organisationId,
          id: list.id,
          issuer_id: list.issuerId,
          number: list.number,
          purpose: list.purpose,
          length: list.length,
          entries: list.entries,
          bits: bytes(list.bits),
          revision: list.revision,
        },
        skipDuplicates: true,
      })
    },
    takenIndexes: async (listId, indexes) => {
      const rows = await tx.$queryRaw<{ number: number }[]>`
        SELECT number FROM unnest(${[...indexes]}::int[]) AS wanted (number)
        WHERE EXISTS (SELECT 1 FROM credential_edition WHERE status_list_id = ${listId}::uuid AND status_index = number)
          OR EXISTS (SELECT 1 FROM vc_api_status WHERE status_list_id = ${listId}::uuid AND status_index = number)`
      return rows.map(({ number }) => number)
    },
    countEntries: async (listId, entries) => {
      await tx.status_list.update({ where: { id: listId }, data: { entries: { increment: entries } } })
    },
    list: async (issuerId, number) => {
      const row = await tx.status_list.findUnique({
        where: { issuer_id_number: { issuer_id: issuerId, number } },
      })
      return row === null ? undefined : toList(row)
    },
    listForUpdate: async (id) => {
      await tx.$queryRaw`SELECT 1 FROM status_list WHERE id = ${id}::uuid FOR UPDATE`
      const row = await tx.status_list.findUnique({ where: { id } })
      return row === null ? undefined : toList(row)
    },
    saveBits: async (id, bits) => {
      await tx.status_list.update({ where: { id }, data: { bits: bytes(bits), revision: { increment: 1 } } })
    },
    saveListCredential: async (id, revision, credential) => {
      await tx.status_list.updateMany({
        where: { id, revision },
        data: { credential: bytes(credential), signed_revision: revision },
      })
    },

    forgetSignedLists: async (issuerId) => {
      await tx.status_list.updateMany({
        where: { issuer_id: issuerId },
        // One that is being signed at this moment is of an older revision, and not kept.
        data: { credential: null, signed_revision: null, revision: { increment: 1 } },
      })
    },

    ...credentialsUnderKey(tx),
    ...shareLinks(tx),
    ...credentialViews(tx),
  }
}

const one = (row: CredentialRow | null): Credential | undefined =>
  row === null ? undefined : toCredential(row)

const toCredential = (row: CredentialRow): Credential => ({
  organisationId: row.organisation_id as OrganisationId,
  id: row.id as CredentialId,
  awardId: row.award_id as AwardId,
  issuerId: row.issuer_id as IssuerId,
  subjectUri: row.subject_uri,
  visibility: row.visibility as Credential['visibility'],
  publicOmits: row.public_omits as readonly Omission[],
  createdAt: instant(row.created_at),
})

export function toEdition(row: EditionRow): CredentialEdition {
  const base = {
    ...known({ reason: row.reason }),
    organisationId: row.organisation_id as OrganisationId,
    credentialId: row.credential_id as CredentialId,
    edition: row.edition,
    cause: row.cause as EditionCause,
    keyId: row.key_id as KeyId,
    statusListId: row.status_list_id,
    statusIndex: row.status_index,
    prepared: row.prepared,
    preparedAt: instant(row.prepared_at),
  }
  if (row.signed === null || row.digest === null || row.leaf_id === null || row.signed_at === null)
    return { ...base, ...known({ parkedAt: instantOrNull(row.parked_at) }), state: 'prepared' }
  return {
    ...base,
    ...known({
      endedBy: row.ended_by as EditionEnd | null,
      revokedAt: instantOrNull(row.revoked_at),
      revocationReason: row.revocation_reason,
    }),
    state: 'signed',
    signed: row.signed,
    digest: row.digest,
    leafId: row.leaf_id as LeafId,
    signedAt: instant(row.signed_at),
  }
}

export const toList = (row: ListRow): StatusList => ({
  ...known({ credential: row.credential, signedRevision: row.signed_revision }),
  organisationId: row.organisation_id as OrganisationId,
  id: row.id,
  issuerId: row.issuer_id as IssuerId,
  number: row.number,
  purpose: row.purpose as StatusListPurpose,
  length: row.length,
  entries: row.entries,
  bits: row.bits,
  revision: row.revision,
})
