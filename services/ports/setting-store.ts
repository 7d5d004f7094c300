import type { OrganisationId } from '#engine/shared/ids.ts'

/** What an organisation has decided about itself. */
export interface OrganisationSettings {
  /** Whoever wrote a rule version does not activate it. */
  readonly secondPersonActivatesRule: boolean
  /** Whoever wrote an achievement version does not approve it, and none is published without approval. */
  readonly secondPersonPublishesAchievement: boolean
  /** Whoever asks for a new issuing key does not make it. */
  readonly secondPersonChangesKey: boolean
  /** How many experts from outside must agree with a version before it is published. */
  readonly expertReviews: number
  /** The same of a micro-credential, where it is more. */
  readonly expertReviewsOfMicroCredential: number
  /** Whoever prepared to revoke many awards does not confirm it. */
  readonly secondPersonRevokesMany: boolean
  /** For how many days no event may match an active rule before somebody is told. */
  readonly deadRuleDays: number
  /** How many days before a badge is over its earner is told. */
  readonly expiryReminderDays: readonly number[]
  /** How long past events are kept, an ISO 8601 duration of fixed length; undefined: for ever. */
  readonly eventRetention: string | undefined
  /** Counts the changes; 1 where nothing was ever decided. */
  readonly revision: number
}

export interface SettingStore {
  find(organisationId: OrganisationId): Promise<OrganisationSettings>
  /** Compare and set by revision: undefined, and no change, when somebody was faster. */
  change(
    organisationId: OrganisationId,
    revision: number,
    to: Omit<OrganisationSettings, 'revision'>,
  ): Promise<OrganisationSettings | undefined>
}
