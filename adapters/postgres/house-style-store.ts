import { DEFAULT_HOUSE_STYLE, type HouseStyle } from '#engine/achievements/house-style.ts'
import type { HouseStyleStore } from '#services/ports/house-style-store.ts'
import type { Transaction } from './rows.ts'

export function houseStyleStore(tx: Transaction): HouseStyleStore {
  return {
    find: async (organisationId) => {
      const row = await tx.house_style.findUnique({ where: { organisation_id: organisationId } })
      if (row === null) return { style: DEFAULT_HOUSE_STYLE, revision: 1 }
      return { style: row.style as unknown as HouseStyle, revision: row.revision }
    },
    replace: async (organisationId, revision, style) => {
      const [row] = await tx.$queryRaw<{ revision: number }[]>`
        INSERT INTO house_style AS held (organisation_id, style, revision)
        SELECT ${organisationId}::uuid, ${JSON.stringify(style)}::jsonb, 2
        WHERE ${revision}::int = 1 OR EXISTS (SELECT 1 FROM house_style WHERE organisation_id = ${organisationId}::uuid)
        ON CONFLICT (organisation_id) DO UPDATE
        SET style = excluded.style, revision = held.revision + 1
        WHERE held.revision = ${revision}::int
        RETURNING revision`
      return row === undefined ? undefined : { style, revision: row.revision }
    },
  }
}
