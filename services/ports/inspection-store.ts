import type { InspectedLink } from '#engine/inspection/inspect-audit.ts'
import type { CredentialId, IssuerId, LeafId, OrganisationId } from '#engine/shared/ids.ts'
import type { Batch, Leaf } from './anchoring-store.ts'
import type { AnchoredAuditHead } from './audit-store.ts'
import type { SignedEdition, StatusList } from './credential-store.ts'
import type { Endorsement } from './endorsement-store.ts'
import type { VcApiCredential } from './vc-api-store.ts'

export interface EditionPlace {
  readonly credentialId: CredentialId
  readonly edition: number
}

export interface FormPlace extends EditionPlace {
  readonly number: number
}

/** A compact JWS, or a document with a base proof. */
export type EditionFormKind = 'jwt' | 'base'

export interface InspectedForm extends FormPlace {
  readonly bytes: Uint8Array
  /** The document of the edition, before it was signed. */
  readonly prepared: Uint8Array
  readonly publicKey: string
}

export type InspectedVcApiCredential = VcApiCredential & {
  readonly signed: Uint8Array
  readonly digest: Uint8Array
}

/** Reads everything, page by page, in an order that does not change. For inspections: as the worker, and slowly. */
export interface InspectionStore {
  organisations(): Promise<readonly { readonly id: OrganisationId; readonly slug: string }[]>
  /** Batches of an issuer in their order, from one sequence on. */
  batches(issuerId: IssuerId, fromSequence: number, limit: number): Promise<readonly Batch[]>
  /** The roots of all batches of an issuer, under whatever key. */
  rootsOf(issuerId: IssuerId): Promise<readonly Uint8Array[]>
  leavesIn(batchId: string): Promise<readonly Leaf[]>
  /** Positions in a batch whose revocation has not landed for good yet. */
  revocationsUnderWay(batchId: string): Promise<readonly number[]>
  /** Signed editions behind a place, each with the digest and target of its leaf. */
  editions(
    organisationId: OrganisationId,
    after: EditionPlace | undefined,
    limit: number,
  ): Promise<readonly (SignedEdition & { readonly leaf?: Pick<Leaf, 'digest' | 'targetId' | 'kind'> })[]>
  /** Forms of editions behind another, each with what its edition was prepared as, and its key. */
  forms(
    kind: EditionFormKind,
    organisationId: OrganisationId,
    after: FormPlace | undefined,
    limit: number,
  ): Promise<readonly InspectedForm[]>
  /** What was signed over VC-API, behind an id. */
  vcApiCredentials(
    organisationId: OrganisationId,
    after: string | undefined,
    limit: number,
  ): Promise<readonly InspectedVcApiCredential[]>
  /** Signed endorsements behind an id, each with the digest of its leaf where it has one. */
  endorsements(
    organisationId: OrganisationId,
    after: string | undefined,
    limit: number,
  ): Promise<readonly (Endorsement & { readonly leafDigest?: Uint8Array })[]>
  statusLists(organisationId: OrganisationId): Promise<readonly StatusList[]>
  /** The indexes of a list whose editions are over, or whose bits were set over VC-API. */
  endedIn(listId: string): Promise<readonly number[]>
  /** Chained entries of the audit trail behind a sequence, in their order. */
  auditLinks(
    organisationId: OrganisationId,
    afterSequence: number,
    limit: number,
  ): Promise<readonly InspectedLink[]>
  /** The leaves of an organisation that are ends of its trail. */
  auditLeaves(organisationId: OrganisationId): Promise<readonly LeafId[]>
  auditHeads(
    organisationId: OrganisationId,
  ): Promise<readonly (AnchoredAuditHead & { readonly leafDigest?: Uint8Array })[]>
}
