import { useTranslation } from 'react-i18next'
import type { Batch } from '#web/api/wire.ts'
import { useFormat } from '#web/i18n/use-format.ts'
import { Record } from './record.tsx'
import { RecordList } from './record-list.tsx'
import { useRecords } from './use-records.ts'

export function BatchesSection() {
  const { t } = useTranslation()
  const { moment, number } = useFormat()
  const batches = useRecords<Batch>('batches')
  return (
    <RecordList records={batches}>
      {(batch) => (
        <Record
          key={batch.id}
          title={t('console:batches.title', { sequence: batch.sequence })}
          state={{
            tone: batch.state === 'final' ? 'good' : 'quiet',
            label: t(`console:batches.states.${batch.state}`),
          }}
          facts={[
            {
              label: t('console:batches.size'),
              value: t('console:batches.sizeOf', {
                real: number(batch.realLeaves),
                size: number(batch.size),
              }),
            },
            { label: t('console:batches.sealed'), value: moment(batch.sealedAt) },
            {
              label: t('console:batches.block'),
              value: batch.blockNumber === null ? undefined : String(batch.blockNumber),
            },
            {
              label: t('console:batches.blockTime'),
              value: batch.blockTime === null ? undefined : moment(batch.blockTime),
            },
            { label: t('console:batches.root'), value: batch.root, code: true },
            { label: t('console:batches.signer'), value: batch.signer, code: true },
            { label: t('console:batches.chain'), value: batch.chain, code: true },
            { label: t('console:batches.contract'), value: batch.contract, code: true },
          ]}
        />
      )}
    </RecordList>
  )
}
