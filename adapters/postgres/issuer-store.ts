import type { OtherIdentifier } from '#engine/credentials/identifier-entry.ts'
import type { NamedProfile } from '#engine/credentials/issuer-profile.ts'
import type { PostalAddress } from '#engine/credentials/postal-address.ts'
import type { IssuerId, KeyId, OrganisationId, UnitId } from '#engine/shared/ids.ts'
import { type issuer_key as IssuerKeyRow, type issuer as IssuerRow, Prisma } from '#prisma'
import type {
  ChangeableProfile,
  Issuer,
  IssuerKey,
  IssuerStore,
  KeyPurpose,
} from '#services/ports/issuer-store.ts'
import { bytes, date, instant, instantOrNull, known, type Transaction } from './rows.ts'

export function issuerStore(tx: Transaction): IssuerStore {
  return {
    insert: async (issuer) => {
      await tx.issuer.create({
        data: {
          organisation_id: issuer.organisationId,
          id: issuer.id,
          unit_id: issuer.unitId,
          slug: issuer.slug,
          origin: issuer.origin,
          did: issuer.did,
          onchain_id: issuer.onchainId === undefined ? null : bytes(issuer.onchainId),
          name: issuer.name,
          url: issuer.url,
          ...profileColumns(issuer),
          state: issuer.state,
          revision: issuer.revision,
        },
      })
    },
    list: async (organisationId) =>
      (
        await tx.issuer.findMany({
          where: { organisation_id: organisationId },
          orderBy: { created_at: 'asc' },
        })
      ).map(toIssuer),
    find: async (id) => one(await tx.issuer.findUnique({ where: { id } })),
    findMany: async (ids) => (await tx.issuer.findMany({ where: { id: { in: [...ids] } } })).map(toIssuer),
    findBySlug: async (slug) => one(await tx.issuer.findUnique({ where: { slug } })),
    findByDid: async (did) => one(await tx.issuer.findUnique({ where: { did } })),
    changeProfile: async (id, seen, profile) => {
      const { count } = await tx.issuer.updateMany({
        where: { id, revision: seen },
        data: { ...profileColumns(profile), revision: { increment: 1 } },
      })
      return count === 0 ? undefined : one(await tx.issuer.findUnique({ where: { id } }))
    },
    withOpenLeaves: async (organisationId) => {
      const leaf = await tx.leaf.findFirst({
        where: { organisation_id: organisationId, batch_id: null },
        orderBy: { created_at: 'asc' },
      })
      return leaf === null ? undefined : one(await tx.issuer.findUnique({ where: { id: leaf.issuer_id } }))
    },
    lastAnchored: async (organisationId) => {
      const batch = await tx.batch.findFirst({
        where: { organisation_id: organisationId },
        orderBy: { sealed_at: 'desc' },
      })
      return batch === null ? undefined : one(await tx.issuer.findUnique({ where: { id: batch.issuer_id } }))
    },

    insertKey: async (key) => {
      await tx.issuer_key.create({ data: keyRow(key) })
    },
    insertFirstKey: async (key) => {
      const { count } = await tx.issuer_key.createMany({ data: [keyRow(key)], skipDuplicates: true })
      return count === 1
    },
    keys: async (issuerId) =>
      (await tx.issuer_key.findMany({ where: { issuer_id: issuerId }, orderBy: { created_at: 'asc' } })).map(
        toKey,
      ),
    activeKey: async (issuerId, purpose) => {
      const row = await tx.issuer_key.findFirst({ where: { issuer_id: issuerId, purpose, state: 'active' } })
      return row === null ? undefined : toKey(row)
    },
    retireKey: async (id, at) => {
      const { count } = await tx.issuer_key.updateMany({
        where: { id, state: 'active' },
        data: { state: 'retired', ended_at: date(at) },
      })
      return count === 1
    },

    compromiseKey: async (id, since) => {
      await tx.issuer_key.updateMany({ where: { id }, data: { state: 'compromised', ended_at: date(since) } })
    },
    holdKey: async (id) => {
      const [row] = await tx.$queryRaw<{ state: string }[]>`
        SELECT state FROM issuer_key WHERE id = ${id}::uuid FOR SHARE`
      return row?.state as IssuerKey['state'] | undefined
    },
    endEarlier: async (id, at) => {
      await tx.issuer_key.updateMany({
        where: { id, ended_at: { gt: date(at) } },
        data: { ended_at: date(at) },
      })
    },
    openKeyChange: async (issuerId) => {
      const [held] = await tx.$queryRaw<{ id: string }[]>`
        SELECT id::text FROM key_change_request WHERE issuer_id = ${issuerId}::uuid AND used_at IS NULL FOR UPDATE`
      const row =
        held === undefined ? null : await tx.key_change_request.findUnique({ where: { id: held.id } })
      if (row === null) return undefined
      return {
        organisationId: row.organisation_id as OrganisationId,
        id: row.id,
        issuerId,
        requestedBy: row.requested_by,
        createdAt: instant(row.created_at),
      }
    },
    insertKeyChange: async ({ organisationId, id, issuerId, requestedBy, createdAt }) => {
      await tx.key_change_request.create({
        data: {
          organisation_id: organisationId,
          id,
          issuer_id: issuerId,
          requested_by: requestedBy,
          created_at: date(createdAt),
        },
      })
    },
    endKeyChange: async ({ id }, at) => {
      const { count } = await tx.key_change_request.updateMany({
        where: { id, used_at: null },
        data: { used_at: date(at) },
      })
      return count === 1
    },
  }
}

