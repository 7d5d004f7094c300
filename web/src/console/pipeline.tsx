import { useTranslation } from 'react-i18next'
import type { Overview } from '#web/api/wire.ts'
import styles from './pipeline.module.css'
import { PipelineStation } from './pipeline-station.tsx'

/** The road from event to claim, as stations with a bar each: how many are where. */
export function Pipeline({ overview }: { readonly overview: Overview }) {
  const { t } = useTranslation()
  const batches: Record<string, number> = {}
  for (const { state } of overview.batches) batches[state] = (batches[state] ?? 0) + 1
  return (
    <ol className={styles['stations']}>
      <PipelineStation
        title={t('console:overview.stations.events')}
        counts={overview.events}
        order={['evaluated', 'received', 'unmatched', 'quarantined']}
        name={(state) => t(`console:events.states.${state}`, { defaultValue: state })}
      />
      <PipelineStation
        title={t('console:overview.stations.awards')}
        counts={overview.awards}
        order={[
          'issued',
          'due',
          'granted',
          'awaiting_approval',
          'awaiting_endorsement',
          'revoked',
          'expired',
          'superseded',
          'refused',
        ]}
        name={(state) => t(`console:awards.states.${state}`, { defaultValue: state })}
      />
      <PipelineStation
        title={t('console:overview.stations.batches')}
        counts={batches}
        order={['final', 'mined', 'sent', 'signed', 'sealed']}
        name={(state) => t(`console:batches.states.${state}`, { defaultValue: state })}
      />
      <PipelineStation
        title={t('console:overview.stations.claims')}
        counts={overview.claims}
        order={['claimed', 'open', 'rejected', 'expired']}
        name={(state) => t(`console:awards.claims.${state}`, { defaultValue: state })}
      />
    </ol>
  )
}
