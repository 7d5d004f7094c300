import { Text } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { create } from '#web/api/client.ts'
import type { AwardChange } from '#web/api/wire.ts'
import { FormPanel } from '#web/console/form-panel.tsx'
import { useOrganisation } from '#web/console/organisation-context.ts'
import { useAction } from '#web/console/use-action.ts'
import { useShowPrepared } from './use-show-prepared.ts'
import { NO_REASON, WhyFields, whyBody } from './why-fields.tsx'

interface ChosenAwardsProps {
  readonly awardIds: readonly string[]
  readonly onClear: () => void
}

/** Prepares to revoke the awards that were chosen one by one. Nothing is revoked by it. */
export function ChosenAwards({ awardIds, onClear }: ChosenAwardsProps) {
  const { t } = useTranslation()
  const { id: organisation } = useOrganisation()
  const showPrepared = useShowPrepared()
  const [why, setWhy] = useState(NO_REASON)
  const prepare = useAction<AwardChange>(
    () => create('/v1/awards/revocations', { awardIds, ...whyBody(why) }, { organisation }),
    t('awardChanges:prepared'),
    showPrepared,
  )
  return (
    <FormPanel
      title={t('awardChanges:chosen', { count: awardIds.length })}
      submit={t('awardChanges:prepare')}
      isBusy={prepare.isPending}
      error={prepare.error}
      onSubmit={(event) => {
        event.preventDefault()
        if (why.reason.trim() !== '') prepare.mutate()
      }}
      onCancel={onClear}
    >
      <Text>{t('awardChanges:prepareText')}</Text>
      <WhyFields value={why} onChange={setWhy} />
    </FormPanel>
  )
}
