import { texts } from '#web/i18n/texts.ts'

export const mailSectionTexts = texts(
  {
    to: 'To',
    created: 'Written',
    kind: 'Kind',
    reason: 'Why not sent',
    show: 'Read it',
    trouble: {
      label: 'Mail',
      refused: 'Did not arrive: the mail server does not take it{{status}}. {{at}}',
      returned: 'Came back: it could not be delivered{{status}}. {{at}}',
      held: 'Not sent: an earlier mail to this address did not arrive{{status}}. {{at}}',
      failed: 'Could not be sent. {{at}}',
    },
  },
  {
    to: 'Aan',
    created: 'Geschreven',
    kind: 'Soort',
    reason: 'Waarom niet verstuurd',
    show: 'Lezen',
    trouble: {
      label: 'Mail',
      refused: 'Niet aangekomen: de mailserver neemt hem niet aan{{status}}. {{at}}',
      returned: 'Teruggekomen: hij was niet te bezorgen{{status}}. {{at}}',
      held: 'Niet verstuurd: een eerdere mail aan dit adres kwam niet aan{{status}}. {{at}}',
      failed: 'Kon niet worden verstuurd. {{at}}',
    },
  },
)
