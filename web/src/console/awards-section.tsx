import { Stack } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Award, AwardState } from '#web/api/wire.ts'
import { ChosenAwards } from '#web/award-changes/chosen-awards.tsx'
import { AwardRecord } from './award-record.tsx'
import { RecordList } from './record-list.tsx'
import { StateFilter } from './state-filter.tsx'
import { useRecords } from './use-records.ts'

const STATES = [
  'granted',
  'awaiting_approval',
  'due',
  'awaiting_endorsement',
  'issued',
  'revoked',
  'expired',
  'superseded',
  'refused',
] as const

export function AwardsSection() {
  const { t } = useTranslation()
  const [state, setState] = useState<AwardState>()
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set())
  // An edition that is being signed comes by itself.
  const awards = useRecords<Award>('awards', { state }, ({ nextEdition }) => nextEdition !== null)
  const choose = (id: string, isChosen: boolean) => {
    const others = [...chosen].filter((each) => each !== id)
    setChosen(new Set(isChosen ? [...others, id] : others))
  }
  return (
    <Stack gap="lg">
      <StateFilter
        label={t('console:state')}
        states={STATES}
        name={(each) => t(`console:awards.states.${each}`)}
        value={state}
        onChange={setState}
      />
      {chosen.size > 0 && <ChosenAwards awardIds={[...chosen]} onClear={() => setChosen(new Set())} />}
      <RecordList records={awards}>
        {(award) => (
          <AwardRecord
            key={award.id}
            award={award}
            isChosen={chosen.has(award.id)}
            onChoose={(isChosen) => choose(award.id, isChosen)}
          />
        )}
      </RecordList>
    </Stack>
  )
}
