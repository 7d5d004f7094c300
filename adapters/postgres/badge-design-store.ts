import type { BadgeDesign } from '#engine/achievements/badge-design.ts'
import type { BadgeDesignStore } from '#services/ports/badge-design-store.ts'
import type { Transaction } from './rows.ts'

export function badgeDesignStore(tx: Transaction): BadgeDesignStore {
  return {
    put: async (organisationId, sha256, design) => {
      await tx.$executeRaw`
        INSERT INTO badge_design (organisation_id, sha256, design)
        VALUES (${organisationId}::uuid, ${Buffer.from(sha256)}, ${JSON.stringify(design)}::jsonb)
        ON CONFLICT DO NOTHING`
    },
    find: async (organisationId, sha256) => {
      const row = await tx.badge_design.findUnique({
        where: { organisation_id_sha256: { organisation_id: organisationId, sha256: Buffer.from(sha256) } },
      })
      return (row?.design ?? undefined) as unknown as BadgeDesign | undefined
    },
  }
}
