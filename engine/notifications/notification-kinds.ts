import type { NotificationKind } from './notification-kind.ts'

const CONSOLE = '/console/{{organisation}}'

/**
 * Everything of which somebody is told. A new one is an entry here and a trigger (or a call of `tellHolders`) where it
 * happens.
 */
export const NOTIFICATION_KINDS = {
  'award-waiting': {
    audience: 'member',
    description: {
      nl: 'Een toekenning wacht op goedkeuring',
      en: 'An award waits for approval',
    },
    texts: {
      nl: 'Een toekenning van "{{achievement}}" wacht op goedkeuring.',
      en: 'An award of "{{achievement}}" waits for approval.',
    },
    page: `${CONSOLE}/awards`,
    standard: { inApp: true, email: 'daily' },
  },
  'achievement-review': {
    audience: 'member',
    description: { nl: 'Een badge wacht op beoordeling', en: 'A badge waits for its review' },
    texts: {
      nl: '"{{achievement}}" wacht op beoordeling.',
      en: '"{{achievement}}" waits for its review.',
    },
    page: `${CONSOLE}/achievements`,
    standard: { inApp: true, email: 'daily' },
  },
  'key-change-asked': {
    audience: 'member',
    description: {
      nl: 'Iemand vraagt om een nieuwe sleutel voor een uitgever',
      en: 'Somebody asks for a new key of an issuer',
    },
    texts: {
      nl: 'Iemand vraagt om een nieuwe sleutel voor {{issuer}}. Een tweede persoon moet die maken.',
      en: 'Somebody asks for a new key of {{issuer}}. A second person has to make it.',
    },
    page: `${CONSOLE}/issuers`,
    standard: { inApp: true, email: 'at_once' },
    // Of a key that nobody knows to be asked for, nobody asks who asked.
    mandatory: true,
  },
  'award-change-prepared': {
    audience: 'member',
    description: {
      nl: 'Iemand wil veel badges intrekken',
      en: 'Somebody wants to revoke many badges',
    },
    texts: {
      nl: 'Iemand wil veel badges intrekken: "{{reason}}". Een tweede persoon moet dat bevestigen.',
      en: 'Somebody wants to revoke many badges: "{{reason}}". A second person has to confirm it.',
    },
    page: `${CONSOLE}/awards`,
    standard: { inApp: true, email: 'at_once' },
    mandatory: true,
  },
  'confirmation-asked': {
    audience: 'member',
    description: {
      nl: 'Iemand zegt dat een badge van hem of haar is',
      en: 'Somebody says that a badge is theirs',
    },
    texts: {
      nl: 'Iemand zegt dat een badge "{{achievement}}" van hem of haar is, en vraagt dat te bevestigen.',
      en: 'Somebody says that a badge "{{achievement}}" is theirs, and asks you to confirm it.',
    },
    page: '/claim-confirmations?organisation={{organisationId}}',
    standard: { inApp: true, email: 'at_once' },
    mail: { kind: 'claim-confirmation-asked' },
  },
  'webhook-disabled': {
    audience: 'member',
    description: { nl: 'Een webhook is uitgezet', en: 'A webhook was disabled' },
    texts: {
      nl: 'De webhook naar {{host}} is uitgezet: er komt niets aan.',
      en: 'The webhook to {{host}} was disabled: nothing arrives there.',
    },
    page: `${CONSOLE}/webhooks`,
    standard: { inApp: true, email: 'at_once' },
    mail: { kind: 'webhook-disabled' },
  },
  'rule-silent': {
    audience: 'member',
    description: { nl: 'Een regel ziet niets meer', en: 'A rule sees nothing any more' },
    texts: {
      nl: 'Al meer dan {{days}} dagen past niets bij de regel "{{name}}".',
      en: 'For more than {{days}} days nothing has matched the rule "{{name}}".',
    },
    page: `${CONSOLE}/rules`,
    standard: { inApp: true, email: 'at_once' },
    mail: { kind: 'rule-silent' },
  },
  'award-lapsed': {
    audience: 'member',
    description: {
      nl: 'Een badge staat, en zijn grond niet meer',
      en: 'A badge stands, and what it asked for does not',
    },
    texts: {
      nl: 'Een badge van de regel "{{name}}" staat, en wat de regel vraagt geldt niet meer.',
      en: 'A badge of the rule "{{name}}" stands, and what the rule asks for is no longer so.',
    },
    page: `${CONSOLE}/awards`,
    standard: { inApp: true, email: 'at_once' },
    mail: { kind: 'award-lapsed' },
  },
  'invitation-accepted': {
    audience: 'member',
    description: { nl: 'Je uitnodiging is aangenomen', en: 'Your invitation was accepted' },
    texts: {
      nl: '{{address}} heeft je uitnodiging aangenomen.',
      en: '{{address}} has accepted your invitation.',
    },
    page: `${CONSOLE}/people`,
    standard: { inApp: true, email: 'off' },
  },
  'invitation-declined': {
    audience: 'member',
    description: { nl: 'Je uitnodiging is afgeslagen', en: 'Your invitation was declined' },
    texts: {
      nl: '{{address}} heeft je uitnodiging afgeslagen.',
      en: '{{address}} has declined your invitation.',
    },
    page: `${CONSOLE}/people`,
    standard: { inApp: true, email: 'off' },
  },
  'invitation-expired': {
    audience: 'member',
    description: { nl: 'Op je uitnodiging is niet geantwoord', en: 'Your invitation was not answered' },
    texts: {
      nl: '{{address}} heeft niet op tijd op je uitnodiging geantwoord. Je kunt opnieuw uitnodigen.',
      en: '{{address}} did not answer your invitation in time. You can invite them again.',
    },
    page: `${CONSOLE}/people`,
    standard: { inApp: true, email: 'daily' },
  },
  'assessor-expired': {
    audience: 'member',
    description: {
      nl: 'Een beoordelaar heeft je uitnodiging niet aangenomen',
      en: 'An assessor did not accept your invitation',
    },
    texts: {
      nl: '{{address}} wordt geen beoordelaar van "{{achievement}}": de uitnodiging is niet aangenomen.',
      en: '{{address}} does not become an assessor of "{{achievement}}": the invitation was not accepted.',
    },
    page: `${CONSOLE}/achievements`,
    standard: { inApp: true, email: 'daily' },
  },
  'expert-review-expired': {
    audience: 'member',
    description: {
      nl: 'Een deskundige van buiten heeft niet geantwoord',
      en: 'An expert from outside did not answer',
    },
    texts: {
      nl: '{{address}} heeft niet op tijd gezegd wat van "{{achievement}}" te vinden is. Je kunt het opnieuw vragen.',
      en: '{{address}} did not say in time what they think of "{{achievement}}". You can ask again.',
    },
    page: `${CONSOLE}/achievements`,
    standard: { inApp: true, email: 'daily' },
  },
  'confirmation-decided': {
    audience: 'earner',
    description: {
      nl: 'Er is beslist of een badge van jou is',
      en: 'It was decided whether a badge is yours',
    },
    texts: {
      nl: '{{#confirmed}}{{issuer}} heeft bevestigd dat "{{achievement}}" van jou is.{{/confirmed}}{{^confirmed}}{{issuer}} heeft niet bevestigd dat "{{achievement}}" van jou is: {{reason}}{{/confirmed}}',
      en: '{{#confirmed}}{{issuer}} has confirmed that "{{achievement}}" is yours.{{/confirmed}}{{^confirmed}}{{issuer}} has not confirmed that "{{achievement}}" is yours: {{reason}}{{/confirmed}}',
    },
    page: '/',
    // Its mail goes out with the decision, to both addresses that it is about.
    standard: { inApp: true, email: 'off' },
  },
  'badge-revoked': {
    audience: 'earner',
    description: { nl: 'Een badge van je is ingetrokken', en: 'A badge of yours was revoked' },
    texts: {
      nl: 'Je badge "{{achievement}}" is ingetrokken{{#reason}}: {{reason}}{{/reason}}.',
      en: 'Your badge "{{achievement}}" was revoked{{#reason}}: {{reason}}{{/reason}}.',
    },
    page: '/',
    // Its mail goes out with the revocation, to the address to which the badge was sent.
    standard: { inApp: true, email: 'off' },
  },
  'badge-expired': {
    audience: 'earner',
    description: { nl: 'Een badge van je is verlopen', en: 'A badge of yours has expired' },
    texts: { nl: 'Je badge "{{achievement}}" is verlopen.', en: 'Your badge "{{achievement}}" has expired.' },
    page: '/',
    standard: { inApp: true, email: 'weekly' },
  },
} as const satisfies Readonly<Record<string, NotificationKind>>

export type NotificationKindName = keyof typeof NOTIFICATION_KINDS

export const NOTIFICATION_KIND_NAMES = Object.keys(NOTIFICATION_KINDS) as readonly NotificationKindName[]

export const isNotificationKind = (name: string): name is NotificationKindName =>
  Object.hasOwn(NOTIFICATION_KINDS, name)

export const notificationKind = (name: NotificationKindName): NotificationKind => NOTIFICATION_KINDS[name]
