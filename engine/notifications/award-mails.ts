import { flag, type MailKind, paragraphs, text } from './mail-kind.ts'

const BADGE = {
  achievement: text('Naam van de badge', 'Name of the badge', 'EHBO basis'),
  issuer: text('Wie de badge uitreikt', 'Who issues the badge', 'Voorbeeldschool'),
}

/** What becomes of a badge that somebody has. Exactly one of the flags is set. */
export const awardChangedKind: MailKind = {
  audience: 'earner',
  changeable: true,
  description: {
    nl: 'Een badge is verbeterd, opnieuw ondertekend, hersteld, opgeschort of ingetrokken, of loopt bijna af.',
    en: 'A badge was corrected, signed anew, reinstated, suspended or revoked, or is soon over.',
  },
  variables: {
    ...BADGE,
    corrected: flag('Verbeterd', 'Corrected'),
    reissued: flag('Opnieuw ondertekend', 'Signed anew'),
    reinstated: flag('Hersteld', 'Reinstated'),
    suspended: flag('Opgeschort', 'Suspended'),
    revoked: flag('Ingetrokken', 'Revoked'),
    expiring: flag('Bijna afgelopen', 'Soon over'),
    fresh: flag('Oude kopieën gelden niet meer', 'Copies from before are no longer valid'),
    reason: text('De opgegeven reden', 'The reason given', 'Het cijfer was verkeerd ingevoerd.'),
    until: text('Tot welke dag de badge geldt', 'Until which day the badge is valid', '2029-11-26'),
  },
  texts: {
    nl: {
      subject:
        '{{#corrected}}Je badge is verbeterd{{/corrected}}{{#reissued}}Je badge is opnieuw ondertekend{{/reissued}}{{#reinstated}}Je badge is weer geldig{{/reinstated}}{{#suspended}}Je badge is opgeschort{{/suspended}}{{#revoked}}Je badge is ingetrokken{{/revoked}}{{#expiring}}Je badge verloopt binnenkort{{/expiring}}: {{achievement}}',
      text: paragraphs(
        '{{#corrected}}{{issuer}} heeft je badge "{{achievement}}" verbeterd.{{/corrected}}{{#reissued}}{{issuer}} heeft je badge "{{achievement}}" opnieuw ondertekend. Wat erin over jou staat is niet veranderd.{{/reissued}}{{#reinstated}}{{issuer}} heeft je badge "{{achievement}}" hersteld.{{/reinstated}}{{#suspended}}{{issuer}} heeft je badge "{{achievement}}" opgeschort. Voorlopig geldt hij niet.{{/suspended}}{{#revoked}}{{issuer}} heeft je badge "{{achievement}}" ingetrokken. Hij geldt niet meer.{{/revoked}}{{#expiring}}De badge "{{achievement}}" die {{issuer}} je gaf, verloopt binnenkort.{{/expiring}}',
        '{{#reason}}De opgegeven reden: {{reason}}{{/reason}}',
        '{{#until}}Hij is geldig tot {{until}}.{{/until}}',
        '{{#fresh}}Kopieën die je hebt gedownload of verstuurd zijn niet meer geldig: haal een nieuwe op van de pagina van de badge. Het adres blijft hetzelfde.{{/fresh}}{{#suspended}}Als hij wordt hersteld, hoor je het.{{/suspended}}{{#revoked}}Wie de badge controleert, ziet dat hij is ingetrokken.{{/revoked}}{{#expiring}}Of en hoe hij verlengd kan worden, weet wie hem je gaf.{{/expiring}}',
        'Badge bekijken: {{link}}',
        'Klopt er iets niet? Antwoord op deze mail, dan kijkt een mens ernaar.',
      ),
    },
    en: {
      subject:
        '{{#corrected}}Your badge was corrected{{/corrected}}{{#reissued}}Your badge was signed anew{{/reissued}}{{#reinstated}}Your badge is valid again{{/reinstated}}{{#suspended}}Your badge was suspended{{/suspended}}{{#revoked}}Your badge was revoked{{/revoked}}{{#expiring}}Your badge is over soon{{/expiring}}: {{achievement}}',
      text: paragraphs(
        '{{#corrected}}{{issuer}} has corrected your badge "{{achievement}}".{{/corrected}}{{#reissued}}{{issuer}} has signed your badge "{{achievement}}" anew. What it says of you has not changed.{{/reissued}}{{#reinstated}}{{issuer}} has reinstated your badge "{{achievement}}".{{/reinstated}}{{#suspended}}{{issuer}} has suspended your badge "{{achievement}}". For the time being it does not count as valid.{{/suspended}}{{#revoked}}{{issuer}} has revoked your badge "{{achievement}}". It does not count as valid any more.{{/revoked}}{{#expiring}}The badge "{{achievement}}" that {{issuer}} gave you is over soon.{{/expiring}}',
        '{{#reason}}The reason given: {{reason}}{{/reason}}',
        '{{#until}}It is valid until {{until}}.{{/until}}',
        '{{#fresh}}Copies that you have downloaded or sent are no longer valid: take a fresh one from the page of the badge. Its address is the same.{{/fresh}}{{#suspended}}When it is reinstated, you will hear of it.{{/suspended}}{{#revoked}}Whoever verifies the badge sees that it was revoked.{{/revoked}}{{#expiring}}Whether and how it can be renewed, whoever gave it to you knows.{{/expiring}}',
        'View the badge: {{link}}',
        'Is something wrong? Answer this mail, and a person will look at it.',
      ),
    },
  },
}

