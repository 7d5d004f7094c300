import { texts } from '#web/i18n/texts.ts'

export const codeTexts = texts(
  {
    title: 'Redeem a code',
    lead: 'You were given a code, on paper, on a screen or as a QR code. Redeeming it says that you were there.',
    code: 'Your code',
    hint: 'Capitals, hyphens and blanks do not matter.',
    missing: 'Write your code.',
    redeem: 'Redeem',
    redeemed: { title: 'That counts', text: '“{{name}}” was redeemed for you.' },
    already: {
      title: 'That counts already',
      text: 'You redeemed “{{name}}” on {{day}}. A code counts once.',
    },
    claimed: {
      title: 'The badge is yours',
      text: 'It is being signed, and stands among your badges in a moment.',
      badges: 'To my badges',
    },
    next: 'If a badge follows from it, you get a mail.',
    another: 'Redeem another code',
    signIn: {
      title: 'Sign in first',
      text: 'We have to know for whom it counts. Ask for a link, open it, and come back to this page: your code stays here.',
      done: 'I have signed in',
    },
  },
  {
    title: 'Een code inleveren',
    lead: 'Je hebt een code gekregen, op papier, op een scherm of als QR-code. Lever hem in om te laten weten dat je erbij was.',
    code: 'Je code',
    hint: 'Hoofdletters, streepjes en spaties maken niet uit.',
    missing: 'Vul je code in.',
    redeem: 'Inleveren',
    redeemed: { title: 'Dat telt', text: '‘{{name}}’ is voor je ingeleverd.' },
    already: {
      title: 'Dat telt al',
      text: 'Je hebt ‘{{name}}’ ingeleverd op {{day}}. Een code telt één keer.',
    },
    claimed: {
      title: 'De badge is van jou',
      text: 'Hij wordt ondertekend en staat zo bij je badges.',
      badges: 'Naar mijn badges',
    },
    next: 'Volgt er een badge uit, dan krijg je een mail.',
    another: 'Nog een code inleveren',
    signIn: {
      title: 'Log eerst in',
      text: 'We moeten weten voor wie het telt. Vraag een link aan, open hem, en kom terug naar deze pagina: je code blijft hier staan.',
      done: 'Ik ben ingelogd',
    },
  },
)
