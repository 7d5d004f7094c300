import { formatInstant, type Instant } from '#engine/shared/instant.ts'
import { type MailText, mail } from './mail-layout.ts'

export type AwardChange = 'corrected' | 'reissued' | 'reinstated' | 'suspended' | 'revoked' | 'expiring'

/** Tells an earner what became of a badge that they have. */
export function awardChangeMail(about: {
  readonly change: AwardChange
  readonly url: string
  readonly language: string
  readonly achievement: string
  readonly issuer: string
  readonly reason?: string
  readonly until?: Instant
}): MailText {
  const { change, url, language, achievement, issuer, reason, until } = about
  const words = language.startsWith('nl') ? DUTCH : ENGLISH
  return mail(
    words.subject[change](achievement),
    [
      words.told[change](issuer, achievement),
      ...(reason === undefined ? [] : [words.reason(reason)]),
      ...(until === undefined ? [] : [words.until(formatInstant(until).slice(0, 10))]),
      words.next[change],
    ],
    url,
    words.action,
    words.closing,
  )
}

interface Words {
  readonly subject: Readonly<Record<AwardChange, (achievement: string) => string>>
  readonly told: Readonly<Record<AwardChange, (issuer: string, achievement: string) => string>>
  readonly next: Readonly<Record<AwardChange, string>>
  readonly reason: (reason: string) => string
  readonly until: (day: string) => string
  readonly action: string
  readonly closing: string
}

const FRESH_COPY = {
  en: 'Copies that you have downloaded or sent are no longer valid: take a fresh one from the page of the badge. Its address is the same.',
  nl: 'Kopieën die je hebt gedownload of verstuurd zijn niet meer geldig: haal een nieuwe op van de pagina van de badge. Het adres blijft hetzelfde.',
}

const ENGLISH: Words = {
  subject: {
    corrected: (achievement) => `Your badge was corrected: ${achievement}`,
    reissued: (achievement) => `Your badge was signed anew: ${achievement}`,
    reinstated: (achievement) => `Your badge is valid again: ${achievement}`,
    suspended: (achievement) => `Your badge was suspended: ${achievement}`,
    revoked: (achievement) => `Your badge was revoked: ${achievement}`,
    expiring: (achievement) => `Your badge is over soon: ${achievement}`,
  },
  told: {
    corrected: (issuer, achievement) => `${issuer} has corrected your badge "${achievement}".`,
    reissued: (issuer, achievement) =>
      `${issuer} has signed your badge "${achievement}" anew. What it says of you has not changed.`,
    reinstated: (issuer, achievement) => `${issuer} has reinstated your badge "${achievement}".`,
    suspended: (issuer, achievement) =>
      `${issuer} has suspended your badge "${achievement}". For the time being it does not count as valid.`,
    revoked: (issuer, achievement) =>
      `${issuer} has revoked your badge "${achievement}". It does not count as valid any more.`,
    expiring: (issuer, achievement) => `The badge "${achievement}" that ${issuer} gave you is over soon.`,
  },
  next: {
    corrected: FRESH_COPY.en,
    reissued: FRESH_COPY.en,
    reinstated: FRESH_COPY.en,
    suspended: 'When it is reinstated, you will hear of it.',
    revoked: 'Whoever verifies the badge sees that it was revoked.',
    expiring: 'Whether and how it can be renewed, whoever gave it to you knows.',
  },
  reason: (reason) => `The reason given: ${reason}`,
  until: (day) => `It is valid until ${day}.`,
  action: 'View the badge',
  closing: 'Is something wrong? Answer this mail, and a person will look at it.',
}

const DUTCH: Words = {
  subject: {
    corrected: (achievement) => `Je badge is verbeterd: ${achievement}`,
    reissued: (achievement) => `Je badge is opnieuw ondertekend: ${achievement}`,
    reinstated: (achievement) => `Je badge is weer geldig: ${achievement}`,
    suspended: (achievement) => `Je badge is opgeschort: ${achievement}`,
    revoked: (achievement) => `Je badge is ingetrokken: ${achievement}`,
    expiring: (achievement) => `Je badge verloopt binnenkort: ${achievement}`,
  },
  told: {
    corrected: (issuer, achievement) => `${issuer} heeft je badge "${achievement}" verbeterd.`,
    reissued: (issuer, achievement) =>
      `${issuer} heeft je badge "${achievement}" opnieuw ondertekend. Wat erin over jou staat is niet veranderd.`,
    reinstated: (issuer, achievement) => `${issuer} heeft je badge "${achievement}" hersteld.`,
    suspended: (issuer, achievement) =>
      `${issuer} heeft je badge "${achievement}" opgeschort. Voorlopig geldt hij niet.`,
    revoked: (issuer, achievement) =>
      `${issuer} heeft je badge "${achievement}" ingetrokken. Hij geldt niet meer.`,
    expiring: (issuer, achievement) =>
      `De badge "${achievement}" die je van ${issuer} kreeg, verloopt binnenkort.`,
  },
  next: {
    corrected: FRESH_COPY.nl,
    reissued: FRESH_COPY.nl,
    reinstated: FRESH_COPY.nl,
    suspended: 'Als hij wordt hersteld, hoor je het.',
    revoked: 'Wie de badge controleert, ziet dat hij is ingetrokken.',
    expiring: 'Of en hoe hij verlengd kan worden, weet wie hem je gaf.',
  },
  reason: (reason) => `De opgegeven reden: ${reason}`,
  until: (day) => `Hij is geldig tot ${day}.`,
  action: 'Badge bekijken',
  closing: 'Klopt er iets niet? Antwoord op deze mail, dan kijkt een mens ernaar.',
}
