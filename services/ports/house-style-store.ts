import type { HouseStyle } from '#engine/achievements/house-style.ts'
import type { OrganisationId } from '#engine/shared/ids.ts'

export interface StoredHouseStyle {
  readonly style: HouseStyle
  /** Counts the changes; 1 where nothing was ever decided. */
  readonly revision: number
}

export interface HouseStyleStore {
  /** That of the product where nothing was ever decided. */
  find(organisationId: OrganisationId): Promise<StoredHouseStyle>
  /** Compare and set by revision: undefined, and no change, when somebody was faster. */
  replace(
    organisationId: OrganisationId,
    revision: number,
    style: HouseStyle,
  ): Promise<StoredHouseStyle | undefined>
}
