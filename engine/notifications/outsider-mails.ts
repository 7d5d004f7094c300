import { flag, type MailKind, paragraphs, text } from './mail-kind.ts'

/** To somebody who is asked to become a member. */
export const invitationKind: MailKind = {
  audience: 'invited',
  changeable: true,
  description: {
    nl: 'Iemand wordt uitgenodigd om lid te worden.',
    en: 'Somebody is invited to become a member.',
  },
  variables: {
    organisation: text('Naam van de organisatie', 'Name of the organisation', 'Voorbeeldschool'),
    inviter: text(
      'Wie uitnodigt; zonder: de organisatie',
      'Who invites; without: the organisation',
      'sam@school.example.org',
    ),
    unit: text('Het onderdeel, als het niet het geheel is', 'The part, where it is not the whole', 'Zorg'),
    role: text('De rol, als het er een is', 'The role, where it is one', 'Toekenner'),
    rights: text('De rechten, als het geen rol is', 'The rights, where it is no role', 'lezen, toekennen'),
    days: text('Hoeveel dagen de link werkt', 'For how many days the link works', '14'),
    oneDay: flag('De link werkt één dag', 'The link works for one day'),
  },
  texts: {
    nl: {
      subject: 'Je bent uitgenodigd voor {{organisation}}',
      text: paragraphs(
        '{{#inviter}}{{inviter}}{{/inviter}}{{^inviter}}{{organisation}}{{/inviter}} nodigt je uit om te werken aan de badges van {{#unit}}{{unit}} ({{organisation}}){{/unit}}{{^unit}}{{organisation}}{{/unit}}.',
        '{{#role}}Je rol wordt dan: {{role}}.{{/role}}{{^role}}Je mag daar dan: {{rights}}.{{/role}}',
        'Je accepteert met het adres waarnaar deze mail is gestuurd.',
        '{{#oneDay}}De link werkt één dag.{{/oneDay}}{{^oneDay}}De link werkt {{days}} dagen.{{/oneDay}} Geef hem niet door.',
        'Uitnodiging bekijken: {{link}}',
        'Had je dit niet verwacht? Dan hoef je niets te doen.',
      ),
    },
    en: {
      subject: 'You are invited to {{organisation}}',
      text: paragraphs(
        '{{#inviter}}{{inviter}}{{/inviter}}{{^inviter}}{{organisation}}{{/inviter}} invites you to work on the badges of {{#unit}}{{unit}} ({{organisation}}){{/unit}}{{^unit}}{{organisation}}{{/unit}}.',
        '{{#role}}Your role there would be: {{role}}.{{/role}}{{^role}}There you could: {{rights}}.{{/role}}',
        'You accept with the address to which this mail was sent.',
        '{{#oneDay}}The link works for one day.{{/oneDay}}{{^oneDay}}The link works for {{days}} days.{{/oneDay}} Do not pass it on.',
        'View the invitation: {{link}}',
        'Did you not expect this? Then there is nothing that you need to do.',
      ),
    },
  },
}

export const endorsementRequestKind: MailKind = {
  audience: 'endorser',
  changeable: true,
  description: { nl: 'Iemand wordt om een aanbeveling gevraagd.', en: 'Somebody is asked to endorse.' },
  variables: {
    issuer: text('Wie erom vraagt', 'Who asks', 'Voorbeeldschool'),
    what: text('Wat aan te bevelen is', 'What is to be endorsed', 'EHBO basis'),
  },
  texts: {
    nl: {
      subject: '{{issuer}} vraagt je om een aanbeveling',
      text: paragraphs(
        '{{issuer}} vraagt je om "{{what}}" aan te bevelen, met je eigen sleutel.',
        'Document bekijken: {{link}}',
      ),
    },
    en: {
      subject: '{{issuer}} asks for your endorsement',
      text: paragraphs(
        '{{issuer}} asks you to endorse "{{what}}" with your own key.',
        'View the document: {{link}}',
      ),
    },
  },
}
