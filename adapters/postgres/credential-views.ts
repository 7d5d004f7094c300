import type { CredentialId } from '#engine/shared/ids.ts'
import type { CredentialStore, ViewChannel } from '#services/ports/credential-store.ts'
import { date, type Transaction } from './rows.ts'

type Views = Pick<CredentialStore, 'countView' | 'views' | 'viewTotals'>

/** The part of the credential store that counts views: one row a day and channel, raised in place. */
export const credentialViews = (tx: Transaction): Views => ({
  countView: async ({ organisationId, credentialId, channel, shareLinkId, at }) => {
    const day = new Date(at).toISOString().slice(0, 10)
    await tx.$executeRaw`
      INSERT INTO credential_view (organisation_id, credential_id, day, channel, views)
      VALUES (${organisationId}::uuid, ${credentialId}::uuid, ${day}::date, ${channel}, 1)
      ON CONFLICT (organisation_id, credential_id, day, channel) DO UPDATE SET views = credential_view.views + 1`
    if (shareLinkId === undefined) return
    await tx.$executeRaw`
      INSERT INTO share_link_view (organisation_id, share_link_id, day, views)
      VALUES (${organisationId}::uuid, ${shareLinkId}::uuid, ${day}::date, 1)
      ON CONFLICT (organisation_id, share_link_id, day) DO UPDATE SET views = share_link_view.views + 1`
  },
  views: async (credentialId, since) =>
    (
      await tx.credential_view.findMany({
        where: { credential_id: credentialId, day: { gte: date(since) } },
        orderBy: [{ day: 'desc' }, { channel: 'asc' }],
      })
    ).map(({ day, channel, views }) => ({
      day: day.toISOString().slice(0, 10),
      channel: channel as ViewChannel,
      views,
    })),
  viewTotals: async (credentialIds) => {
    const rows = await tx.credential_view.groupBy({
      by: ['credential_id'],
      where: { credential_id: { in: [...credentialIds] } },
      _sum: { views: true },
    })
    return new Map(rows.map((row) => [row.credential_id as CredentialId, row._sum.views ?? 0]))
  },
})
