import { type MailText, mail } from './mail-layout.ts'

interface Question {
  readonly url: string
  readonly language: string
  readonly achievement: string
  readonly issuer: string
  /** The identity that the earner shows. */
  readonly shown: string
  /** The one to which the badge was sent; hidden where its reader is not to know it. */
  readonly sentTo: string
}

const isDutch = (language: string): boolean => language.startsWith('nl')

/** To those who may award the badge. */
export function confirmationAskedMail({ url, language, achievement, shown, sentTo }: Question): MailText {
  return isDutch(language)
    ? mail(
        `Is deze badge van ${shown}?`,
        [
          `De badge "${achievement}" is gestuurd naar ${sentTo}. Iemand die inlogt als ${shown} zegt dat die badge van hem of haar is, en vraagt je dat te bevestigen.`,
          'Bevestig het alleen als je weet dat het dezelfde persoon is. Weiger je, dan ziet de vrager je reden.',
        ],
        url,
        'Bekijken en beslissen',
      )
    : mail(
        `Does this badge belong to ${shown}?`,
        [
          `The badge "${achievement}" was sent to ${sentTo}. Somebody who signs in as ${shown} says that it is theirs, and asks you to confirm it.`,
          'Confirm it only if you know that they are the same person. If you refuse, they see your reason.',
        ],
        url,
        'Look and decide',
      )
}

/** To the address to which the badge was sent: nothing happens behind its back. */
export function confirmationNoticeMail({ url, language, achievement, issuer, shown }: Question): MailText {
  return isDutch(language)
    ? mail(
        `Iemand vraagt om je badge: ${achievement}`,
        [
          `${issuer} stuurde je de badge "${achievement}". Iemand die inlogt als ${shown} zegt dat die badge van hem of haar is, en heeft ${issuer} gevraagd dat te bevestigen.`,
          'Ben jij dit zelf? Dan hoef je niets te doen.',
        ],
        url,
        'Naar Waarmerk',
        `Ben jij dit niet? Laat het ${issuer} weten, of haal de badge op met de link uit de eerdere mail.`,
      )
    : mail(
        `Somebody asks for your badge: ${achievement}`,
        [
          `${issuer} sent you the badge "${achievement}". Somebody who signs in as ${shown} says that it is theirs, and has asked ${issuer} to confirm that.`,
          'Is this you? Then there is nothing that you need to do.',
        ],
        url,
        'To Waarmerk',
        `Is this not you? Tell ${issuer}, or claim the badge with the link of the earlier mail.`,
      )
}

/** To both, once the awarder has decided. */
export function confirmationDecidedMail(
  { url, language, achievement, issuer, shown }: Question,
  decision: { readonly confirmed: boolean; readonly reason?: string },
): MailText {
  const { confirmed, reason = '' } = decision
  if (isDutch(language))
    return confirmed
      ? mail(
          `De badge staat bij ${shown}: ${achievement}`,
          [
            `${issuer} heeft bevestigd dat de badge "${achievement}" van ${shown} is. Hij staat nu bij dat account.`,
          ],
          url,
          'Mijn badges bekijken',
        )
      : mail(
          `Niet bevestigd: ${achievement}`,
          [
            `${issuer} heeft niet bevestigd dat de badge "${achievement}" van ${shown} is. De reden: ${reason}`,
          ],
          url,
          'Naar Waarmerk',
        )
  return confirmed
    ? mail(
        `The badge is with ${shown}: ${achievement}`,
        [
          `${issuer} has confirmed that the badge "${achievement}" belongs to ${shown}. It is now in that account.`,
        ],
        url,
        'View my badges',
      )
    : mail(
        `Not confirmed: ${achievement}`,
        [
          `${issuer} has not confirmed that the badge "${achievement}" belongs to ${shown}. The reason: ${reason}`,
        ],
        url,
        'To Waarmerk',
      )
}
