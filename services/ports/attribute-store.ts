import type { AttributeType } from '#engine/facts/attribute-value.ts'
import type { OrganisationId } from '#engine/shared/ids.ts'
import type { Instant } from '#engine/shared/instant.ts'

export interface AttributeDefinition {
  readonly organisationId: OrganisationId
  readonly name: string
  readonly type: AttributeType
  readonly description: string
  readonly createdAt: Instant
}

/** Names and types of attributes; their values are facts. */
export interface AttributeStore {
  /** False, and no change, when there is one of that name. */
  insert(definition: AttributeDefinition): Promise<boolean>
  find(organisationId: OrganisationId, name: string): Promise<AttributeDefinition | undefined>
  describe(
    organisationId: OrganisationId,
    name: string,
    description: string,
  ): Promise<AttributeDefinition | undefined>
  /** By name. */
  list(organisationId: OrganisationId): Promise<readonly AttributeDefinition[]>
}