const OFFER = {
  ...BADGE,
  message: text('Een bericht van wie toekent', 'A message of whoever awards', 'Gefeliciteerd!'),
  until: text('Tot welke dag', 'Until which day', '2027-02-16'),
  code: text('De code om de badge op te halen', 'The code with which it is claimed', '7K4M-9XQ2-TRWA'),
  codeUrl: text('Waar de code wordt getypt', 'Where the code is typed', 'https://badges.example.org/redeem'),
}

const DUTCH_OFFER = [
  '{{#message}}Een bericht van {{issuer}}: {{message}}{{/message}}',
  'Je kunt hem aannemen of weigeren tot {{until}}.',
  'De badge is alleen voor jou zichtbaar, tot je hem deelt.',
  'Badge bekijken en ophalen: {{link}}',
  'Ben je ingelogd met een ander adres? Typ dan deze code op {{codeUrl}}: {{code}}. Wie de link of de code heeft, kan de badge ophalen: geef ze niet door.',
] as const
const ENGLISH_OFFER = [
  '{{#message}}A message of {{issuer}}: {{message}}{{/message}}',
  'You can accept or refuse it until {{until}}.',
  'Nobody but you sees the badge until you share it.',
  'View and claim the badge: {{link}}',
  'Signed in with another address? Then type this code at {{codeUrl}}: {{code}}. Whoever has the link or the code can claim the badge: do not pass them on.',
] as const

/** Offers a badge that a person or a program awarded. The link and the code are the reader's alone. */
export const directAwardKind: MailKind = {
  audience: 'earner',
  changeable: true,
  description: {
    nl: 'Iemand of een programma heeft een badge toegekend.',
    en: 'A person or a program has awarded a badge.',
  },
  variables: OFFER,
  texts: {
    nl: {
      subject: 'Je hebt een badge: {{achievement}}',
      text: paragraphs('{{issuer}} heeft je de badge "{{achievement}}" toegekend.', ...DUTCH_OFFER),
    },
    en: {
      subject: 'You have earned a badge: {{achievement}}',
      text: paragraphs('{{issuer}} has awarded you the badge "{{achievement}}".', ...ENGLISH_OFFER),
    },
  },
}

export const directAwardReminderKind: MailKind = {
  audience: 'earner',
  changeable: true,
  description: {
    nl: 'Een badge die is toegekend, is nog niet opgehaald.',
    en: 'A badge that was awarded has not been claimed yet.',
  },
  variables: OFFER,
  texts: {
    nl: {
      subject: 'Je badge wacht nog op je: {{achievement}}',
      text: paragraphs(
        '{{issuer}} heeft je de badge "{{achievement}}" toegekend. Je hebt hem nog niet opgehaald.',
        ...DUTCH_OFFER,
      ),
    },
    en: {
      subject: 'Your badge is still waiting: {{achievement}}',
      text: paragraphs(
        '{{issuer}} has awarded you the badge "{{achievement}}". You have not taken it home yet.',
        ...ENGLISH_OFFER,
      ),
    },
  },
}
