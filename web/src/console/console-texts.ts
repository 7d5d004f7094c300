import { texts } from '#web/i18n/texts.ts'
import { achievementLifeTexts } from './achievement-life-texts.ts'
import { achievementResultsTexts } from './achievement-results-texts.ts'
import { achievementStoryTexts } from './achievement-story-texts.ts'
import { achievementsSectionTexts } from './achievements-section-texts.ts'
import { apiKeysSectionTexts } from './api-keys-section-texts.ts'
import { awardsSectionTexts } from './awards-section-texts.ts'
import { batchesSectionTexts } from './batches-section-texts.ts'
import { decisionsSectionTexts } from './decisions-section-texts.ts'
import { endorsementsSectionTexts } from './endorsements-section-texts.ts'
import { eventsSectionTexts } from './events-section-texts.ts'
import { issuersSectionTexts } from './issuers-section-texts.ts'
import { mailSectionTexts } from './mail-section-texts.ts'
import { overviewSectionTexts } from './overview-section-texts.ts'
import { rulesSectionTexts } from './rules-section-texts.ts'
import { traceTexts } from './trace-texts.ts'
import { whySectionTexts } from './why-section-texts.ts'

const frame = texts(
  {
    title: 'Console',
    sections: 'Console',
    organisation: 'Organisation',
    signIn: 'Sign in to open the console.',
    nav: {
      overview: 'Overview',
      events: 'Events',
      decisions: 'Decisions',
      why: 'Why, why not',
      awards: 'Awards',
      'direct-awards': 'Direct awards',
      'award-changes': 'Changes of many',
      'blast-radius': 'Blast radius',
      achievements: 'Achievements',
      frameworks: 'Frameworks',
      rules: 'Rules',
      batches: 'Batches',
      endorsements: 'Endorsements',
      mail: 'Mail',
      'mail-templates': 'Mail texts',
      'api-keys': 'API keys',
      webhooks: 'Webhooks',
      issuers: 'Issuers',
      people: 'People',
      organisation: 'Organisation',
    },
    leads: {
      overview: 'What has come in, and how far it got.',
      events: 'What people did, as sources reported it.',
      decisions: 'Each time an outcome changed, with the reasons.',
      why: 'How far one person is with one achievement, worked out now from what is recorded.',
      awards: 'Achievements that are due to somebody.',
      'direct-awards': 'Badges that a person gives to somebody by hand, and what became of them.',
      'award-changes': 'Lists of badges that are revoked or repaired once somebody has looked at them.',
      'blast-radius':
        'Which awards rest on something that is doubted, and whether they would stand without it.',
      achievements:
        'Badges as their authors define them. A version can no longer change once it was awarded.',
      frameworks: 'Lists of levels, skills and competences to which achievements can be aligned.',
      rules: 'When an achievement is due.',
      batches: 'Documents that were anchored together under one root.',
      endorsements: 'Others who vouch, with their own key.',
      mail: 'What was or would have been mailed. Where no mail server is set up, its links are followed from here.',
      'api-keys': 'Keys with which programs call the API.',
      'mail-templates': 'How the mails in your name are worded.',
      webhooks: 'Servers that are told what happens, as soon as it happens.',
      issuers: 'In whose name badges are signed.',
      people: 'Who may do what here: members, invitations and roles.',
      organisation: 'Its groups and issuers, and what needs a second person.',
    },
    all: 'All',
    state: 'State',
    nobody: {
      title: 'You belong to no organisation yet',
      text: 'Make one to issue badges.',
      name: 'Name',
      slug: 'Short name',
      slugHint: 'Lower-case letters, digits and hyphens. It stands in addresses and can never change.',
      slugWrong: 'Use lower-case letters, digits and inner hyphens, at most 60.',
      make: 'Make the organisation',
      required: 'This is needed.',
    },
    form: {
      cancel: 'Cancel',
      required: 'This is needed.',
      wrong: 'This does not fit.',
      number: 'A number above 0 and of at most {{most}} is needed here.',
      wholeNumber: 'A whole number of 1 to {{most}} is needed here.',
    },
  },
  {
    title: 'Beheer',
    sections: 'Beheer',
    organisation: 'Organisatie',
    signIn: 'Log in om het beheer te openen.',
    nav: {
      overview: 'Overzicht',
      events: 'Gebeurtenissen',
      decisions: 'Beslissingen',
      why: 'Waarom (niet)',
      awards: 'Toekenningen',
      'direct-awards': 'Handmatig toekennen',
      'award-changes': 'Veel tegelijk',
      'blast-radius': 'Wat erop rust',
      achievements: 'Prestaties',
      frameworks: 'Raamwerken',
      rules: 'Regels',
      batches: 'Bundels',
      endorsements: 'Aanbevelingen',
      mail: 'Mail',
      'mail-templates': 'Mailteksten',
      'api-keys': 'API-sleutels',
      webhooks: 'Webhooks',
      issuers: 'Uitgevers',
      people: 'Mensen',
      organisation: 'Organisatie',
    },
    leads: {
      overview: 'Wat er binnenkwam, en hoe ver het kwam.',
      events: 'Wat mensen deden, zoals bronnen het meldden.',
      decisions: 'Elke keer dat een uitkomst veranderde, met de redenen.',
      why: 'Hoe ver één persoon met één prestatie is, nu bepaald uit wat is vastgelegd.',
      awards: 'Prestaties die iemand toekomen.',
      'direct-awards': 'Badges die iemand met de hand toekent, en wat ervan werd.',
      'award-changes': 'Lijsten van badges die worden ingetrokken of hersteld zodra iemand ze heeft bekeken.',
      'blast-radius':
        'Welke toekenningen rusten op iets waaraan wordt getwijfeld, en of ze ook zonder zouden gelden.',
      achievements:
        'Badges zoals hun makers ze omschrijven. Een versie kan niet meer veranderen zodra hij is toegekend.',
      frameworks: 'Lijsten van niveaus, vaardigheden en competenties waarnaar prestaties kunnen verwijzen.',
      rules: 'Wanneer een prestatie is verdiend.',
      batches: 'Documenten die samen onder één wortel zijn verankerd.',
      endorsements: 'Anderen die ervoor instaan, met hun eigen sleutel.',
      mail: 'Wat is gemaild of zou zijn gemaild. Is er geen mailserver ingesteld, dan volg je de links van hieruit.',
      'api-keys': 'Sleutels waarmee programma’s de API aanroepen.',
      'mail-templates': 'Hoe de mails in jullie naam luiden.',
      webhooks: 'Servers die te horen krijgen wat er gebeurt, zodra het gebeurt.',
      issuers: 'Namens wie badges worden ondertekend.',
      people: 'Wie hier wat mag: leden, uitnodigingen en rollen.',
      organisation: 'De groepen en uitgevers ervan, en waar een tweede persoon voor nodig is.',
    },
    all: 'Alle',
    state: 'Toestand',
    nobody: {
      title: 'Je hoort nog niet bij een organisatie',
      text: 'Maak er een om badges uit te geven.',
      name: 'Naam',
      slug: 'Korte naam',
      slugHint: 'Kleine letters, cijfers en streepjes. Hij staat in adressen en kan nooit veranderen.',
      slugWrong: 'Gebruik kleine letters, cijfers en streepjes ertussen, hoogstens 60.',
      make: 'Organisatie maken',
      required: 'Dit is nodig.',
    },
    form: {
      cancel: 'Annuleren',
      required: 'Dit is nodig.',
      wrong: 'Dit past niet.',
      number: 'Hier hoort een getal boven 0 en van ten hoogste {{most}}.',
      wholeNumber: 'Hier hoort een geheel getal van 1 tot en met {{most}}.',
    },
  },
)

