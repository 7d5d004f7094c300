import type * as z from 'zod'
import type * as access from '#api/schemas/access.ts'
import type * as accounts from '#api/schemas/accounts.ts'
import type * as achievements from '#api/schemas/achievements.ts'
import type * as applications from '#api/schemas/applications.ts'
import type * as assessors from '#api/schemas/assessors.ts'
import type * as awardChanges from '#api/schemas/award-changes.ts'
import type * as awards from '#api/schemas/awards.ts'
import type * as radius from '#api/schemas/blast-radius.ts'
import type * as catalogue from '#api/schemas/catalogue.ts'
import type * as confirmations from '#api/schemas/claim-confirmations.ts'
import type * as collections from '#api/schemas/collections.ts'
import type * as connections from '#api/schemas/connections.ts'
import type * as credentials from '#api/schemas/credentials.ts'
import type * as directAwards from '#api/schemas/direct-awards.ts'
import type * as embedding from '#api/schemas/embedding.ts'
import type * as endorsements from '#api/schemas/endorsements.ts'
import type * as events from '#api/schemas/events.ts'
import type * as expertReviews from '#api/schemas/expert-reviews.ts'
import type * as facts from '#api/schemas/facts.ts'
import type * as frameworks from '#api/schemas/frameworks.ts'
import type * as imported from '#api/schemas/imported-badges.ts'
import type * as issuers from '#api/schemas/issuers.ts'
import type * as jobs from '#api/schemas/jobs.ts'
import type * as mailTemplates from '#api/schemas/mail-templates.ts'
import type * as members from '#api/schemas/members.ts'
import type * as notifications from '#api/schemas/notifications.ts'
import type * as lifeCycle from '#api/schemas/rule-life-cycle.ts'
import type * as rules from '#api/schemas/rules.ts'
import type * as walletOffers from '#api/schemas/wallet-offers.ts'
import type * as webhooks from '#api/schemas/webhooks.ts'
import type { BadgeSymbol } from '#engine/achievements/badge-symbols.ts'

/** What the API takes and answers, as api/schemas say it. Types only: no schema comes into the browser. */
export type Session = z.output<typeof access.Session>
export type SignInProvider = z.output<typeof accounts.SignInProvider>
export type SignInAttempt = z.output<typeof accounts.SignInAttempt>
export type SignInResult = z.output<typeof accounts.SignInResult>
export type Account = z.output<typeof accounts.Account>
export type Identity = z.output<typeof accounts.Identity>
export type AddedIdentity = z.output<typeof accounts.AddedIdentity>
export type MergeOffer = z.output<typeof accounts.MergeOffer>
export type ClaimConfirmation = z.output<typeof confirmations.ClaimConfirmation>
export type OwnClaimConfirmation = z.output<typeof confirmations.OwnClaimConfirmation>
export type Organisation = z.output<typeof access.Organisation>
export type ApiKey = z.output<typeof access.ApiKey>
export type CreatedApiKey = z.output<typeof access.CreatedApiKey>
export type Right = ApiKey['rights'][number]
export type OrganisationSettings = z.output<typeof lifeCycle.OrganisationSettings>
export type Unit = z.output<typeof access.Unit>

export type Member = z.output<typeof members.Member>
export type Role = z.output<typeof members.Role>
export type Invitation = z.output<typeof members.Invitation>
export type InvitationOffer = z.output<typeof members.InvitationOffer>
export type InvitationAccepted = z.output<typeof members.InvitationAccepted>

export type Achievement = z.output<typeof achievements.Achievement>
export type AchievementName = z.output<typeof achievements.AchievementName>
export type AchievementVersion = z.output<typeof achievements.AchievementVersion>
export type AchievementCheck = z.output<typeof achievements.AchievementCheck>
export type AchievementAbout = z.output<typeof achievements.AchievementAbout>
export type AchievementDefinition = z.output<typeof achievements.AchievementDefinition>