const keyRow = (key: IssuerKey) => ({
  organisation_id: key.organisationId,
  id: key.id,
  issuer_id: key.issuerId,
  purpose: key.purpose,
  public_key: key.publicKey,
  sealed_secret: bytes(key.sealedSecret),
  state: key.state,
  created_at: date(key.createdAt),
})

const one = (row: IssuerRow | null): Issuer | undefined => (row === null ? undefined : toIssuer(row))

/** What is not said becomes null. */
const profileColumns = (profile: ChangeableProfile) => ({
  email: profile.email ?? null,
  description: profile.description ?? null,
  official: profile.official ?? null,
  phone: profile.phone ?? null,
  address: jsonOrNull(profile.address),
  other_identifiers: jsonOrNull(profile.otherIdentifiers),
  parent_org: jsonOrNull(profile.parentOrg),
})

const jsonOrNull = (value: unknown) =>
  value === undefined ? Prisma.DbNull : (value as Prisma.InputJsonValue)

const toIssuer = (row: IssuerRow): Issuer => ({
  ...known({
    onchainId: row.onchain_id,
    email: row.email,
    description: row.description,
    official: row.official,
    phone: row.phone,
    address: row.address as unknown as PostalAddress | null,
    otherIdentifiers: row.other_identifiers as unknown as readonly OtherIdentifier[] | null,
    parentOrg: row.parent_org as unknown as NamedProfile | null,
  }),
  organisationId: row.organisation_id as OrganisationId,
  id: row.id as IssuerId,
  unitId: row.unit_id as UnitId,
  slug: row.slug,
  origin: row.origin,
  did: row.did,
  name: row.name,
  url: row.url,
  state: row.state as Issuer['state'],
  revision: row.revision,
})

const toKey = (row: IssuerKeyRow): IssuerKey => ({
  ...known({ endedAt: instantOrNull(row.ended_at) }),
  organisationId: row.organisation_id as OrganisationId,
  id: row.id as KeyId,
  issuerId: row.issuer_id as IssuerId,
  purpose: row.purpose as KeyPurpose,
  publicKey: row.public_key,
  sealedSecret: row.sealed_secret,
  state: row.state as IssuerKey['state'],
  createdAt: instant(row.created_at),
})
