import { type MailText, mail } from './mail-layout.ts'

export function signInMail({ url, language }: { readonly url: string; readonly language: string }): MailText {
  return language.startsWith('nl')
    ? mail(
        'Inloggen bij Waarmerk',
        ['Met deze link log je in. Hij werkt één keer, een kwartier lang.'],
        url,
        'Inloggen',
        'Heb je hier niet om gevraagd? Dan hoef je niets te doen.',
      )
    : mail(
        'Sign in to Waarmerk',
        ['This link signs you in. It works once, for fifteen minutes.'],
        url,
        'Sign in',
        'Did you not ask for this? Then there is nothing that you need to do.',
      )
}

export function claimMail(claim: {
  readonly url: string
  readonly language: string
  readonly achievement: string
  readonly issuer: string
  readonly byRule: boolean
}): MailText {
  const { url, language, achievement, issuer, byRule } = claim
  return language.startsWith('nl')
    ? mail(
        `Je hebt een badge: ${achievement}`,
        [
          `${issuer} heeft je de badge "${achievement}" toegekend.`,
          byRule
            ? 'Een regel heeft dit vastgesteld, aan de hand van wat je hebt gedaan. Klopt er iets niet? Antwoord op deze mail, dan kijkt een mens ernaar.'
            : 'Iemand van de organisatie heeft dit vastgesteld.',
          'De badge is alleen voor jou zichtbaar, tot je hem deelt.',
        ],
        url,
        'Badge bekijken en ophalen',
      )
    : mail(
        `You have earned a badge: ${achievement}`,
        [
          `${issuer} has awarded you the badge "${achievement}".`,
          byRule
            ? 'A rule decided this, from what you have done. Is something wrong? Answer this mail, and a person will look at it.'
            : 'A person of the organisation decided this.',
          'Nobody but you sees the badge until you share it.',
        ],
        url,
        'View and claim the badge',
      )
}

export function endorsementRequestMail(request: {
  readonly url: string
  readonly language: string
  readonly issuer: string
  readonly what: string
}): MailText {
  const { url, language, issuer, what } = request
  return language.startsWith('nl')
    ? mail(
        `${issuer} vraagt je om een aanbeveling`,
        [`${issuer} vraagt je om "${what}" aan te bevelen, met je eigen sleutel.`],
        url,
        'Document bekijken',
      )
    : mail(
        `${issuer} asks for your endorsement`,
        [`${issuer} asks you to endorse "${what}" with your own key.`],
        url,
        'View the document',
      )
}

export function ruleSilentMail(rule: {
  readonly url: string
  readonly language: string
  readonly name: string
  readonly days: number
}): MailText {
  const { url, language, name, days } = rule
  return language.startsWith('nl')
    ? mail(
        `De regel "${name}" ziet niets meer`,
        [
          `Al meer dan ${days} dagen past geen enkele gebeurtenis bij de regel "${name}". Zo krijgt niemand de badge.`,
          'Misschien stuurt een systeem niets meer, of noemt het iets anders dan de regel verwacht.',
        ],
        url,
        'Regel bekijken',
      )
    : mail(
        `The rule "${name}" sees nothing any more`,
        [
          `For more than ${days} days no event has matched the rule "${name}". Nobody gets the badge this way.`,
          'Perhaps a system sends nothing any more, or names something in another way than the rule expects.',
        ],
        url,
        'View the rule',
      )
}

export function awardLapsedMail(award: {
  readonly url: string
  readonly language: string
  readonly name: string
  readonly awardId: string
}): MailText {
  const { url, language, name, awardId } = award
  return language.startsWith('nl')
    ? mail(
        `Een badge van de regel "${name}" staat, en zijn grond niet meer`,
        [
          `De badge met toekenning ${awardId} is uitgereikt door de regel "${name}". Wat die regel vraagt, geldt voor deze persoon niet meer.`,
          'Met de badge is niets gebeurd: dat is aan u.',
        ],
        url,
        'Toekenning bekijken',
      )
    : mail(
        `A badge of the rule "${name}" stands, and what it asked for does not`,
        [
          `The badge of award ${awardId} was given by the rule "${name}". What that rule asks for is no longer so for this person.`,
          'Nothing happened to the badge: that is for you to decide.',
        ],
        url,
        'View the award',
      )
}

export function webhookDisabledMail(webhook: {
  readonly url: string
  readonly language: string
  /** The server that was sent to. The rest of its URL may hold a secret. */
  readonly host: string
  readonly reason: 'gone' | 'failing'
}): MailText {
  const { url, language, host, reason } = webhook
  return language.startsWith('nl')
    ? mail(
        `Een webhook is uitgezet: ${host}`,
        [
          reason === 'gone'
            ? `De server ${host} antwoordt dat daar niemand meer luistert (410). De webhook is daarom uitgezet.`
            : `Al vijf dagen komt niets aan bij de server ${host}. De webhook is daarom uitgezet.`,
          'Wat sindsdien gebeurt, staat in het logboek. Als de webhook weer aanstaat, kunt u het alsnog laten sturen.',
        ],
        url,
        'Webhook bekijken',
      )
    : mail(
        `A webhook was disabled: ${host}`,
        [
          reason === 'gone'
            ? `The server ${host} answers that nobody listens there any more (410). The webhook was disabled.`
            : `For five days nothing has arrived at the server ${host}. The webhook was disabled.`,
          'What happens from now on stands in its log. Once the webhook is enabled again, you can have it sent.',
        ],
        url,
        'View the webhook',
      )
}
