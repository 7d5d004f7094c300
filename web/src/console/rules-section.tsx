import { Button, Stack } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Rule } from '#web/api/wire.ts'
import { RecordList } from './record-list.tsx'
import { RuleEditor } from './rule-editor.tsx'
import { RuleRecord } from './rule-record.tsx'
import { useRecords } from './use-records.ts'
import { useRuleHealth } from './use-rule-health.ts'

export function RulesSection() {
  const { t } = useTranslation()
  const rules = useRecords<Rule>('rules')
  const health = useRuleHealth()
  const [edited, setEdited] = useState<Rule | 'new'>()
  return (
    <Stack gap="lg">
      {edited === undefined ? (
        <div>
          <Button onClick={() => setEdited('new')}>{t('console:rules.create')}</Button>
        </div>
      ) : (
        <RuleEditor edited={edited} onClose={() => setEdited(undefined)} />
      )}
      <RecordList records={rules}>
        {(rule) => (
          <RuleRecord
            key={rule.id}
            rule={rule}
            health={health?.get(rule.id) ?? []}
            onNewVersion={() => {
              setEdited(rule)
              window.scrollTo({ top: 0 })
            }}
          />
        )}
      </RecordList>
    </Stack>
  )
}