export type Listing = z.output<typeof achievements.Listing>
export type AchievementStep = z.output<typeof achievements.AchievementStep>
export type Mandate = z.output<typeof assessors.Mandate>
export type Share = z.output<typeof catalogue.Share>
export type SharedAchievement = z.output<typeof catalogue.SharedAchievement>
export type Framework = z.output<typeof frameworks.Framework>
export type AlignmentTarget = z.output<typeof frameworks.AlignmentTarget>

export type ExpertReviews = z.output<typeof expertReviews.ExpertReviews>
export type ExpertReviewRequest = z.output<typeof expertReviews.ExpertReviewRequest>

export type Catalogue = z.output<typeof catalogue.Catalogue>

export type Decision = z.output<typeof awards.Decision>
export type Progress = z.output<typeof awards.Progress>
export type Subject = z.output<typeof awards.Subject>
export type Award = z.output<typeof awards.Award>
export type AwardEdition = z.output<typeof awards.AwardEdition>
export type AwardChange = z.output<typeof awardChanges.AwardChange>
export type AwardChangeItem = z.output<typeof awardChanges.AwardChangeItem>
export type RadiusCause = z.output<typeof radius.RadiusCause>
export type BlastRadius = z.output<typeof radius.BlastRadius>
export type AwardState = z.output<typeof awards.AwardState>

export type DirectAward = z.output<typeof directAwards.DirectAward>
export type DirectAwardState = z.output<typeof directAwards.DirectAwardState>
export type MadeDirectAward = z.output<typeof directAwards.MadeDirectAward>
export type DirectAwardBundle = z.output<typeof directAwards.Bundle>
export type DirectAwardBundlePreview = z.output<typeof directAwards.BundlePreview>

export type JsonDocument = z.output<typeof credentials.JsonDocument>
export type CredentialView = z.output<typeof credentials.CredentialView>
/** A badge whose document may be seen. */
export type DocumentView = Extract<CredentialView, { form: 'document' }>
/** One that its earner shares without the document. */
export type AttestedView = Extract<CredentialView, { form: 'attested-view' }>['attested']
export type Omission = CredentialView['publicOmits'][number]
export type CredentialViews = z.output<typeof credentials.CredentialViews>
export type DisclosureParts = z.output<typeof credentials.DisclosureParts>
export type ShareLink = z.output<typeof credentials.ShareLink>
export type CreatedShareLink = z.output<typeof credentials.CreatedShareLink>
export type Receipt = z.output<typeof credentials.Receipt>
export type ClaimView = z.output<typeof credentials.ClaimView>
export type OfferedBadge = z.output<typeof credentials.OfferedBadge>
export type ClaimAccepted = z.output<typeof credentials.ClaimAccepted>
export type BackpackItem = z.output<typeof credentials.BackpackItem>
export type Batch = z.output<typeof credentials.Batch>
export type Overview = z.output<typeof credentials.Overview>
export type EndorsementSummary = z.output<typeof credentials.EndorsementSummary>

export type Collection = z.output<typeof collections.Collection>
export type MadeCollection = z.output<typeof collections.MadeCollection>
export type SharedCollection = z.output<typeof collections.SharedCollection>
export type Elsewhere = z.output<typeof embedding.Elsewhere>
export type AccessRequest = z.output<typeof applications.AccessRequest>
export type AccessDecided = z.output<typeof applications.AccessDecided>
export type MadeWalletOffer = z.output<typeof walletOffers.MadeWalletOffer>
export type HostConnection = z.output<typeof connections.HostConnection>
export type BegunConnection = z.output<typeof connections.BegunConnection>
export type HostFetch = z.output<typeof connections.HostFetch>
export type ConnectionProfile = z.output<typeof connections.ConnectionProfile>
export type PushedBadge = z.output<typeof connections.PushedBadge>
export type ConnectedApplication = z.output<typeof applications.ConnectedApplication>
export type ImportedBadge = z.output<typeof imported.ImportedBadge>

export type RedeemedCode = z.output<typeof facts.RedeemedCode>

