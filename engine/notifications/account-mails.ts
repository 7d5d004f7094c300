import { flag, type MailKind, paragraphs, text } from './mail-kind.ts'

// Of the installation, in nobody's name: an account belongs to no organisation.

export const signInKind: MailKind = {
  audience: 'account',
  changeable: false,
  description: { nl: 'Een link om in te loggen.', en: 'A link that signs in.' },
  variables: {},
  texts: {
    nl: {
      subject: 'Inloggen bij Waarmerk',
      text: paragraphs(
        'Met deze link log je in. Hij werkt één keer, een kwartier lang.',
        'Inloggen: {{link}}',
        'Heb je hier niet om gevraagd? Dan hoef je niets te doen.',
      ),
    },
    en: {
      subject: 'Sign in to Waarmerk',
      text: paragraphs(
        'This link signs you in. It works once, for fifteen minutes.',
        'Sign in: {{link}}',
        'Did you not ask for this? Then there is nothing that you need to do.',
      ),
    },
  },
}

export const identityCodeKind: MailKind = {
  audience: 'account',
  changeable: false,
  description: { nl: 'Een code die een adres bewijst.', en: 'A code that proves an address.' },
  variables: { code: text('De code', 'The code', '123456') },
  texts: {
    nl: {
      subject: '{{code}} is je code voor Waarmerk',
      text: paragraphs(
        'Je code is {{code}}. Vul hem in op de pagina waar je erom vroeg. Hij werkt één keer, een kwartier lang.',
        'Wie de code heeft, kan dit adres aan zijn account toevoegen. Geef hem aan niemand.',
        'Naar mijn account: {{link}}',
        'Heb je hier niet om gevraagd? Dan hoef je niets te doen.',
      ),
    },
    en: {
      subject: '{{code}} is your code for Waarmerk',
      text: paragraphs(
        'Your code is {{code}}. Write it into the page where you asked for it. It works once, for fifteen minutes.',
        'Whoever has the code can add this address to their account. Give it to nobody.',
        'To my account: {{link}}',
        'Did you not ask for this? Then there is nothing that you need to do.',
      ),
    },
  },
}

export const accountNoticeKind: MailKind = {
  audience: 'account',
  changeable: false,
  description: { nl: 'Er is iets aan een account veranderd.', en: 'Something about an account has changed.' },
  variables: {
    identity: text('Waarmee ingelogd wordt', 'What signs in', 'robin@voorbeeld.example.org'),
    added: flag('Toegevoegd', 'It was added'),
    removed: flag('Verwijderd', 'It was removed'),
    merged: flag('Twee accounts zijn er één geworden', 'Two accounts have become one'),
  },
  texts: {
    nl: {
      subject:
        '{{#added}}Er is iets aan je account toegevoegd{{/added}}{{#removed}}Er is iets van je account verwijderd{{/removed}}{{#merged}}Twee accounts zijn er één geworden{{/merged}}',
      text: paragraphs(
        '{{#added}}Met {{identity}} kun je nu ook inloggen op je account.{{/added}}{{#removed}}Met {{identity}} kun je niet meer inloggen op je account.{{/removed}}{{#merged}}Je account en dat van {{identity}} zijn nu één account. Badges en rechten van beide staan bij elkaar.{{/merged}}',
        'Mijn account bekijken: {{link}}',
        'Was jij dit niet? Log in en haal weg wat niet van jou is, of vraag de beheerder om hulp.',
      ),
    },
    en: {
      subject:
        '{{#added}}Something was added to your account{{/added}}{{#removed}}Something was removed from your account{{/removed}}{{#merged}}Two accounts have become one{{/merged}}',
      text: paragraphs(
        '{{#added}}{{identity}} can now also sign in to your account.{{/added}}{{#removed}}{{identity}} can no longer sign in to your account.{{/removed}}{{#merged}}Your account and that of {{identity}} are now one account, with the badges and rights of both.{{/merged}}',
        'View my account: {{link}}',
        'Was this not you? Sign in and remove what is not yours, or ask the operator for help.',
      ),
    },
  },
}
