import { Stack } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Decision } from '#web/api/wire.ts'
import type { Tone } from '#web/components/notice.tsx'
import { useFormat } from '#web/i18n/use-format.ts'
import { Explanation } from './explanation.tsx'
import { Record } from './record.tsx'
import { RecordList } from './record-list.tsx'
import { StateFilter } from './state-filter.tsx'
import { useAchievementNames } from './use-achievement-names.ts'
import { useRecords } from './use-records.ts'

type Outcome = Decision['outcome']

const OUTCOMES = ['award', 'blocked', 'needs_review', 'would_award', 'retracted'] as const

const TONES: { readonly [Each in Outcome]: Tone } = {
  award: 'good',
  blocked: 'doubt',
  needs_review: 'doubt',
  would_award: 'quiet',
  retracted: 'bad',
}

export function DecisionsSection() {
  const { t } = useTranslation()
  const { moment } = useFormat()
  const [outcome, setOutcome] = useState<Outcome>()
  const decisions = useRecords<Decision>('decisions', { outcome })
  const nameOf = useAchievementNames()
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
        {(decision) => (
          <Record
            key={decision.id}
            title={nameOf(decision.achievementId)}
            state={{
              tone: TONES[decision.outcome],
              label: t(`console:decisions.outcomes.${decision.outcome}`),
            }}
            facts={[
              { label: t('console:decisions.decided'), value: moment(decision.decidedAt) },
              { label: t('console:decisions.metAt'), value: moment(decision.metAt) },
              { label: t('console:decisions.subject'), value: decision.subjectId, code: true },
              { label: t('console:decisions.occurrence'), value: decision.occurrence, code: true },
            ]}
          >
            <Explanation words={decision.words} trace={decision.trace} />
          </Record>
        )}
      </RecordList>
    </Stack>
  )
}
