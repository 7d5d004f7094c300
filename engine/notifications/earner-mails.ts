import { flag, type MailKind, paragraphs, text } from './mail-kind.ts'

export const claimKind: MailKind = {
  audience: 'earner',
  changeable: true,
  description: {
    nl: 'Iemand heeft een badge gekregen en kan hem ophalen.',
    en: 'Somebody was awarded a badge and can claim it.',
  },
  variables: {
    achievement: text('Naam van de badge', 'Name of the badge', 'EHBO basis'),
    issuer: text('Wie de badge uitreikt', 'Who issues the badge', 'Voorbeeldschool'),
    byRule: flag('Een regel heeft het vastgesteld', 'A rule decided it'),
  },
  texts: {
    nl: {
      subject: 'Je hebt een badge: {{achievement}}',
      text: paragraphs(
        '{{issuer}} heeft je de badge "{{achievement}}" toegekend.',
        '{{#byRule}}Een regel heeft dit vastgesteld, aan de hand van wat je hebt gedaan. Klopt er iets niet? Antwoord op deze mail, dan kijkt een mens ernaar.{{/byRule}}{{^byRule}}Iemand van de organisatie heeft dit vastgesteld.{{/byRule}}',
        'De badge is alleen voor jou zichtbaar, tot je hem deelt.',
        'Badge bekijken en ophalen: {{link}}',
      ),
    },
    en: {
      subject: 'You have earned a badge: {{achievement}}',
      text: paragraphs(
        '{{issuer}} has awarded you the badge "{{achievement}}".',
        '{{#byRule}}A rule decided this, from what you have done. Is something wrong? Answer this mail, and a person will look at it.{{/byRule}}{{^byRule}}A person of the organisation decided this.{{/byRule}}',
        'Nobody but you sees the badge until you share it.',
        'View and claim the badge: {{link}}',
      ),
    },
  },
}

const CONFIRMATION = {
  achievement: text('Naam van de badge', 'Name of the badge', 'EHBO basis'),
  issuer: text('Wie de badge uitreikt', 'Who issues the badge', 'Voorbeeldschool'),
  shown: text(
    'Waarmee de vrager inlogt',
    'What the one who asks signs in with',
    'robin@voorbeeld.example.org',
  ),
}

/** Nothing happens behind the back of the address to which a badge was sent. */
export const confirmationNoticeKind: MailKind = {
  audience: 'earner',
  changeable: true,
  description: {
    nl: 'Aan het adres waarnaar een badge is gestuurd: iemand anders vraagt erom.',
    en: 'To the address to which a badge was sent: somebody else asks for it.',
  },
  variables: CONFIRMATION,
  texts: {
    nl: {
      subject: 'Iemand vraagt om je badge: {{achievement}}',
      text: paragraphs(
        '{{issuer}} stuurde je de badge "{{achievement}}". Iemand die inlogt als {{shown}} zegt dat die badge van hem of haar is, en heeft {{issuer}} gevraagd dat te bevestigen.',
        'Ben jij dit zelf? Dan hoef je niets te doen.',
        'Naar Waarmerk: {{link}}',
        'Ben jij dit niet? Laat het {{issuer}} weten, of haal de badge op met de link uit de eerdere mail.',
      ),
    },
    en: {
      subject: 'Somebody asks for your badge: {{achievement}}',
      text: paragraphs(
        '{{issuer}} sent you the badge "{{achievement}}". Somebody who signs in as {{shown}} says that it is theirs, and has asked {{issuer}} to confirm that.',
        'Is this you? Then there is nothing that you need to do.',
        'To Waarmerk: {{link}}',
        'Is this not you? Tell {{issuer}}, or claim the badge with the link of the earlier mail.',
      ),
    },
  },
}

export const confirmationDecidedKind: MailKind = {
  audience: 'earner',
  changeable: true,
  description: {
    nl: 'De toekenner heeft beslist van wie een badge is.',
    en: 'The awarder has decided whose a badge is.',
  },
  variables: {
    ...CONFIRMATION,
    confirmed: flag('Het is bevestigd', 'It was confirmed'),
    reason: text('Waarom niet', 'Why not', 'Deze naam staat niet op onze lijst.'),
  },
  texts: {
    nl: {
      subject:
        '{{#confirmed}}De badge staat bij {{shown}}: {{achievement}}{{/confirmed}}{{^confirmed}}Niet bevestigd: {{achievement}}{{/confirmed}}',
      text: paragraphs(
        '{{#confirmed}}{{issuer}} heeft bevestigd dat de badge "{{achievement}}" van {{shown}} is. Hij staat nu bij dat account.{{/confirmed}}{{^confirmed}}{{issuer}} heeft niet bevestigd dat de badge "{{achievement}}" van {{shown}} is. De reden: {{reason}}{{/confirmed}}',
        '{{#confirmed}}Mijn badges bekijken{{/confirmed}}{{^confirmed}}Naar Waarmerk{{/confirmed}}: {{link}}',
      ),
    },
    en: {
      subject:
        '{{#confirmed}}The badge is with {{shown}}: {{achievement}}{{/confirmed}}{{^confirmed}}Not confirmed: {{achievement}}{{/confirmed}}',
      text: paragraphs(
        '{{#confirmed}}{{issuer}} has confirmed that the badge "{{achievement}}" belongs to {{shown}}. It is now in that account.{{/confirmed}}{{^confirmed}}{{issuer}} has not confirmed that the badge "{{achievement}}" belongs to {{shown}}. The reason: {{reason}}{{/confirmed}}',
        '{{#confirmed}}View my badges{{/confirmed}}{{^confirmed}}To Waarmerk{{/confirmed}}: {{link}}',
      ),
    },
  },
}
