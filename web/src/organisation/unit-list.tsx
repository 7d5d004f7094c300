import { Button, Stack } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { path, remove } from '#web/api/client.ts'
import type { Unit } from '#web/api/wire.ts'
import { Panel } from '#web/components/panel.tsx'
import { ConfirmButton } from '#web/console/confirm-button.tsx'
import { useOrganisation } from '#web/console/organisation-context.ts'
import { Record } from '#web/console/record.tsx'
import { RecordList } from '#web/console/record-list.tsx'
import { useRecords } from '#web/console/use-records.ts'
import { useNames } from '#web/people/use-names.ts'
import { UnitForm } from './unit-form.tsx'
import { unitTree } from './unit-tree.ts'

export function UnitList() {
  const { t } = useTranslation()
  const { id: organisation } = useOrganisation()
  const records = useRecords<Unit>('units')
  const names = useNames()
  /** The id of the unit that is being changed, or `new`. */
  const [open, setOpen] = useState<string | null>(null)
  const close = () => setOpen(null)
  const units = records.items ?? []
  const tree = unitTree(units)
  const nameOf = new Map(units.map(({ id, name }) => [id, name]))
  return (
    <Panel title={t('organisation:units')}>
      <Stack>
        {open === 'new' ? (
          <UnitForm units={units} onClose={close} />
        ) : (
          <div>
            <Button variant="default" onClick={() => setOpen('new')}>
              {t('organisation:newUnit')}
            </Button>
          </div>
        )}
        <RecordList records={{ ...records, items: records.items === undefined ? undefined : tree }}>
          {({ unit, depth }) => (
            <Record
              key={unit.id}
              depth={depth}
              order={3}
              title={unit.name}
              state={{ tone: 'quiet', label: t(`organisation:kinds.${unit.kind}`) }}
              facts={[
                {
                  label: t('organisation:below'),
                  value: unit.parentId === null ? undefined : nameOf.get(unit.parentId),
                },
                { label: t('organisation:mine'), value: names.rights(unit.rights) },
              ]}
              actions={
                <>
                  {unit.kind !== 'achievement' && (
                    <Button
                      size="xs"
                      variant="light"
                      aria-label={`${t('organisation:change')}: ${unit.name}`}
                      onClick={() => setOpen(unit.id)}
                    >
                      {t('organisation:change')}
                    </Button>
                  )}
                  {unit.kind === 'group' && (
                    <ConfirmButton
                      label={t('organisation:remove')}
                      on={unit.name}
                      title={t('organisation:removeTitle')}
                      text={t('organisation:removeText')}
                      done={t('organisation:removed')}
                      run={() => remove(path`/v1/units/${unit.id}`, { organisation })}
                    />
                  )}
                </>
              }
            >
              {open === unit.id && <UnitForm units={units} unit={unit} onClose={close} />}
            </Record>
          )}
        </RecordList>
      </Stack>
    </Panel>
  )
}