export type Endorsement = z.output<typeof endorsements.Endorsement>
export type CreatedEndorsement = z.output<typeof endorsements.CreatedEndorsement>
export type EndorsementRequest = z.output<typeof endorsements.EndorsementRequest>

export type LearningEvent = z.output<typeof events.Event>
export type Source = z.output<typeof events.Source>
export type EventState = z.output<typeof events.EventState>

export type Issuer = z.output<typeof issuers.Issuer>
export type Compromise = z.output<typeof issuers.Compromise>
export type IssuerWithKeys = z.output<typeof issuers.IssuerWithKeys>

export type Rule = z.output<typeof rules.Rule>
export type RuleVersion = z.output<typeof rules.RuleVersion>
export type RuleCheck = z.output<typeof rules.RuleCheck>
export type RuleFault = z.output<typeof rules.RuleFault>
export type RuleHealth = z.output<typeof lifeCycle.RuleHealth>
export type RuleHealthReport = z.output<typeof lifeCycle.RuleHealthReport>
export type RuleComparison = z.output<typeof lifeCycle.RuleComparison>
export type ShadowReport = z.output<typeof lifeCycle.ShadowReport>

export type Job = z.output<typeof jobs.Job>

export type Webhook = z.output<typeof webhooks.Webhook>
export type WebhookWithSecret = z.output<typeof webhooks.WebhookWithSecret>
export type WebhookDelivery = z.output<typeof webhooks.WebhookDelivery>
export type WebhookDeliveryDetail = z.output<typeof webhooks.WebhookDeliveryDetail>

export type MailTemplate = z.output<typeof mailTemplates.MailTemplate>
export type MailPreview = z.output<typeof mailTemplates.MailPreview>

export type Notification = z.output<typeof notifications.Notification>
export type NotificationPreferences = z.output<typeof notifications.NotificationPreferences>
export type NotificationPage = z.output<typeof notifications.NotificationPage>

export interface List<T> {
  readonly items: readonly T[]
}

/** One mail of the outbox: without a mail server, the way to its links. */
export interface OutboxMail {
  readonly id: string
  readonly kind: string
  readonly reason: string | null
  readonly to: string
  readonly subject: string
  readonly text: string
  readonly state: string
  readonly createdAt: string
}

/** `GET /v1/organisations/house-style`. */
export interface HouseStyleView {
  readonly colours: { readonly primary: string; readonly secondary: string; readonly text: string }
  readonly shape: 'round' | 'shield' | 'hexagon' | 'square'
  readonly levels: readonly {
    readonly name: { readonly nl: string; readonly en: string }
    readonly accent: string
  }[]
  readonly logo: string | null
  readonly revision: number
}

/** `GET /v1/images/{id}/design`. */
export interface PictureDesign {
  readonly label: string
  readonly language: 'nl' | 'en'
  readonly symbol: BadgeSymbol | null
  readonly shape: HouseStyleView['shape']
  readonly colours: HouseStyleView['colours']
  readonly level: HouseStyleView['levels'][number] | null
  readonly logo: string | null
}

/** Answer of `POST /v1/images`. */
export interface UploadedImage {
  readonly id: string
  readonly removed: readonly ('badge' | 'metadata' | 'animation' | 'trailing-bytes')[]
}

/** `GET /v1/public/achievements/{id}`. */
export interface PublicAchievement {
  readonly id: string
  readonly page: string
  readonly document: JsonDocument
  readonly version: number
  readonly state: string
  readonly issuer: CredentialView['issuer']
  readonly image: string | null
  /** Lowest first; left out where no level has a picture. */
  readonly imageLevels?: readonly {
    readonly result: string
    readonly level: string
    readonly name: Readonly<Record<string, string>>
    readonly url: string
    readonly altText: Readonly<Record<string, string>>
  }[]
  readonly test: boolean
  readonly end: { readonly at: string; readonly reason: string | null } | null
  readonly about: AchievementAbout
  readonly endorsements: readonly EndorsementSummary[]
  readonly assessors: readonly {
    readonly qualification: string
    readonly evidenceUrl: string | null
    readonly name: string | null
  }[]
}
