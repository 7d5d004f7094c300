import { TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { create } from '#web/api/client.ts'
import type { CreatedApiKey } from '#web/api/wire.ts'
import { type Grant, GrantFields, grantBody, isGrant } from '#web/people/grant-fields.tsx'
import { isUnitChosen, UnitField, unitBody } from '#web/people/unit-field.tsx'
import { FormPanel } from './form-panel.tsx'
import { useFormRules } from './form-rules.ts'
import { useOrganisation } from './organisation-context.ts'
import { useAction } from './use-action.ts'

interface ApiKeyFormProps {
  readonly onMade: (made: CreatedApiKey) => void
  readonly onClose: () => void
}

export function ApiKeyForm({ onMade, onClose }: ApiKeyFormProps) {
  const { t } = useTranslation()
  const { id: organisation } = useOrganisation()
  const rules = useFormRules()
  const [grant, setGrant] = useState<Grant>({ roleId: '', rights: ['create', 'read'] })
  const form = useForm({ initialValues: { name: '', unitId: '' }, validate: { name: rules.required } })
  const make = useAction<CreatedApiKey, typeof form.values>(
    ({ name, unitId }) =>
      create('/v1/api-keys', { name, ...unitBody(unitId), ...grantBody(grant) }, { organisation }),
    t('console:apiKeys.made'),
    onMade,
  )
  return (
    <FormPanel
      title={t('console:apiKeys.create')}
      submit={t('console:apiKeys.make')}
      isBusy={make.isPending}
      error={make.error}
      onSubmit={form.onSubmit((values) => {
        if (isGrant(grant) && isUnitChosen(values.unitId)) make.mutate(values)
      })}
      onCancel={onClose}
    >
      <TextInput label={t('console:apiKeys.name')} required {...form.getInputProps('name')} />
      <UnitField value={form.values.unitId} onChange={(unitId) => form.setFieldValue('unitId', unitId)} />
      <GrantFields
        value={grant}
        error={isGrant(grant) ? undefined : t('console:apiKeys.noRights')}
        onChange={setGrant}
      />
    </FormPanel>
  )
}
