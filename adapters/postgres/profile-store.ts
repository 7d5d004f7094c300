import type { JsonObject } from '#engine/shared/json.ts'
import type { Prisma } from '#prisma'
import type { ProfileStore } from '#services/ports/profile-store.ts'
import { date, type Transaction } from './rows.ts'

export const profileStore = (tx: Transaction): ProfileStore => ({
  find: async (accountId) => {
    const row = await tx.account_profile.findUnique({ where: { account_id: accountId } })
    return row === null ? undefined : (row.profile as JsonObject)
  },
  put: async (accountId, profile, at) => {
    const data = { profile: profile as Prisma.InputJsonObject, changed_at: date(at) }
    await tx.account_profile.upsert({
      where: { account_id: accountId },
      update: data,
      create: { account_id: accountId, ...data },
    })
  },
})
