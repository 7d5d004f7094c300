import { texts } from '#web/i18n/texts.ts'

export const signInTexts = texts(
  {
    title: 'Sign in',
    lead: 'We send you a link that signs you in. You need no password.',
    email: 'E-mail address',
    emailWrong: 'Write a whole e-mail address, such as name@example.org.',
    send: 'Mail me a link',
    sent: {
      title: 'Look at your mail',
      text: 'We have sent a link to {{email}}. It works once, for fifteen minutes.',
      noMail:
        'No mail? Look among the unwanted mail. Where the server has no mail set up, an administrator finds the link in the console, under Mail.',
      other: 'Use another address',
    },
    signingIn: 'Signing you in…',
    used: 'Ask for a new link',
    done: 'You are signed in.',
    out: 'You are signed out.',
    needed: 'Sign in to see this',
    byLink: {
      title: 'You came in by a link from a mail',
      text: 'With it you see the badge that it was for, and nothing else of yours. Sign in for your other badges, collections and account.',
    },
    again: 'Begin again',
    with: 'Sign in with {{name}}',
    orWith: 'Sign in elsewhere',
  },
  {
    title: 'Inloggen',
    lead: 'We sturen je een link waarmee je inlogt. Een wachtwoord heb je niet nodig.',
    email: 'E-mailadres',
    emailWrong: 'Vul een heel e-mailadres in, zoals naam@example.org.',
    send: 'Mail me een link',
    sent: {
      title: 'Kijk in je mail',
      text: 'We hebben een link gestuurd naar {{email}}. Hij werkt één keer, een kwartier lang.',
      noMail:
        'Geen mail? Kijk bij de ongewenste mail. Is er op de server geen mail ingesteld, dan vindt een beheerder de link in het beheer, onder Mail.',
      other: 'Een ander adres gebruiken',
    },
    signingIn: 'Je wordt ingelogd…',
    used: 'Vraag een nieuwe link aan',
    done: 'Je bent ingelogd.',
    out: 'Je bent uitgelogd.',
    needed: 'Log in om dit te zien',
    byLink: {
      title: 'Je bent binnengekomen met een link uit een mail',
      text: 'Daarmee zie je de badge waar hij voor was, en verder niets van jou. Log in voor je andere badges, je collecties en je account.',
    },
    again: 'Opnieuw beginnen',
    with: 'Inloggen met {{name}}',
    orWith: 'Elders inloggen',
  },
)
