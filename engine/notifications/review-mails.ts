import { flag, type MailKind, paragraphs, text } from './mail-kind.ts'

const ABOUT = {
  organisation: text('Naam van de organisatie', 'Name of the organisation', 'Voorbeeldschool'),
  achievement: text('Naam van de badge', 'Name of the badge', 'EHBO basis'),
}

/** To somebody who may assess for a badge; who is no member yet accepts an invitation by the same link. */
export const assessorKind: MailKind = {
  audience: 'invited',
  changeable: true,
  description: {
    nl: 'Iemand is beoordelaar van een badge geworden.',
    en: 'Somebody has become an assessor of a badge.',
  },
  variables: {
    ...ABOUT,
    isInvited: flag('Wordt daarvoor lid', 'Becomes a member for that'),
    days: text('Hoeveel dagen de link werkt', 'For how many days the link works', '14'),
    oneDay: flag('De link werkt één dag', 'The link works for one day'),
  },
  texts: {
    nl: {
      subject: 'Je bent beoordelaar van {{achievement}}',
      text: paragraphs(
        '{{organisation}} vraagt je te beoordelen wie de badge {{achievement}} verdient.',
        'Je mandaat, met data en criteria, staat bij de badge in de console.',
        '{{#isInvited}}Daarvoor word je lid met leesrecht. Je accepteert met het adres waarnaar deze mail is gestuurd.{{/isInvited}}{{^isInvited}}Je logt in zoals je gewend bent.{{/isInvited}}',
        '{{#isInvited}}{{#oneDay}}De link werkt één dag.{{/oneDay}}{{^oneDay}}De link werkt {{days}} dagen.{{/oneDay}} Geef hem niet door.{{/isInvited}}',
        '{{#isInvited}}Uitnodiging bekijken{{/isInvited}}{{^isInvited}}Console openen{{/isInvited}}: {{link}}',
        'Je naam staat alleen op de openbare pagina van de badge als je dat goedvindt.',
      ),
    },
    en: {
      subject: 'You are an assessor of {{achievement}}',
      text: paragraphs(
        '{{organisation}} asks you to assess who earns the badge {{achievement}}.',
        'Your mandate, with its dates and criteria, stands with the badge in the console.',
        '{{#isInvited}}For that you become a member who may read. You accept with the address to which this mail was sent.{{/isInvited}}{{^isInvited}}You sign in as you always do.{{/isInvited}}',
        '{{#isInvited}}{{#oneDay}}The link works for one day.{{/oneDay}}{{^oneDay}}The link works for {{days}} days.{{/oneDay}} Do not pass it on.{{/isInvited}}',
        '{{#isInvited}}View the invitation{{/isInvited}}{{^isInvited}}Open the console{{/isInvited}}: {{link}}',
        'Your name stands on the public page of the badge only if you agree to that.',
      ),
    },
  },
}

/** To an expert from outside, about a badge that is not published yet. The link is shown nowhere else. */
export const expertReviewKind: MailKind = {
  audience: 'endorser',
  changeable: true,
  description: {
    nl: 'Een deskundige van buiten wordt om een oordeel gevraagd.',
    en: 'An expert from outside is asked for their view.',
  },
  variables: {
    ...ABOUT,
    message: text('Een bericht van wie vraagt', 'A message of whoever asks', 'We horen graag van je.'),
    days: text('Hoeveel dagen de link werkt', 'For how many days the link works', '14'),
  },
  texts: {
    nl: {
      subject: '{{organisation}} vraagt je oordeel over een nieuwe badge',
      text: paragraphs(
        '{{organisation}} maakt de badge {{achievement}}, en hoort graag wat jij ervan vindt voordat die wordt gepubliceerd.',
        '{{#message}}Zij schrijven: {{message}}{{/message}}',
        'Je ziet de hele badge en zegt of je het ermee eens bent, met opmerkingen als je wilt. Je hebt geen account nodig.',
        'De link werkt {{days}} dagen. Geef hem niet door.',
        'Badge bekijken: {{link}}',
        'Liever niet? Op dezelfde pagina kun je bedanken.',
      ),
    },
    en: {
      subject: '{{organisation}} asks for your view of a new badge',
      text: paragraphs(
        '{{organisation}} is making the badge {{achievement}}, and would like to know what you think of it before it is published.',
        '{{#message}}They write: {{message}}{{/message}}',
        'You see the whole badge and say whether you agree, with remarks if you like. You need no account.',
        'The link works for {{days}} days. Do not pass it on.',
        'View the badge: {{link}}',
        'Would you rather not? On the same page you can decline.',
      ),
    },
  },
}
