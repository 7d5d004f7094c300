import { Stack } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Decision } from '#web/api/wire.ts'
import { DecisionRecord } from './decision-record.tsx'
import { RecordList } from './record-list.tsx'
import { StateFilter } from './state-filter.tsx'
import { useRecords } from './use-records.ts'

const OUTCOMES = ['award', 'blocked', 'needs_review', 'would_award', 'retracted'] as const

export function DecisionsSection() {
  const { t } = useTranslation()
  const [outcome, setOutcome] = useState<Decision['outcome']>()
  const decisions = useRecords<Decision>('decisions', { outcome })
  return (
    <Stack gap="lg">
      <StateFilter
        label={t('console:decisions.outcome')}
        states={OUTCOMES}
        name={(each) => t(`console:decisions.outcomes.${each}`)}
        value={outcome}
        onChange={setOutcome}
      />
      <RecordList records={decisions}>
        {(decision) => <DecisionRecord key={decision.id} decision={decision} />}
      </RecordList>
    </Stack>
  )
}
