import { Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { Decision } from '#web/api/wire.ts'
import { Panel } from '#web/components/panel.tsx'
import { DecisionRecord } from '#web/console/decision-record.tsx'
import { RecordList } from '#web/console/record-list.tsx'
import { useRecords } from '#web/console/use-records.ts'

/** The decisions of one rule, with the reasons. */
export function DecisionsPanel({ ruleId }: { readonly ruleId: string }) {
  const { t } = useTranslation()
  const decisions = useRecords<Decision>('decisions', { ruleId, limit: '10' })
  return (
    <Panel title={t('rules:decisions.title')}>
      <Text mb="md">{t('rules:decisions.lead')}</Text>
      <RecordList records={decisions}>
        {(decision) => <DecisionRecord key={decision.id} decision={decision} order={3} isOfOneRule />}
      </RecordList>
    </Panel>
  )
}
