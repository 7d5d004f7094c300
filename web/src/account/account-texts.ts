import { texts } from '#web/i18n/texts.ts'

export const accountTexts = texts(
  {
    title: 'My account',
    lead: 'What you sign in with, and where you are written to.',
    loading: 'Your account is being looked up…',
    identities: 'You sign in with',
    primary: 'main address',
    makePrimary: 'Make it my main address',
    remove: 'Remove',
    removeNamed: 'Remove {{identity}}',
    removeText:
      'You will not be able to sign in with it any more. Your badges stay. All your addresses get a mail about this.',
    added: 'It was added to your account.',
    address: { title: 'Add an e-mail address', send: 'Mail me a code' },
    code: {
      label: 'The code from the mail',
      hint: 'Eight digits. The code works for fifteen minutes.',
      prove: 'This is my address',
    },
    provider: { title: 'Add another way to sign in', add: 'Add {{name}}' },
    language: { title: 'Language', label: 'In which language mails to you are written' },
    sessions: {
      title: 'Other devices',
      text: 'Did you sign in on a computer that is not yours, and forget to sign out?',
      end: 'Sign out everywhere else',
      done: 'You are signed out everywhere else.',
    },
    merge: {
      title: 'You have another account',
      text: '{{identity}} belongs to another account of yours. Badges there: {{badges}}. Organisations there: {{organisations}}.',
      effect:
        'If you make them one, everything of the other account comes to this one, and you sign in here with either. This cannot be undone.',
      confirm: 'Make them one account',
      keep: 'Keep them apart',
      done: 'Your two accounts are one now.',
    },
  },
  {
    title: 'Mijn account',
    lead: 'Waarmee je inlogt, en waar je post krijgt.',
    loading: 'Je account wordt opgezocht…',
    identities: 'Je logt in met',
    primary: 'hoofdadres',
    makePrimary: 'Maak dit mijn hoofdadres',
    remove: 'Verwijderen',
    removeNamed: '{{identity}} verwijderen',
    removeText:
      'Je kunt er dan niet meer mee inloggen. Je badges blijven. Al je adressen krijgen hier een mail over.',
    added: 'Het is aan je account toegevoegd.',
    address: { title: 'Een e-mailadres toevoegen', send: 'Mail me een code' },
    code: {
      label: 'De code uit de mail',
      hint: 'Acht cijfers. De code werkt een kwartier.',
      prove: 'Dit is mijn adres',
    },
    provider: { title: 'Nog een manier van inloggen toevoegen', add: '{{name}} toevoegen' },
    language: { title: 'Taal', label: 'In welke taal je mails krijgt' },
    sessions: {
      title: 'Andere apparaten',
      text: 'Heb je op een computer ingelogd die niet van jou is, en vergeten uit te loggen?',
      end: 'Overal elders uitloggen',
      done: 'Je bent overal elders uitgelogd.',
    },
    merge: {
      title: 'Je hebt nog een account',
      text: '{{identity}} hoort bij een ander account van jou. Badges daar: {{badges}}. Organisaties daar: {{organisations}}.',
      effect:
        'Maak je er één van, dan komt alles van het andere account hierheen, en log je met allebei hier in. Dit kan niet ongedaan worden gemaakt.',
      confirm: 'Maak er één account van',
      keep: 'Apart houden',
      done: 'Je twee accounts zijn nu één.',
    },
  },
)
