import type { BadgeDesign } from '#engine/achievements/badge-design.ts'
import type { OrganisationId } from '#engine/shared/ids.ts'

/** What pictures were made of, by the picture that came of it. */
export interface BadgeDesignStore {
  /** Keeps the first: the same picture is made of the same. */
  put(organisationId: OrganisationId, sha256: Uint8Array, design: BadgeDesign): Promise<void>
  /** Undefined for a picture that was uploaded, or drawn by others. */
  find(organisationId: OrganisationId, sha256: Uint8Array): Promise<BadgeDesign | undefined>
}
