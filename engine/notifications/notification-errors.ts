import { defineError } from '#engine/errors/define-error.ts'

export const notificationErrors = {
  templateVariableUnknown: defineError<{ variables: readonly string[]; known: readonly string[] }>(
    'template-variable-unknown',
    422,
    false,
    'A template speaks of the variables of its kind of mail and of no others: `variables` are those that it does not have, `known` those that it has.',
    ({ variables, known }) =>
      `This kind of mail has no ${variables.join(', ')}. It has: ${known.join(', ')}.`,
  ),
  templateLinkMissing: defineError<{ variable: string }>(
    'template-link-missing',
    422,
    false,
    'A mail leads somewhere. The text of a template holds `{{link}}`, outside of any section, and the subject does not.',
    ({ variable }) =>
      `The text must hold {{${variable}}}, outside of any section, and the subject must not hold it.`,
  ),
  templateMalformed: defineError<{ part: 'subject' | 'text'; reason: string }>(
    'template-malformed',
    422,
    false,
    'A template is written in mustache, with variables and sections. Partials and other delimiters are not taken, and a section that is opened is closed. `part` says where, `reason` what.',
    ({ part, reason }) => `The ${part} cannot be read as a template: ${reason}.`,
  ),
  notificationMandatory: defineError<{ kind: string }>(
    'notification-mandatory',
    422,
    false,
    'Some mails are how an account is kept safe, or how a badge reaches its earner. They cannot be turned off, nor put off to a digest: leave `kind` out of the change.',
    ({ kind }) => `What is told of ${kind} cannot be turned off.`,
  ),
  timeZoneUnknown: defineError<{ timeZone: string }>(
    'time-zone-unknown',
    422,
    false,
    'Time zones are named as IANA does: `Europe/Amsterdam`, `America/New_York`, `UTC`.',
    ({ timeZone }) => `There is no time zone ${timeZone}.`,
  ),
  unsubscribeLinkInvalid: defineError(
    'unsubscribe-link-invalid',
    404,
    false,
    'The link that turns a mail off is not one of ours, or was changed on its way. Sign in and choose at your account instead.',
    () => 'This link turns nothing off.',
  ),
  bounceUnreadable: defineError(
    'bounce-unreadable',
    422,
    false,
    'A bounce is the whole mail that a server sent back, as it came: a `multipart/report` of RFC 3464, with what became of each recipient and with the headers of the mail that it reports on.',
    () => 'This is no report of a mail server on a mail.',
  ),
  bounceUnknown: defineError(
    'bounce-unknown',
    404,
    false,
    'The report is on no mail that this organisation sent to this recipient and that was taken by a mail server. Nothing changes.',
    () => 'We sent no such mail to this recipient.',
  ),
} as const
