import { type MailKind, paragraphs, text } from './mail-kind.ts'

const BADGE = {
  achievement: text('Naam van de badge', 'Name of the badge', 'EHBO basis'),
  issuer: text('Wie de badge uitreikt', 'Who issues the badge', 'Voorbeeldschool'),
}

interface Wording {
  readonly subject: string
  readonly told: string
  readonly next: string
}

/** Mails about what becomes of a badge that somebody has: alike but for what has become of it. */
const awardKind = (
  description: MailKind['description'],
  { nl, en }: Readonly<Record<'nl' | 'en', Wording>>,
): MailKind => ({
  audience: 'earner',
  changeable: true,
  description,
  variables: {
    ...BADGE,
    reason: text('De opgegeven reden', 'The reason given', 'Het cijfer was verkeerd ingevoerd.'),
    until: text('Tot welke dag de badge geldt', 'Until which day the badge is valid', '2029-11-26'),
  },
  texts: {
    nl: {
      subject: `${nl.subject}: {{achievement}}`,
      text: paragraphs(
        nl.told,
        '{{#reason}}De opgegeven reden: {{reason}}{{/reason}}',
        '{{#until}}Hij is geldig tot {{until}}.{{/until}}',
        nl.next,
        'Badge bekijken: {{link}}',
        'Klopt er iets niet? Antwoord op deze mail, dan kijkt een mens ernaar.',
      ),
    },
    en: {
      subject: `${en.subject}: {{achievement}}`,
      text: paragraphs(
        en.told,
        '{{#reason}}The reason given: {{reason}}{{/reason}}',
        '{{#until}}It is valid until {{until}}.{{/until}}',
        en.next,
        'View the badge: {{link}}',
        'Is something wrong? Answer this mail, and a person will look at it.',
      ),
    },
  },
})

const FRESH_COPY = {
  nl: 'Kopieën die je hebt gedownload of verstuurd zijn niet meer geldig: haal een nieuwe op van de pagina van de badge. Het adres blijft hetzelfde.',
  en: 'Copies that you have downloaded or sent are no longer valid: take a fresh one from the page of the badge. Its address is the same.',
}

export const awardCorrectedKind = awardKind(
  { nl: 'Een badge is verbeterd.', en: 'A badge was corrected.' },
  {
    nl: {
      subject: 'Je badge is verbeterd',
      told: '{{issuer}} heeft je badge "{{achievement}}" verbeterd.',
      next: FRESH_COPY.nl,
    },
    en: {
      subject: 'Your badge was corrected',
      told: '{{issuer}} has corrected your badge "{{achievement}}".',
      next: FRESH_COPY.en,
    },
  },
)

export const awardReissuedKind = awardKind(
  { nl: 'Een badge is opnieuw ondertekend.', en: 'A badge was signed anew.' },
  {
    nl: {
      subject: 'Je badge is opnieuw ondertekend',
      told: '{{issuer}} heeft je badge "{{achievement}}" opnieuw ondertekend. Wat erin over jou staat is niet veranderd.',
      next: FRESH_COPY.nl,
    },
    en: {
      subject: 'Your badge was signed anew',
      told: '{{issuer}} has signed your badge "{{achievement}}" anew. What it says of you has not changed.',
      next: FRESH_COPY.en,
    },
  },
)

export const awardReinstatedKind = awardKind(
  { nl: 'Een badge is weer geldig.', en: 'A badge is valid again.' },
  {
    nl: {
      subject: 'Je badge is weer geldig',
      told: '{{issuer}} heeft je badge "{{achievement}}" hersteld.',
      next: FRESH_COPY.nl,
    },
    en: {
      subject: 'Your badge is valid again',
      told: '{{issuer}} has reinstated your badge "{{achievement}}".',
      next: FRESH_COPY.en,
    },
  },
)

export const awardSuspendedKind = awardKind(
  { nl: 'Een badge is opgeschort.', en: 'A badge was suspended.' },
  {
    nl: {
      subject: 'Je badge is opgeschort',
      told: '{{issuer}} heeft je badge "{{achievement}}" opgeschort. Voorlopig geldt hij niet.',
      next: 'Als hij wordt hersteld, hoor je het.',
    },
    en: {
      subject: 'Your badge was suspended',
      told: '{{issuer}} has suspended your badge "{{achievement}}". For the time being it does not count as valid.',
      next: 'When it is reinstated, you will hear of it.',
    },
  },
)

export const awardRevokedKind = awardKind(
  { nl: 'Een badge is ingetrokken.', en: 'A badge was revoked.' },
  {
    nl: {
      subject: 'Je badge is ingetrokken',
      told: '{{issuer}} heeft je badge "{{achievement}}" ingetrokken. Hij geldt niet meer.',
      next: 'Wie de badge controleert, ziet dat hij is ingetrokken.',
    },
    en: {
      subject: 'Your badge was revoked',
      told: '{{issuer}} has revoked your badge "{{achievement}}". It does not count as valid any more.',
      next: 'Whoever verifies the badge sees that it was revoked.',
    },
  },
)

export const awardExpiringKind = awardKind(
  { nl: 'Een badge verloopt binnenkort.', en: 'A badge is over soon.' },
  {
    nl: {
      subject: 'Je badge verloopt binnenkort',
      told: 'De badge "{{achievement}}" die {{issuer}} je gaf, verloopt binnenkort.',
      next: 'Of en hoe hij verlengd kan worden, weet wie hem je gaf.',
    },
    en: {
      subject: 'Your badge is over soon',
      told: 'The badge "{{achievement}}" that {{issuer}} gave you is over soon.',
      next: 'Whether and how it can be renewed, whoever gave it to you knows.',
    },
  },
)

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
