import type { Omission } from '#engine/credentials/attested-view.ts'
import type { AwardId, CredentialId, IssuerId, KeyId, LeafId, OrganisationId } from '#engine/shared/ids.ts'
import type {
  credential as CredentialRow,
  credential_edition as EditionRow,
  status_list as ListRow,
} from '#prisma'
import type {
  Credential,
  CredentialEdition,
  CredentialStore,
  SignedEdition,
  StatusList,
} from '#services/ports/credential-store.ts'
import { credentialViews } from './credential-views.ts'
import { bytes, date, instant, instantOrNull, known, type Transaction } from './rows.ts'
import { shareLinks } from './share-links.ts'

export function credentialStore(tx: Transaction): CredentialStore {
  return {
    ofAward: async (credential) => {
      await tx.credential.createMany({
        data: {
          organisation_id: credential.organisationId,
          id: credential.id,
          award_id: credential.awardId,
          issuer_id: credential.issuerId,
          subject_uri: credential.subjectUri,
          created_at: date(credential.createdAt),
        },
        skipDuplicates: true,
      })
      return toCredential(await tx.credential.findFirstOrThrow({ where: { award_id: credential.awardId } }))
    },
    find: async (id) => one(await tx.credential.findUnique({ where: { id } })),
    findByAward: async (awardId) => one(await tx.credential.findFirst({ where: { award_id: awardId } })),
    findByAwards: async (awardIds) =>
      (await tx.credential.findMany({ where: { award_id: { in: [...awardIds] } } })).map(toCredential),
    setVisibility: async (id, visibility, publicOmits) => {
      await tx.credential.update({ where: { id }, data: { visibility, public_omits: [...publicOmits] } })
    },

    insertEdition: async (edition) => {
      await tx.credential_edition.create({
        data: {
          organisation_id: edition.organisationId,
          credential_id: edition.credentialId,
          edition: edition.edition,
          state: edition.state,
          key_id: edition.keyId,
          status_list_id: edition.statusListId,
          status_index: edition.statusIndex,
          prepared: bytes(edition.prepared),
          prepared_at: date(edition.preparedAt),
        },
      })
    },
    editions: async (id) =>
      (
        await tx.credential_edition.findMany({ where: { credential_id: id }, orderBy: { edition: 'asc' } })
      ).map(toEdition),
    editionByDigest: async (digest) => {
      const row = await tx.credential_edition.findFirst({ where: { digest: bytes(digest) } })
      return row === null ? undefined : (toEdition(row) as SignedEdition)
    },
    signEdition: async ({ credentialId, edition, keyId, signed, digest, leafId, signedAt }) => {
      const { count } = await tx.credential_edition.updateMany({
        where: { credential_id: credentialId, edition, state: 'prepared' },
        data: {
          state: 'signed',
          key_id: keyId,
          signed: bytes(signed),
          digest: bytes(digest),
          leaf_id: leafId,
          signed_at: date(signedAt),
        },
      })
      return count === 1
    },
    revokeEdition: async (id, edition, at, reason) => {
      const { count } = await tx.credential_edition.updateMany({
        where: { credential_id: id, edition, revoked_at: null },
        data: { revoked_at: date(at), revocation_reason: reason },
      })
      return count === 1
    },

    openList: async (issuerId) => {
      const [row] = await tx.$queryRaw<{ id: string }[]>`
        SELECT id::text FROM status_list WHERE issuer_id = ${issuerId}::uuid ORDER BY number DESC LIMIT 1 FOR UPDATE`
      return row === undefined
        ? undefined
        : toList(await tx.status_list.findUniqueOrThrow({ where: { id: row.id } }))
    },
    insertList: async (list) => {
      await tx.status_list.createMany({
        data: {
          organisation_id: list.organisationId,
          id: list.id,
          issuer_id: list.issuerId,
          number: list.number,
          length: list.length,
          entries: list.entries,
          bits: bytes(list.bits),
          revision: list.revision,
        },
        skipDuplicates: true,
      })
    },
    isIndexTaken: async (listId, index) =>
      (await tx.credential_edition.count({ where: { status_list_id: listId, status_index: index } })) > 0,
    countEntry: async (listId) => {
      await tx.status_list.update({ where: { id: listId }, data: { entries: { increment: 1 } } })
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

function toEdition(row: EditionRow): CredentialEdition {
  const base = {
    organisationId: row.organisation_id as OrganisationId,
    credentialId: row.credential_id as CredentialId,
    edition: row.edition,
    keyId: row.key_id as KeyId,
    statusListId: row.status_list_id,
    statusIndex: row.status_index,
    prepared: row.prepared,
    preparedAt: instant(row.prepared_at),
  }
  if (row.signed === null || row.digest === null || row.leaf_id === null || row.signed_at === null)
    return { ...base, state: 'prepared' }
  return {
    ...base,
    ...known({ revokedAt: instantOrNull(row.revoked_at), revocationReason: row.revocation_reason }),
    state: 'signed',
    signed: row.signed,
    digest: row.digest,
    leafId: row.leaf_id as LeafId,
    signedAt: instant(row.signed_at),
  }
}

const toList = (row: ListRow): StatusList => ({
  ...known({ credential: row.credential, signedRevision: row.signed_revision }),
  organisationId: row.organisation_id as OrganisationId,
  id: row.id,
  issuerId: row.issuer_id as IssuerId,
  number: row.number,
  length: row.length,
  entries: row.entries,
  bits: row.bits,
  revision: row.revision,
})
