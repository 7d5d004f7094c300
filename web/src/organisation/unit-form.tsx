import { NativeSelect, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useTranslation } from 'react-i18next'
import { change, create, path } from '#web/api/client.ts'
import type { Unit } from '#web/api/wire.ts'
import { FormPanel } from '#web/console/form-panel.tsx'
import { useFormRules } from '#web/console/form-rules.ts'
import { useOrganisation } from '#web/console/organisation-context.ts'
import { useAction } from '#web/console/use-action.ts'
import { possibleParents, unitTree } from './unit-tree.ts'

interface UnitFormProps {
  readonly units: readonly Unit[]
  /** The one to be changed; without it a new group is made. */
  readonly unit?: Unit
  readonly onClose: () => void
}

export function UnitForm({ units, unit, onClose }: UnitFormProps) {
  const { t } = useTranslation()
  const { id: organisation } = useOrganisation()
  const rules = useFormRules()
  const parents = unitTree(possibleParents(units, unit)).filter(
    (parent) => parent.unit.kind !== 'achievement',
  )
  const isRoot = unit !== undefined && unit.parentId === null
  const form = useForm({
    initialValues: { name: unit?.name ?? '', parentId: unit?.parentId ?? parents[0]?.unit.id ?? '' },
    validate: { name: rules.required },
  })
  const save = useAction(
    ({ name, parentId }: typeof form.values) => {
      if (unit === undefined) return create('/v1/units', { name, parentId }, { organisation })
      const body = {
        // The unit of an issuer has the name of its issuer, and is only moved.
        ...(unit.kind === 'issuer' ? {} : { name }),
        ...(isRoot || parentId === unit.parentId ? {} : { parentId }),
      }
      return change(path`/v1/units/${unit.id}`, body, unit.revision, { organisation })
    },
    unit === undefined ? t('organisation:unitMade') : t('organisation:unitChanged'),
    onClose,
  )
  return (
    <FormPanel
      title={
        unit === undefined ? t('organisation:newUnit') : t('organisation:changeUnit', { unit: unit.name })
      }
      submit={unit === undefined ? t('organisation:makeUnit') : t('organisation:save')}
      isBusy={save.isPending}
      error={save.error}
      onSubmit={form.onSubmit((values) => save.mutate(values))}
      onCancel={onClose}
    >
      {unit?.kind !== 'issuer' && (
        <TextInput
          label={t('organisation:unitName')}
          required
          maxLength={200}
          {...form.getInputProps('name')}
        />
      )}
      {!isRoot && (
        <NativeSelect
          label={t('organisation:below')}
          data={parents.map(({ unit: each, depth }) => ({
            value: each.id,
            label: `${'\u00A0\u00A0'.repeat(depth)}${each.name}`,
          }))}
          {...form.getInputProps('parentId')}
        />
      )}
    </FormPanel>
  )
}
