/**
 * The one catalogue of what endpoints can be told of, and when. The triggers of the migrations `webhooks` and
 * `notifications` write the events; `docs/webhooks.md` and its schema say what is in their `data`.
 */
export const WEBHOOK_EVENT_TYPES = {
  'award.granted': 'An award was made: by a rule or by a person.',
  'award.awaiting_approval': 'An award waits for people to approve it.',
  'award.approved': 'The people who were asked have approved an award.',
  'award.awaiting_endorsement': 'An award waits for its endorsers.',
  'award.refused': 'An award was refused, by a person or by its endorsers.',
  'award.issued': 'The credential of an award is signed.',
  'award.corrected': 'A corrected edition of a credential is signed.',
  'award.reissued': 'A credential is signed anew and says what it said.',
  'award.suspended': 'A credential is not valid for the time being.',
  'award.reinstated': 'A suspended or revoked credential is valid again, in a new edition.',
  'award.revoked': 'An award was revoked.',
  'award.expired': 'The validity of an award is over.',
  'award.superseded': 'A later award has taken the place of this one.',
  'direct_award.scheduled': 'A direct award was made. It is sent at its moment, which may be now.',
  'direct_award.sent': 'A direct award is on offer to whom it was made.',
  'direct_award.claimed': 'Somebody claimed a direct award: its award is made.',
  'direct_award.rejected': 'Somebody did not want a direct award.',
  'direct_award.revoked': 'A direct award was revoked, before or after it was claimed.',
  'direct_award.expired': 'Nobody claimed a direct award in time.',
  'direct_award.deleted': 'A direct award was undone or deleted before anybody claimed it.',
  'direct_award_bundle.finished': 'Each row of a list of direct awards is awarded or refused.',
  'direct_award_bundle.undone':
    'Somebody undid a list of direct awards: each row that could be is taken away.',
  'credential.claimed': 'Somebody took a credential home.',
  'credential.rejected': 'Somebody did not want a credential.',
  'credential.claim_expired': 'Nobody took a credential home in time.',
  'credential.shared': 'A credential is shown: to everybody, by a link, or in a collection. Not with whom.',
  'credential.unshared': 'A credential is shown no longer, or a link to it was ended.',
  'endorsement.requested': 'Somebody was asked to endorse.',
  'endorsement.signed': 'An endorser has signed.',
  'endorsement.published': 'An endorsement is shown.',
  'endorsement.hidden': 'An endorsement is shown no longer.',
  'endorsement.rejected': 'An endorser does not want to sign.',
  'endorsement.withdrawn': 'A request for an endorsement was taken back.',
  'endorsement.expired': 'Nobody signed in time.',
  'endorsement.revoked': 'An endorser has revoked an endorsement.',
  'endorsement.stale': 'What was endorsed has changed, or is no more.',
  'rule.activated': 'A version of a rule is in force.',
  'rule.paused': 'A rule decides nothing for now.',
  'rule.resumed': 'A paused rule decides again.',
  'rule.retired': 'A version of a rule is over.',
  'rule.shadow_started': 'A version of a rule says what it would do, and does nothing.',
  'rule.shadow_ended': 'A version of a rule that ran in shadow is a draft again.',
  'achievement.in_review': 'A version of an achievement waits for its review.',
  'achievement.approved': 'A version of an achievement was approved.',
  'achievement.published': 'A version of an achievement was published.',
  'achievement.retired': 'A version of an achievement is given no longer.',
  'achievement.withdrawn': 'A version of an achievement was withdrawn.',
  'achievement.shared': 'A version of an achievement was shared with another organisation.',
  'achievement.share_withdrawn': 'A version of an achievement is no longer shared with another organisation.',
  'achievement.listed': 'The catalogue shows an achievement.',
  'achievement.unlisted': 'The catalogue shows an achievement no longer.',
  'assessor.mandated': 'Somebody was given a mandate to assess for an achievement.',
  'assessor.mandate_ended': 'A mandate to assess was ended by a person.',
  'assessor.mandate_expired': 'The invitation of an assessor came to nothing, and so did the mandate.',
  'expert_review.requested': 'An expert from outside was asked about a version of an achievement.',
  'expert_review.viewed': 'The expert has looked at it.',
  'expert_review.answered': 'The expert has answered.',
  'expert_review.declined': 'The expert does not want to answer.',
  'expert_review.expired': 'The expert did not answer in time.',
  'expert_review.withdrawn': 'The request to an expert was taken back.',
  'job.finished': 'A dry run or a backfill is over: `state` says how.',
  'batch.anchored': 'The anchor of a batch is final on chain.',
  'api_key.created': 'An API key was made.',
  'api_key.revoked': 'An API key was revoked.',
  'issuer.created': 'An issuer was made.',
  'issuer.verified': 'An issuer was verified.',
  'issuer.closed': 'An issuer issues no more.',
  'issuer.key_created': 'An issuer has a new key.',
  'issuer.key_change_asked': 'Somebody asks for a new key of an issuer; a second person makes it.',
  'issuer.key_retired': 'A key of an issuer signs no more. What it signed stands.',
  'issuer.key_compromised': 'A key of an issuer is no longer trusted.',
  'member.added': 'There is a member more, on a unit. Not who it is.',
  'member.changed': 'A member may do something else.',
  'member.removed': 'There is a member less.',
  'role.created': 'A role was made.',
  'role.changed': 'A role was changed, and with it what its members and keys may do.',
  'role.deleted': 'A role was deleted.',
  'invitation.sent': 'Somebody was invited. Not who it is.',
  'invitation.accepted': 'Somebody who was invited has become a member.',
  'invitation.declined': 'Somebody who was invited does not want to be a member.',
  'invitation.withdrawn': 'An invitation was taken back.',
  'invitation.expired': 'Nobody answered an invitation in time.',
  'event.parked': 'An event failed again and again, and waits for a person.',
} as const

export type WebhookEventType = keyof typeof WEBHOOK_EVENT_TYPES

/** Sent when somebody asks for a test, and then to that endpoint only, whatever it listens to. */
export const TEST_EVENT_TYPE = 'webhook.test'

export const WEBHOOK_EVENT_NAMES = Object.keys(WEBHOOK_EVENT_TYPES) as readonly WebhookEventType[]

const PATTERNS: ReadonlySet<string> = new Set([
  '*',
  ...WEBHOOK_EVENT_NAMES.flatMap((name) => [name, `${name.split('.')[0]}.*`]),
])

/** Whether an endpoint can ask for this: a type, a family such as `award.*`, or `*`. */
export const isEventPattern = (text: string): boolean => PATTERNS.has(text)

/** The layouts that a payload can have. An endpoint keeps the one that it was made with. */
export const PAYLOAD_VERSIONS = ['1'] as const
export type PayloadVersion = (typeof PAYLOAD_VERSIONS)[number]
