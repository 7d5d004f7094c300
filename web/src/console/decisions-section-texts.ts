import { texts } from '#web/i18n/texts.ts'

export const decisionsSectionTexts = texts(
  {
    outcomes: {
      award: 'Award',
      blocked: 'Blocked',
      needs_review: 'Needs review',
      would_award: 'Would award',
      retracted: 'Retracted',
    },
    outcome: 'Outcome',
    decided: 'Decided',
    metAt: 'Criteria met',
    subject: 'Subject',
    occurrence: 'Occurrence',
    tree: 'How it was worked out',
  },
  {
    outcomes: {
      award: 'Toekennen',
      blocked: 'Tegengehouden',
      needs_review: 'Te beoordelen',
      would_award: 'Zou toekennen',
      retracted: 'Teruggenomen',
    },
    outcome: 'Uitkomst',
    decided: 'Beslist',
    metAt: 'Aan de criteria voldaan',
    subject: 'Persoon',
    occurrence: 'Gelegenheid',
    tree: 'Hoe dit is bepaald',
  },
)
