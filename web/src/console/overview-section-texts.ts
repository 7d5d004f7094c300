import { texts } from '#web/i18n/texts.ts'

export const overviewSectionTexts = texts(
  {
    live: 'Refresh live',
    updated: 'As of {{time}}',
    stations: {
      events: 'Events',
      awards: 'Awards',
      batches: 'Batches',
      claims: 'Claims',
    },
    pipeline: 'From event to claim',
    chain: 'Chain',
    chainId: 'Chain',
    contract: 'Contract',
    notIndependent:
      'This chain is run by this server itself, or is no public one: its times do not count as independent.',
    independent: 'This is a public chain, not run by this server.',
    waiting_other: '{{count}} awards wait for approval.',
    waiting_one: 'One award waits for approval.',
    quarantined_other: '{{count}} events are quarantined.',
    quarantined_one: 'One event is quarantined.',
    look: 'Look at them',
  },
  {
    live: 'Vanzelf verversen',
    updated: 'Stand van {{time}}',
    stations: {
      events: 'Gebeurtenissen',
      awards: 'Toekenningen',
      batches: 'Bundels',
      claims: 'Opgehaald',
    },
    pipeline: 'Van gebeurtenis tot ophalen',
    chain: 'Keten',
    chainId: 'Keten',
    contract: 'Contract',
    notIndependent:
      'Deze keten draait op deze server zelf, of is geen openbare: haar tijden gelden niet als onafhankelijk.',
    independent: 'Dit is een openbare keten, niet van deze server.',
    waiting_other: '{{count}} toekenningen wachten op goedkeuring.',
    waiting_one: 'Eén toekenning wacht op goedkeuring.',
    quarantined_other: '{{count}} gebeurtenissen staan in quarantaine.',
    quarantined_one: 'Eén gebeurtenis staat in quarantaine.',
    look: 'Bekijken',
  },
)