/** Of the frame itself, and of each section under its own name. */
export const consoleTexts = {
  en: {
    ...frame.en,
    overview: overviewSectionTexts.en,
    events: eventsSectionTexts.en,
    decisions: decisionsSectionTexts.en,
    why: whySectionTexts.en,
    trace: traceTexts.en,
    awards: awardsSectionTexts.en,
    achievements: achievementsSectionTexts.en,
    achievementLife: achievementLifeTexts.en,
    achievementResults: achievementResultsTexts.en,
    achievementStory: achievementStoryTexts.en,
    rules: rulesSectionTexts.en,
    batches: batchesSectionTexts.en,
    endorsements: endorsementsSectionTexts.en,
    mail: mailSectionTexts.en,
    apiKeys: apiKeysSectionTexts.en,
    issuers: issuersSectionTexts.en,
  },
  nl: {
    ...frame.nl,
    overview: overviewSectionTexts.nl,
    events: eventsSectionTexts.nl,
    decisions: decisionsSectionTexts.nl,
    why: whySectionTexts.nl,
    trace: traceTexts.nl,
    awards: awardsSectionTexts.nl,
    achievements: achievementsSectionTexts.nl,
    achievementLife: achievementLifeTexts.nl,
    achievementResults: achievementResultsTexts.nl,
    achievementStory: achievementStoryTexts.nl,
    rules: rulesSectionTexts.nl,
    batches: batchesSectionTexts.nl,
    endorsements: endorsementsSectionTexts.nl,
    mail: mailSectionTexts.nl,
    apiKeys: apiKeysSectionTexts.nl,
    issuers: issuersSectionTexts.nl,
  },
}
