import { Button, Stack, Text, Textarea } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { create } from '#web/api/client.ts'
import type { AchievementStep } from '#web/api/wire.ts'
import { ProblemAlert } from '#web/components/problem-alert.tsx'
import { useFormat } from '#web/i18n/use-format.ts'
import { useOrganisation } from './organisation-context.ts'
import { Record } from './record.tsx'
import { RecordList } from './record-list.tsx'
import { useAction } from './use-action.ts'
import { useRecords } from './use-records.ts'

interface AchievementStepsProps {
  readonly achievementId: string
  readonly version: number
}

/** What was done with a version and said of it, oldest first, and a place to say something more. */
export function AchievementSteps({ achievementId, version }: AchievementStepsProps) {
  const { t } = useTranslation()
  const { moment } = useFormat()
  const { id: organisation } = useOrganisation()
  const own = `achievements/${achievementId}/versions/${version}`
  const steps = useRecords<AchievementStep>(`${own}/steps`)
  const [text, setText] = useState('')
  const say = useAction(
    () => create(`/v1/${own}/comments`, { text: text.trim() }, { organisation }),
    t('console:achievementLife.said'),
    () => setText(''),
  )
  return (
    <Stack mt="sm">
      <RecordList records={steps}>
        {(step) => (
          <Record
            key={step.id}
            order={3}
            title={t(`console:achievementLife.kinds.${step.kind}`)}
            facts={[
              { label: t('console:achievementLife.at'), value: moment(step.at) },
              { label: t('console:achievementLife.by'), value: step.actor, code: true },
            ]}
          >
            {step.text !== null && <Text mt="xs">{step.text}</Text>}
          </Record>
        )}
      </RecordList>
      <form
        onSubmit={(event) => {
          event.preventDefault()
          if (text.trim() !== '') say.mutate()
        }}
      >
        <Stack>
          <Textarea
            label={t('console:achievementLife.comment')}
            description={t('console:achievementLife.commentHint')}
            maxLength={2000}
            autosize
            minRows={2}
            value={text}
            onChange={({ currentTarget }) => setText(currentTarget.value)}
          />
          {say.error !== null && <ProblemAlert error={say.error} />}
          <div>
            <Button type="submit" size="xs" loading={say.isPending}>
              {t('console:achievementLife.say')}
            </Button>
          </div>
        </Stack>
      </form>
    </Stack>
  )
}
