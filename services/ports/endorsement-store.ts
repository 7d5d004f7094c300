import type { AchievementId, EndorsementId, IssuerId, LeafId, OrganisationId } from '#engine/shared/ids.ts'
import type { Instant } from '#engine/shared/instant.ts'

export type EndorsementTarget = 'issuer' | 'achievement_version' | 'credential'
export type EndorsementState =
  | 'requested'
  | 'viewed'
  | 'signed'
  | 'published'
  | 'rejected'
  | 'expired'
  | 'withdrawn'
  | 'revoked'
  | 'stale'

export interface Endorsement {
  readonly organisationId: OrganisationId
  readonly id: EndorsementId
  readonly issuerId: IssuerId
  readonly target: EndorsementTarget
  readonly targetId: string
  readonly endorserDid: string
  readonly endorserName: string
  readonly endorserEmail?: string
  readonly state: EndorsementState
  /** The unproofed EndorsementCredential, canonical: what the endorser is asked to sign. */
  readonly prepared: Uint8Array
  readonly signed?: Uint8Array
  readonly digest?: Uint8Array
  readonly leafId?: LeafId
  readonly requestedAt: Instant
  readonly viewedAt?: Instant
  readonly signedAt?: Instant
  readonly publishedAt?: Instant
}

export interface EndorsementStore {
  insert(endorsement: Endorsement, tokenHash: Uint8Array): Promise<void>
  find(id: EndorsementId): Promise<Endorsement | undefined>
  findByToken(tokenHash: Uint8Array): Promise<Endorsement | undefined>
  /** `among`: of these achievements and their badges, and nothing else. */
  list(organisationId: OrganisationId, among?: readonly AchievementId[]): Promise<readonly Endorsement[]>
  /** All that were ever asked for about one thing. */
  ofTarget(organisationId: OrganisationId, targetId: string): Promise<readonly Endorsement[]>
  ofTargets(organisationId: OrganisationId, targetIds: readonly string[]): Promise<readonly Endorsement[]>
  /** The newest request to somebody whose address is known. */
  lastMailed(organisationId: OrganisationId, endorserDid: string): Promise<Endorsement | undefined>
  /** Makes the link that was handed out void, and another one good; false when it is signed or over. */
  replaceToken(id: EndorsementId, tokenHash: Uint8Array): Promise<boolean>
  /** Published ones of these targets. */
  published(targetIds: readonly string[]): Promise<readonly Endorsement[]>
  /** Compare and set by state. */
  view(id: EndorsementId, at: Instant): Promise<void>
  sign(id: EndorsementId, signed: Uint8Array, digest: Uint8Array, at: Instant): Promise<boolean>
  publish(id: EndorsementId, leafId: LeafId, at: Instant): Promise<boolean>
  /** Those of a target that are asked for, signed or published are about what it was: each becomes `stale`. Answers which. */
  outdate(organisationId: OrganisationId, targetId: string): Promise<readonly EndorsementId[]>
  move(id: EndorsementId, from: readonly EndorsementState[], to: EndorsementState): Promise<boolean>
}
