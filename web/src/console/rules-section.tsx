import { Button, Stack } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useNavigate } from 'react-router'
import type { Rule } from '#web/api/wire.ts'
import { useOrganisation } from './organisation-context.ts'
import { RecordList } from './record-list.tsx'
import { RuleEditor } from './rule-editor.tsx'
import { RuleRecord } from './rule-record.tsx'
import { useRecords } from './use-records.ts'
import { useRuleHealth } from './use-rule-health.ts'

export function RulesSection() {
  const { t } = useTranslation()
  const rules = useRecords<Rule>('rules')
  const health = useRuleHealth()
  const navigate = useNavigate()
  const { slug } = useOrganisation()
  const [isNew, setNew] = useState(false)
  return (
    <Stack gap="lg">
      {isNew ? (
        <RuleEditor
          edited="new"
          onClose={() => setNew(false)}
          onCreated={(rule) => void navigate(`/console/${slug}/rules/${rule.id}`)}
        />
      ) : (
        <div>
          <Button onClick={() => setNew(true)}>{t('console:rules.create')}</Button>
        </div>
      )}
      <RecordList records={rules}>
        {(rule) => <RuleRecord key={rule.id} rule={rule} health={health?.get(rule.id) ?? []} />}
      </RecordList>
    </Stack>
  )
}
