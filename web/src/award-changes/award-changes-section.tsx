import { Button, Stack } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useSearchParams } from 'react-router'
import type { AwardChange } from '#web/api/wire.ts'
import { RecordList } from '#web/console/record-list.tsx'
import { StateFilter } from '#web/console/state-filter.tsx'
import { useRecords } from '#web/console/use-records.ts'
import { AwardChangeRecord } from './award-change-record.tsx'
import { RevocationForm } from './revocation-form.tsx'
import { useShowPrepared } from './use-show-prepared.ts'

const STATES = ['prepared', 'confirmed', 'withdrawn'] as const

/** `/console/ORGANISATION/award-changes`: what was prepared for many awards, and waits for somebody who confirms it. */
export function AwardChangesSection() {
  const { t } = useTranslation()
  const [query] = useSearchParams()
  const showPrepared = useShowPrepared()
  const [isPreparing, setPreparing] = useState(false)
  const [state, setState] = useState<(typeof STATES)[number]>()
  const changes = useRecords<AwardChange>('award-changes', { state }, isAtWork)
  return (
    <Stack gap="lg">
      {isPreparing ? (
        <RevocationForm
          onPrepared={(change) => {
            setPreparing(false)
            showPrepared(change)
          }}
          onClose={() => setPreparing(false)}
        />
      ) : (
        <div>
          <Button onClick={() => setPreparing(true)}>{t('awardChanges:many')}</Button>
        </div>
      )}
      <StateFilter
        label={t('console:state')}
        states={STATES}
        name={(each) => t(`awardChanges:states.${each}`)}
        value={state}
        onChange={setState}
      />
      <RecordList records={changes}>
        {(change) => (
          <AwardChangeRecord
            key={change.id}
            change={change}
            isOpenAtFirst={change.id === query.get('change')}
          />
        )}
      </RecordList>
    </Stack>
  )
}

const isAtWork = ({ state, outcome }: AwardChange): boolean => state === 'confirmed' && outcome.open > 0
