import type { AccountId, CredentialId, WalletOfferId } from '#engine/shared/ids.ts'
import type { wallet_offer as Row } from '#prisma'
import type { WalletOffer, WalletOfferStore } from '#services/ports/wallet-offer-store.ts'
import { bytes, date, instant, known, type Transaction } from './rows.ts'

export function walletOfferStore(tx: Transaction): WalletOfferStore {
  return {
    insert: async (offer) => {
      await tx.wallet_offer.create({
        data: {
          id: offer.id,
          account_id: offer.accountId,
          credential_id: offer.credentialId,
          state: offer.state,
          code_hash: bytes(offer.codeHash),
          pin_hash: offer.pinHash === undefined ? null : bytes(offer.pinHash),
          attempts: offer.attempts,
          created_at: date(offer.createdAt),
          expires_at: date(offer.expiresAt),
        },
      })
    },
    countOpen: (accountId, now) =>
      tx.wallet_offer.count({
        where: {
          account_id: accountId,
          state: { in: ['offered', 'opened'] },
          expires_at: { gt: date(now) },
        },
      }),
    find: async (id) => one(await tx.wallet_offer.findUnique({ where: { id } })),
    findByCode: async (codeHash) =>
      one(await tx.wallet_offer.findUnique({ where: { code_hash: bytes(codeHash) } })),
    findByToken: async (tokenHash) =>
      one(await tx.wallet_offer.findUnique({ where: { token_hash: bytes(tokenHash) } })),
    countMiss: async (id, most) => {
      await tx.$executeRaw`
        UPDATE wallet_offer SET attempts = attempts + 1,
          state = CASE WHEN attempts + 1 >= ${most}::int THEN 'withdrawn' ELSE state END
        WHERE id = ${id}::uuid AND state = 'offered'`
    },
    open: async (id, tokenHash, expiresAt) => {
      const { count } = await tx.wallet_offer.updateMany({
        where: { id, state: 'offered' },
        data: { state: 'opened', token_hash: bytes(tokenHash), expires_at: date(expiresAt) },
      })
      return count === 1
    },
    take: async (id, at) => {
      const { count } = await tx.wallet_offer.updateMany({
        where: { id, state: 'opened' },
        data: { state: 'taken', taken_at: date(at) },
      })
      return count === 1
    },
    withdraw: async (id) => {
      const { count } = await tx.wallet_offer.updateMany({
        where: { id, state: { in: ['offered', 'opened'] } },
        data: { state: 'withdrawn', token_hash: null },
      })
      return count === 1
    },
    forget: (before, most) =>
      tx.$executeRaw`
        DELETE FROM wallet_offer WHERE id IN (
          SELECT id FROM wallet_offer WHERE expires_at < ${date(before)} LIMIT ${most}::int)`,
  }
}

function one(row: Row | null): WalletOffer | undefined {
  if (row === null) return undefined
  return {
    ...known({ pinHash: row.pin_hash }),
    id: row.id as WalletOfferId,
    accountId: row.account_id as AccountId,
    credentialId: row.credential_id as CredentialId,
    state: row.state as WalletOffer['state'],
    codeHash: row.code_hash,
    attempts: row.attempts,
    createdAt: instant(row.created_at),
    expiresAt: instant(row.expires_at),
  }
}
