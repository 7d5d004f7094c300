import type { AchievementId, EndorsementId, IssuerId, LeafId, OrganisationId } from '#engine/shared/ids.ts'
import type { endorsement as EndorsementRow } from '#prisma'
import type {
  Endorsement,
  EndorsementState,
  EndorsementStore,
  EndorsementTarget,
} from '#services/ports/endorsement-store.ts'
import { bytes, date, instant, instantOrNull, known, type Transaction } from './rows.ts'

/** How many a list shows, the newest first. */
const MOST = 500

export function endorsementStore(tx: Transaction): EndorsementStore {
  const newestOf = async (organisationId: OrganisationId, achievementIds: readonly AchievementId[]) => {
    const rows = await tx.$queryRaw<{ id: string }[]>`
      SELECT id::text FROM endorsement WHERE organisation_id = ${organisationId}::uuid
        AND webhook_target_unit(organisation_id, target, target_id) = ANY(${[...achievementIds]}::uuid[])
      ORDER BY requested_at DESC LIMIT ${MOST}`
    return rows.map(({ id }) => id)
  }
  return {
    insert: async (endorsement, tokenHash) => {
      await tx.endorsement.create({
        data: {
          organisation_id: endorsement.organisationId,
          id: endorsement.id,
          issuer_id: endorsement.issuerId,
          target: endorsement.target,
          target_id: endorsement.targetId,
          endorser_did: endorsement.endorserDid,
          endorser_name: endorsement.endorserName,
          endorser_email: endorsement.endorserEmail ?? null,
          token_hash: bytes(tokenHash),
          state: endorsement.state,
          prepared: bytes(endorsement.prepared),
          requested_at: date(endorsement.requestedAt),
        },
      })
    },
    find: async (id) => one(await tx.endorsement.findUnique({ where: { id } })),
    findByToken: async (tokenHash) =>
      one(await tx.endorsement.findUnique({ where: { token_hash: bytes(tokenHash) } })),
    list: async (organisationId, among) =>
      (
        await tx.endorsement.findMany({
          where: {
            organisation_id: organisationId,
            ...(among === undefined ? {} : { id: { in: await newestOf(organisationId, among) } }),
          },
          orderBy: { requested_at: 'desc' },
          take: MOST,
        })
      ).map(toEndorsement),
    ofTarget: async (organisationId, targetId) =>
      (
        await tx.endorsement.findMany({
          where: { organisation_id: organisationId, target_id: targetId },
          orderBy: { requested_at: 'asc' },
        })
      ).map(toEndorsement),
    ofTargets: async (organisationId, targetIds) =>
      (
        await tx.endorsement.findMany({
          where: { organisation_id: organisationId, target_id: { in: [...targetIds] } },
          orderBy: { requested_at: 'asc' },
        })
      ).map(toEndorsement),
    lastMailed: async (organisationId, endorserDid) =>
      one(
        await tx.endorsement.findFirst({
          where: {
            organisation_id: organisationId,
            endorser_did: endorserDid,
            NOT: { endorser_email: null },
          },
          orderBy: { requested_at: 'desc' },
        }),
      ),
    replaceToken: async (id, tokenHash) => {
      const { count } = await tx.endorsement.updateMany({
        where: { id, state: { in: ['requested', 'viewed'] } },
        data: { token_hash: bytes(tokenHash) },
      })
      return count === 1
    },
    published: async (targetIds) =>
      (
        await tx.endorsement.findMany({
          where: { target_id: { in: [...targetIds] }, state: 'published' },
          orderBy: { published_at: 'asc' },
        })
      ).map(toEndorsement),
    view: async (id, at) => {
      await tx.endorsement.updateMany({
        where: { id, state: 'requested' },
        data: { state: 'viewed', viewed_at: date(at) },
      })
    },
    sign: async (id, signed, digest, at) => {
      const { count } = await tx.endorsement.updateMany({
        where: { id, state: { in: ['requested', 'viewed'] } },
        data: { state: 'signed', signed: bytes(signed), digest: bytes(digest), signed_at: date(at) },
      })
      return count === 1
    },
    publish: async (id, leafId, at) => {
      const { count } = await tx.endorsement.updateMany({
        where: { id, state: 'signed' },
        data: { state: 'published', leaf_id: leafId, published_at: date(at) },
      })
      return count === 1
    },
    outdate: async (organisationId, targetId) => {
      const rows = await tx.endorsement.updateManyAndReturn({
        where: {
          organisation_id: organisationId,
          target_id: targetId,
          state: { in: ['requested', 'viewed', 'signed', 'published'] },
        },
        data: { state: 'stale' },
        select: { id: true },
      })
      return rows.map(({ id }) => id as EndorsementId)
    },
    move: async (id, from, to) => {
      const { count } = await tx.endorsement.updateMany({
        where: { id, state: { in: [...from] } },
        data: { state: to },
      })
      return count === 1
    },
  }
}

const one = (row: EndorsementRow | null): Endorsement | undefined =>
  row === null ? undefined : toEndorsement(row)

export const toEndorsement = (row: EndorsementRow): Endorsement => ({
  ...known({
    endorserEmail: row.endorser_email,
    signed: row.signed,
    digest: row.digest,
    leafId: row.leaf_id as LeafId | null,
    viewedAt: instantOrNull(row.viewed_at),
    signedAt: instantOrNull(row.signed_at),
    publishedAt: instantOrNull(row.published_at),
  }),
  organisationId: row.organisation_id as OrganisationId,
  id: row.id as EndorsementId,
  issuerId: row.issuer_id as IssuerId,
  target: row.target as EndorsementTarget,
  targetId: row.target_id,
  endorserDid: row.endorser_did,
  endorserName: row.endorser_name,
  state: row.state as EndorsementState,
  prepared: row.prepared,
  requestedAt: instant(row.requested_at),
})
