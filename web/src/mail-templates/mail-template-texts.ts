import { texts } from '#web/i18n/texts.ts'

export const mailTemplateTexts = texts(
  {
    choose: 'Mail',
    language: 'Language',
    languages: { nl: 'Dutch', en: 'English' },
    changed: 'Your own words',
    standard: 'The words of Waarmerk',
    subject: 'Subject',
    text: 'Text',
    textHint:
      'Paragraphs are parted by empty lines. A line such as “View the badge: {{link}}” becomes a button.',
    variables: 'What can be filled in',
    save: 'Save',
    saved: 'The mail is worded as you wrote it.',
    reset: 'Back to the words of Waarmerk',
    wasReset: 'The words of Waarmerk count again.',
    preview: 'How it looks, with sample values',
    asText: 'As plain text',
  },
  {
    choose: 'Mail',
    language: 'Taal',
    languages: { nl: 'Nederlands', en: 'Engels' },
    changed: 'Je eigen woorden',
    standard: 'De woorden van Waarmerk',
    subject: 'Onderwerp',
    text: 'Tekst',
    textHint:
      'Alinea’s worden door lege regels gescheiden. Een regel als “Badge bekijken: {{link}}” wordt een knop.',
    variables: 'Wat ingevuld kan worden',
    save: 'Bewaren',
    saved: 'De mail luidt zoals je hem schreef.',
    reset: 'Terug naar de woorden van Waarmerk',
    wasReset: 'De woorden van Waarmerk gelden weer.',
    preview: 'Zo ziet hij eruit, met voorbeelden ingevuld',
    asText: 'Als gewone tekst',
  },
)
