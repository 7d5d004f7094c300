import type { Omission } from '#engine/credentials/attested-view.ts'
import type { Instant } from '#engine/shared/instant.ts'
import type { share_link as ShareLinkRow } from '#prisma'
import type { CredentialStore, ShareLink } from '#services/ports/credential-store.ts'
import { bytes, date, dateOrNull, instant, instantOrNull, known, type Transaction } from './rows.ts'

type ShareLinks = Pick<
  CredentialStore,
  'insertShareLink' | 'shareLinks' | 'countOpenShareLinks' | 'revokeShareLink' | 'openShareLink'
>

/** The part of the credential store that holds share links. */
export const shareLinks = (tx: Transaction): ShareLinks => ({
  insertShareLink: async (link) => {
    await tx.share_link.create({
      data: {
        organisation_id: link.organisationId,
        id: link.id,
        credential_id: link.credentialId,
        token_hash: bytes(link.tokenHash),
        label: link.label,
        omits: [...link.omits],
        created_at: date(link.createdAt),
        expires_at: dateOrNull(link.expiresAt),
      },
    })
  },
  shareLinks: async (credentialId, now) => {
    const open = await tx.share_link.findMany({ where: { credential_id: credentialId, ...isOpen(now) } })
    const over = await tx.share_link.findMany({
      where: { credential_id: credentialId, NOT: isOpen(now) },
      orderBy: { created_at: 'desc' },
      take: LISTED_OVER,
    })
    const rows = [...open, ...over].sort((a, b) => b.created_at.getTime() - a.created_at.getTime())
    const counts = await tx.share_link_view.groupBy({
      by: ['share_link_id'],
      where: { share_link_id: { in: rows.map(({ id }) => id) } },
      _sum: { views: true },
    })
    const views = new Map(counts.map((row) => [row.share_link_id, row._sum.views ?? 0]))
    return rows.map((row) => ({ ...toShareLink(row), views: views.get(row.id) ?? 0 }))
  },
  countOpenShareLinks: (credentialId, now) =>
    tx.share_link.count({ where: { credential_id: credentialId, ...isOpen(now) } }),
  revokeShareLink: async (credentialId, id, at) => {
    const { count } = await tx.share_link.updateMany({
      where: { credential_id: credentialId, id, revoked_at: null },
      data: { revoked_at: date(at) },
    })
    return count === 1
  },
  openShareLink: async (credentialId, tokenHash, at) => {
    const row = await tx.share_link.findUnique({ where: { token_hash: bytes(tokenHash) } })
    const shows =
      row !== null &&
      row.credential_id === credentialId &&
      row.revoked_at === null &&
      (row.expires_at === null || row.expires_at.getTime() > at)
    return shows ? toShareLink(row) : undefined
  },
})

/** So many of those that are over are listed. */
const LISTED_OVER = 100

const isOpen = (now: Instant) => ({
  AND: [{ revoked_at: null }, { OR: [{ expires_at: null }, { expires_at: { gt: date(now) } }] }],
})

const toShareLink = (row: ShareLinkRow): ShareLink => ({
  ...known({ expiresAt: instantOrNull(row.expires_at), revokedAt: instantOrNull(row.revoked_at) }),
  id: row.id,
  label: row.label,
  omits: row.omits as readonly Omission[],
  createdAt: instant(row.created_at),
})
