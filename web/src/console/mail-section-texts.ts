import { texts } from '#web/i18n/texts.ts'

export const mailSectionTexts = texts(
  {
    to: 'To',
    created: 'Written',
    kind: 'Kind',
    reason: 'Why not sent',
    show: 'Read it',
  },
  {
    to: 'Aan',
    created: 'Geschreven',
    kind: 'Soort',
    reason: 'Waarom niet verstuurd',
    show: 'Lezen',
  },
)
