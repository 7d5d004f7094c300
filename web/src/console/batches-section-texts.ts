import { texts } from '#web/i18n/texts.ts'

export const batchesSectionTexts = texts(
  {
    title: 'Batch {{sequence}}',
    states: {
      open: 'Open',
      sealed: 'Closed',
      signed: 'Signed',
      sent: 'Sent',
      mined: 'Mined',
      final: 'Final',
    },
    root: 'Root',
    size: 'Leaves',
    sizeOf: '{{real}} of {{size}}; the rest is padding',
    signer: 'Anchored by',
    chain: 'Chain',
    contract: 'Contract',
    sealed: 'Closed',
    block: 'Block',
    blockTime: 'Time of the block',
  },
  {
    title: 'Bundel {{sequence}}',
    states: {
      open: 'Open',
      sealed: 'Gesloten',
      signed: 'Ondertekend',
      sent: 'Verstuurd',
      mined: 'In een blok',
      final: 'Definitief',
    },
    root: 'Wortel',
    size: 'Bladeren',
    sizeOf: '{{real}} van {{size}}; de rest is opvulling',
    signer: 'Verankerd door',
    chain: 'Keten',
    contract: 'Contract',
    sealed: 'Gesloten',
    block: 'Blok',
    blockTime: 'Tijd van het blok',
  },
)
