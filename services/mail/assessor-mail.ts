import { type MailText, mail } from './mail-layout.ts'

/** Tells somebody that they may assess for a badge; who is no member yet accepts an invitation by the same link. */
export function assessorMail(mandate: {
  readonly url: string
  readonly language: string
  readonly organisation: string
  readonly achievement: string
  /** In days, of the invitation of somebody who is no member yet. */
  readonly invitationDays?: number
}): MailText {
  const { url, language, organisation, achievement, invitationDays } = mandate
  const words = language.startsWith('nl') ? DUTCH : ENGLISH
  const lasting = invitationDays === undefined ? [words.member] : [words.invited, words.lasts(invitationDays)]
  return mail(
    words.subject(achievement),
    [words.asked(organisation, achievement), words.terms, ...lasting],
    url,
    invitationDays === undefined ? words.open : words.accept,
    words.closing,
  )
}

const ENGLISH = {
  subject: (achievement: string) => `You are an assessor of ${achievement}`,
  asked: (organisation: string, achievement: string) =>
    `${organisation} asks you to assess who earns the badge ${achievement}.`,
  terms: 'Your mandate, with its dates and criteria, stands with the badge in the console.',
  member: 'You sign in as you always do.',
  invited:
    'For that you become a member who may read. You accept with the address to which this mail was sent.',
  lasts: (days: number) =>
    `The link works for ${days === 1 ? 'one day' : `${days} days`}. Do not pass it on.`,
  open: 'Open the console',
  accept: 'View the invitation',
  closing: 'Your name stands on the public page of the badge only if you agree to that.',
}

const DUTCH: typeof ENGLISH = {
  subject: (achievement) => `Je bent beoordelaar van ${achievement}`,
  asked: (organisation, achievement) =>
    `${organisation} vraagt je te beoordelen wie de badge ${achievement} verdient.`,
  terms: 'Je mandaat, met data en criteria, staat bij de badge in de console.',
  member: 'Je logt in zoals je gewend bent.',
  invited: 'Daarvoor word je lid met leesrecht. Je accepteert met het adres waarnaar deze mail is gestuurd.',
  lasts: (days) => `De link werkt ${days === 1 ? 'één dag' : `${days} dagen`}. Geef hem niet door.`,
  open: 'Console openen',
  accept: 'Uitnodiging bekijken',
  closing: 'Je naam staat alleen op de openbare pagina van de badge als je dat goedvindt.',
}
