import { NativeSelect, TextInput } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Unit } from '#web/api/wire.ts'
import { useRecords } from '#web/console/use-records.ts'
import { useNames } from './use-names.ts'

/** Of the choices; no unit has such an id. */
const ONE_ACHIEVEMENT = 'achievement'

interface UnitFieldProps {
  /** Empty: the whole organisation. */
  readonly value: string
  readonly onChange: (unitId: string) => void
}

/** Where something counts: the whole organisation, a group, an issuer, or one achievement, found by its name. */
export function UnitField({ value, onChange }: UnitFieldProps) {
  const { t } = useTranslation()
  const { units } = useNames()
  const [isOne, setOne] = useState(false)
  return (
    <>
      <NativeSelect
        label={t('people:unit')}
        value={isOne ? ONE_ACHIEVEMENT : value}
        data={[
          { value: '', label: t('people:whole') },
          ...units
            .filter(({ parentId, kind }) => parentId !== null && kind !== 'achievement')
            .map((unit) => ({ value: unit.id, label: unit.name })),
          { value: ONE_ACHIEVEMENT, label: t('people:oneAchievement') },
        ]}
        onChange={({ currentTarget }) => {
          const isAchievement = currentTarget.value === ONE_ACHIEVEMENT
          setOne(isAchievement)
          // Until one is chosen it is none: not, for a moment, the whole organisation.
          onChange(isAchievement ? ONE_ACHIEVEMENT : currentTarget.value)
        }}
      />
      {isOne && (
        <AchievementChoice
          value={value === ONE_ACHIEVEMENT ? '' : value}
          onChange={(unitId) => onChange(unitId === '' ? ONE_ACHIEVEMENT : unitId)}
        />
      )}
    </>
  )
}

/** Whether a unit is chosen: nobody is let in anywhere while it is still being looked for. */
export const isUnitChosen = (value: string): boolean => value !== ONE_ACHIEVEMENT

/** As the API takes it. */
export const unitBody = (value: string) => (value === '' ? {} : { unitId: value })

/** There may be thousands: those are shown whose name holds what is typed, the newest first. */
function AchievementChoice({ value, onChange }: UnitFieldProps) {
  const { t } = useTranslation()
  const [typed, setTyped] = useState('')
  const [name] = useDebouncedValue(typed.trim(), 300)
  const { items = [], hasMore } = useRecords<Unit>('units', {
    kind: 'achievement',
    ...(name === '' ? {} : { name }),
  })
  return (
    <>
      <TextInput
        label={t('people:achievementName')}
        maxLength={100}
        value={typed}
        onChange={({ currentTarget }) => {
          setTyped(currentTarget.value)
          onChange('')
        }}
      />
      <NativeSelect
        label={t('people:achievement')}
        required
        description={hasMore ? t('people:moreAchievements') : undefined}
        error={items.length === 0 ? t('people:noAchievement') : undefined}
        value={value}
        data={[
          { value: '', label: t('people:chooseAchievement') },
          ...items.map((unit) => ({ value: unit.id, label: unit.name })),
        ]}
        onChange={({ currentTarget }) => onChange(currentTarget.value)}
      />
    </>
  )
}
