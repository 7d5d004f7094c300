import type { AuditHead, ChainedEntry } from '#engine/audit/audit-chain.ts'
import type { LeafId, OrganisationId } from '#engine/shared/ids.ts'
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

/** An end of the chain that is among the leaves of an issuer. */
export interface AnchoredAuditHead extends AuditHead {
  readonly leafId: LeafId
  readonly madeAt: Instant
}

export interface AuditStore {
  /** Writes entries in the transaction of what they tell of. */
  record(
    entries: readonly (AuditEntry & { readonly salt: Uint8Array; readonly detailDigest?: Uint8Array })[],
  ): Promise<void>
  /** Organisations with entries that have no place in the chain yet; some of them, where there are many. */
  unchained(limit: number): Promise<readonly OrganisationId[]>
  /** Locks the end of an organisation's chain until the transaction ends; `BEFORE_THE_FIRST` where there is none. */
  lockChain(organisationId: OrganisationId): Promise<AuditHead>
  /** The oldest entries without a place. */
  oldestUnchained(organisationId: OrganisationId, limit: number): Promise<readonly ChainedEntry[]>
  /** Gives entries their places behind the end that is locked. Throws if any of them has one already. */
  chain(
    organisationId: OrganisationId,
    places: readonly { readonly entry: ChainedEntry; readonly head: AuditHead }[],
  ): Promise<void>
  /** Organisations whose newest anchored end is old, with a chain that has grown since. */
  behindOnHeads(olderThan: Instant, limit: number): Promise<readonly OrganisationId[]>
  /** The newest end of the chain that is among the leaves. */
  newestHead(organisationId: OrganisationId): Promise<AnchoredAuditHead | undefined>
  insertHead(organisationId: OrganisationId, head: AnchoredAuditHead): Promise<void>

  /** Who did something with any of these, each once. */
  actorsOn(organisationId: OrganisationId, targetIds: readonly string[]): Promise<readonly string[]>
  /** Who made these API keys, by the key's id, where the trail tells. */
  makersOf(organisationId: OrganisationId, keyIds: readonly string[]): Promise<ReadonlyMap<string, string>>
  list(organisationId: OrganisationId, page: PageRequest): Promise<Page<AuditEntry>>
}
