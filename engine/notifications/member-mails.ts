import { flag, type MailKind, paragraphs, text } from './mail-kind.ts'

export const ruleSilentKind: MailKind = {
  audience: 'member',
  changeable: true,
  description: {
    nl: 'Al lang past geen gebeurtenis bij een regel.',
    en: 'For long no event has matched a rule.',
  },
  variables: {
    name: text('Naam van de regel', 'Name of the rule', 'EHBO basis na twee cursussen'),
    days: text('Hoeveel dagen al', 'For how many days', '30'),
  },
  texts: {
    nl: {
      subject: 'De regel "{{name}}" ziet niets meer',
      text: paragraphs(
        'Al meer dan {{days}} dagen past geen enkele gebeurtenis bij de regel "{{name}}". Zo krijgt niemand de badge.',
        'Misschien stuurt een systeem niets meer, of noemt het iets anders dan de regel verwacht.',
        'Regel bekijken: {{link}}',
      ),
    },
    en: {
      subject: 'The rule "{{name}}" sees nothing any more',
      text: paragraphs(
        'For more than {{days}} days no event has matched the rule "{{name}}". Nobody gets the badge this way.',
        'Perhaps a system sends nothing any more, or names something in another way than the rule expects.',
        'View the rule: {{link}}',
      ),
    },
  },
}

export const awardLapsedKind: MailKind = {
  audience: 'member',
  changeable: true,
  description: {
    nl: 'Een badge staat, en wat zijn regel vraagt geldt niet meer.',
    en: 'A badge stands, and what its rule asks for is no longer so.',
  },
  variables: {
    name: text('Naam van de regel', 'Name of the rule', 'EHBO basis na twee cursussen'),
    awardId: text('De toekenning', 'The award', '0195f3a1-0000-7000-8000-000000000001'),
  },
  texts: {
    nl: {
      subject: 'Een badge van de regel "{{name}}" staat, en zijn grond niet meer',
      text: paragraphs(
        'De badge met toekenning {{awardId}} is uitgereikt door de regel "{{name}}". Wat die regel vraagt, geldt voor deze persoon niet meer.',
        'Met de badge is niets gebeurd: dat is aan u.',
        'Toekenning bekijken: {{link}}',
      ),
    },
    en: {
      subject: 'A badge of the rule "{{name}}" stands, and what it asked for does not',
      text: paragraphs(
        'The badge of award {{awardId}} was given by the rule "{{name}}". What that rule asks for is no longer so for this person.',
        'Nothing happened to the badge: that is for you to decide.',
        'View the award: {{link}}',
      ),
    },
  },
}

export const webhookDisabledKind: MailKind = {
  audience: 'member',
  changeable: true,
  description: {
    nl: 'Een webhook is uitgezet omdat niets aankwam.',
    en: 'A webhook was disabled because nothing arrived.',
  },
  variables: {
    host: text('De server', 'The server', 'lms.example.org'),
    gone: flag('De server zegt dat daar niemand meer luistert', 'The server says that nobody listens there'),
  },
  texts: {
    nl: {
      subject: 'Een webhook is uitgezet: {{host}}',
      text: paragraphs(
        '{{#gone}}De server {{host}} antwoordt dat daar niemand meer luistert (410).{{/gone}}{{^gone}}Al vijf dagen komt niets aan bij de server {{host}}.{{/gone}} De webhook is daarom uitgezet.',
        'Wat sindsdien gebeurt, staat in het logboek. Als de webhook weer aanstaat, kunt u het alsnog laten sturen.',
        'Webhook bekijken: {{link}}',
      ),
    },
    en: {
      subject: 'A webhook was disabled: {{host}}',
      text: paragraphs(
        '{{#gone}}The server {{host}} answers that nobody listens there any more (410).{{/gone}}{{^gone}}For five days nothing has arrived at the server {{host}}.{{/gone}} The webhook was disabled.',
        'What happens from now on stands in its log. Once the webhook is enabled again, you can have it sent.',
        'View the webhook: {{link}}',
      ),
    },
  },
}

export const confirmationAskedKind: MailKind = {
  audience: 'member',
  changeable: true,
  description: {
    nl: 'Aan wie mag toekennen: iemand zegt dat een badge van hem of haar is.',
    en: 'To those who may award: somebody says that a badge is theirs.',
  },
  variables: {
    achievement: text('Naam van de badge', 'Name of the badge', 'EHBO basis'),
    issuer: text('Wie de badge uitreikt', 'Who issues the badge', 'Voorbeeldschool'),
    shown: text(
      'Waarmee de vrager inlogt',
      'What the one who asks signs in with',
      'robin@voorbeeld.example.org',
    ),
    sentTo: text(
      'Waarnaar de badge is gestuurd',
      'Where the badge was sent',
      'r.jansen@voorbeeld.example.org',
    ),
  },
  texts: {
    nl: {
      subject: 'Is deze badge van {{shown}}?',
      text: paragraphs(
        'De badge "{{achievement}}" is gestuurd naar {{sentTo}}. Iemand die inlogt als {{shown}} zegt dat die badge van hem of haar is, en vraagt je dat te bevestigen.',
        'Bevestig het alleen als je weet dat het dezelfde persoon is. Weiger je, dan ziet de vrager je reden.',
        'Bekijken en beslissen: {{link}}',
      ),
    },
    en: {
      subject: 'Does this badge belong to {{shown}}?',
      text: paragraphs(
        'The badge "{{achievement}}" was sent to {{sentTo}}. Somebody who signs in as {{shown}} says that it is theirs, and asks you to confirm it.',
        'Confirm it only if you know that they are the same person. If you refuse, they see your reason.',
        'Look and decide: {{link}}',
      ),
    },
  },
}
