import type { OrganisationId } from '#engine/shared/ids.ts'
import type { Instant } from '#engine/shared/instant.ts'
import type { JsonObject } from '#engine/shared/json.ts'
import type { Page, PageRequest } from './page.ts'

export interface AuditEntry {
  readonly organisationId: OrganisationId
  readonly id: string
  readonly at: Instant
  /** `key:ID`, `account:ID`, `operator` or `system`. */
  readonly actor: string
  /** A dotted name: `award.revoked`. */
  readonly action: string
  readonly targetType: string
  readonly targetId?: string
  /** Words and personal detail: kept apart, can be erased. */
  readonly detail?: JsonObject
}

export interface AuditStore {
  /** Writes entries in the transaction of what they tell of. */
  record(
    entries: readonly (AuditEntry & { readonly salt: Uint8Array; readonly detailDigest?: Uint8Array })[],
  ): Promise<void>
  /** Who did something with any of these, each once. */
  actorsOn(organisationId: OrganisationId, targetIds: readonly string[]): Promise<readonly string[]>
  /** Who made these API keys, by the key's id, where the trail tells. */
  makersOf(organisationId: OrganisationId, keyIds: readonly string[]): Promise<ReadonlyMap<string, string>>
  list(organisationId: OrganisationId, page: PageRequest): Promise<Page<AuditEntry>>
}
