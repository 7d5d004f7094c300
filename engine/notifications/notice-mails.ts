import { type MailKind, paragraphs, text } from './mail-kind.ts'

/** For what has no mail of its own: the sentence that stands in the application. */
export const notificationKindMail: MailKind = {
  audience: 'member',
  changeable: true,
  description: {
    nl: 'Een melding die geen eigen mail heeft.',
    en: 'A notification that has no mail of its own.',
  },
  variables: {
    notice: text(
      'Wat er is gebeurd',
      'What happened',
      'Een toekenning van "EHBO basis" wacht op goedkeuring.',
    ),
  },
  texts: {
    nl: { subject: '{{notice}}', text: paragraphs('{{notice}}', 'Bekijken: {{link}}') },
    en: { subject: '{{notice}}', text: paragraphs('{{notice}}', 'View: {{link}}') },
  },
}
