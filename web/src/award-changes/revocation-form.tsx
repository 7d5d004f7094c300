import { Text, TextInput } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { create } from '#web/api/client.ts'
import type { AwardChange } from '#web/api/wire.ts'
import { FormPanel } from '#web/console/form-panel.tsx'
import { useOrganisation } from '#web/console/organisation-context.ts'
import { useAction } from '#web/console/use-action.ts'
import { AchievementSelect } from '#web/direct-awards/achievement-select.tsx'
import { NO_REASON, WhyFields, whyBody } from './why-fields.tsx'

interface RevocationFormProps {
  readonly onPrepared: (change: AwardChange) => void
  readonly onClose: () => void
}

/** Prepares to revoke all awards of an achievement, or those of some days. Nothing is revoked by it. */
export function RevocationForm({ onPrepared, onClose }: RevocationFormProps) {
  const { t } = useTranslation()
  const { id: organisation } = useOrganisation()
  const [achievementId, setAchievementId] = useState('')
  const [from, setFrom] = useState('')
  const [to, setTo] = useState('')
  const [why, setWhy] = useState(NO_REASON)
  const prepare = useAction<AwardChange>(
    () => {
      const filter = {
        achievementId,
        ...(from === '' ? {} : { grantedFrom: startOf(from).toISOString() }),
        ...(to === '' ? {} : { grantedBefore: dayAfter(to).toISOString() }),
      }
      return create('/v1/awards/revocations', { filter, ...whyBody(why) }, { organisation })
    },
    t('awardChanges:prepared'),
    onPrepared,
  )
  return (
    <FormPanel
      title={t('awardChanges:many')}
      submit={t('awardChanges:prepare')}
      isBusy={prepare.isPending}
      error={prepare.error}
      onSubmit={(event) => {
        event.preventDefault()
        if (achievementId !== '' && why.reason.trim() !== '') prepare.mutate()
      }}
      onCancel={onClose}
    >
      <Text>{t('awardChanges:prepareText')}</Text>
      <AchievementSelect value={achievementId} onChange={setAchievementId} />
      <TextInput
        type="date"
        label={t('awardChanges:from')}
        value={from}
        onChange={({ currentTarget }) => setFrom(currentTarget.value)}
      />
      <TextInput
        type="date"
        label={t('awardChanges:to')}
        value={to}
        onChange={({ currentTarget }) => setTo(currentTarget.value)}
      />
      <WhyFields value={why} onChange={setWhy} />
    </FormPanel>
  )
}

const startOf = (day: string) => new Date(`${day}T00:00:00`)

function dayAfter(day: string): Date {
  const date = startOf(day)
  date.setDate(date.getDate() + 1)
  return date
}
