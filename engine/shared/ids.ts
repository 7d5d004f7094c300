import type { Branded } from './brand.ts'

/** Bare UUIDs, as the API and the database use them. `urn:uuid:` stands in documents only. */
export type OrganisationId = Branded<string, 'OrganisationId'>
export type UnitId = Branded<string, 'UnitId'>
export type AccountId = Branded<string, 'AccountId'>
export type IssuerId = Branded<string, 'IssuerId'>
export type KeyId = Branded<string, 'KeyId'>
export type AchievementId = Branded<string, 'AchievementId'>
export type AchievementVersionId = Branded<string, 'AchievementVersionId'>
export type RuleId = Branded<string, 'RuleId'>
export type RuleVersionId = Branded<string, 'RuleVersionId'>
export type SourceId = Branded<string, 'SourceId'>
export type SubjectId = Branded<string, 'SubjectId'>
export type EventId = Branded<string, 'EventId'>
export type DecisionId = Branded<string, 'DecisionId'>
export type AwardId = Branded<string, 'AwardId'>
export type CredentialId = Branded<string, 'CredentialId'>
export type EndorsementId = Branded<string, 'EndorsementId'>
export type ClaimId = Branded<string, 'ClaimId'>
export type DirectAwardId = Branded<string, 'DirectAwardId'>
export type DirectAwardBundleId = Branded<string, 'DirectAwardBundleId'>
export type LeafId = Branded<string, 'LeafId'>
export type BatchId = Branded<string, 'BatchId'>
export type CohortId = Branded<string, 'CohortId'>
export type AttestedRuleId = Branded<string, 'AttestedRuleId'>
export type AttestedCaseId = Branded<string, 'AttestedCaseId'>
export type AttestedMessageId = Branded<string, 'AttestedMessageId'>
export type ClaimCodeId = Branded<string, 'ClaimCodeId'>
export type NominationId = Branded<string, 'NominationId'>
export type ForeignBadgeId = Branded<string, 'ForeignBadgeId'>
export type JobId = Branded<string, 'JobId'>
export type AwardChangeId = Branded<string, 'AwardChangeId'>
export type RoleId = Branded<string, 'RoleId'>
export type MembershipId = Branded<string, 'MembershipId'>
export type InvitationId = Branded<string, 'InvitationId'>
export type HostConnectionId = Branded<string, 'HostConnectionId'>
export type HostFetchId = Branded<string, 'HostFetchId'>
export type WalletOfferId = Branded<string, 'WalletOfferId'>
export type ImportedBadgeId = Branded<string, 'ImportedBadgeId'>
export type CollectionId = Branded<string, 'CollectionId'>
export type WebhookId = Branded<string, 'WebhookId'>
export type AssessorMandateId = Branded<string, 'AssessorMandateId'>
export type ExpertReviewId = Branded<string, 'ExpertReviewId'>
export type AchievementShareId = Branded<string, 'AchievementShareId'>
export type FrameworkImportId = Branded<string, 'FrameworkImportId'>
export type FrameworkId = Branded<string, 'FrameworkId'>
export type WebhookDeliveryId = Branded<string, 'WebhookDeliveryId'>

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/

/** Says whether a text is a UUID in its canonical lower-case form. */
export const isUuid = (text: string): boolean => UUID.test(text)
