import type { AccountId, CollectionId, CredentialId } from '#engine/shared/ids.ts'
import type { LocalisedText } from '#engine/shared/localised-text.ts'
import type { collection_item as ItemRow, collection as Row } from '#prisma'
import type { Collection, CollectionStore } from '#services/ports/collection-store.ts'
import { bytes, date, dateOrNull, instant, instantOrNull, known, type Transaction } from './rows.ts'

export function collectionStore(tx: Transaction): CollectionStore {
  const withItems = async (rows: readonly Row[]): Promise<readonly Collection[]> => {
    const items = await tx.collection_item.findMany({
      where: { collection_id: { in: rows.map(({ id }) => id) } },
      orderBy: [{ position: 'asc' }, { credential_id: 'asc' }],
    })
    const of = Map.groupBy(items, (item) => item.collection_id)
    return rows.map((row) => toCollection(row, of.get(row.id) ?? []))
  }
  const find = async (id: CollectionId): Promise<Collection | undefined> => {
    const row = await tx.collection.findUnique({ where: { id } })
    return row === null ? undefined : (await withItems([row]))[0]
  }
  const putItems = async ({ id, items }: Collection): Promise<void> => {
    const ids = items.map(({ credentialId }) => credentialId)
    await tx.collection_item.deleteMany({ where: { collection_id: id, credential_id: { notIn: ids } } })
    await tx.$executeRaw`
      INSERT INTO collection_item (collection_id, credential_id, position, shown)
      SELECT ${id}::uuid, item.id, item.place - 1, item.shown
      FROM unnest(${ids}::uuid[], ${items.map(({ shown }) => shown)}::boolean[]) WITH ORDINALITY AS item (id, shown, place)
      ON CONFLICT (collection_id, credential_id) DO UPDATE SET position = excluded.position, shown = excluded.shown`
  }
  return {
    insert: async (collection, tokenHash) => {
      const { id, accountId, createdAt } = collection
      const mine = { id, account_id: accountId, created_at: date(createdAt) }
      await tx.collection.create({
        data: {
          ...mine,
          ...columns(collection),
          token_hash: tokenHash === undefined ? null : bytes(tokenHash),
        },
      })
      await putItems(collection)
    },
    find,
    lock: async (id) => {
      await tx.$queryRaw`SELECT 1 FROM collection WHERE id = ${id}::uuid FOR UPDATE`
      return find(id)
    },
    ofAccount: async (accountId) =>
      withItems(
        await tx.collection.findMany({
          where: { account_id: accountId },
          orderBy: [{ created_at: 'desc' }, { id: 'desc' }],
        }),
      ),
    save: async (collection, tokenHash) => {
      const token =
        collection.visibility !== 'link'
          ? { token_hash: null }
          : tokenHash === undefined
            ? {}
            : { token_hash: bytes(tokenHash) }
      await tx.collection.update({
        where: { id: collection.id },
        data: { ...columns(collection), ...token },
      })
      await putItems(collection)
    },
    remove: async (id) => {
      await tx.collection.delete({ where: { id } })
    },
    open: async (id, tokenHash, at) => {
      const row = await tx.collection.findUnique({ where: { id } })
      if (row === null) return undefined
      const isLinked =
        row.visibility === 'link' &&
        tokenHash !== undefined &&
        row.token_hash !== null &&
        Buffer.compare(row.token_hash, tokenHash) === 0 &&
        (row.expires_at === null || row.expires_at.getTime() > at)
      return row.visibility === 'public' || isLinked ? (await withItems([row]))[0] : undefined
    },
  }
}

const columns = (collection: Collection) => ({
  name: collection.name,
  description: collection.description,
  visibility: collection.visibility,
  expires_at: collection.visibility === 'link' ? dateOrNull(collection.expiresAt) : null,
  revision: collection.revision,
  changed_at: date(collection.changedAt),
})

function toCollection(row: Row, items: readonly ItemRow[]): Collection {
  const base = {
    id: row.id as CollectionId,
    accountId: row.account_id as AccountId,
    name: row.name as LocalisedText,
    description: row.description as LocalisedText,
    items: items.map((item) => ({
      credentialId: item.credential_id as CredentialId,
      shown: item.shown,
    })),
    revision: row.revision,
    createdAt: instant(row.created_at),
    changedAt: instant(row.changed_at),
  }
  return row.visibility === 'link'
    ? { ...base, visibility: 'link', ...known({ expiresAt: instantOrNull(row.expires_at) }) }
    : { ...base, visibility: row.visibility as 'private' | 'public' }
}
