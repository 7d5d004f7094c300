import { Checkbox, Group, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useTranslation } from 'react-i18next'
import { create } from '#web/api/client.ts'
import type { CreatedApiKey, Right } from '#web/api/wire.ts'
import { FormPanel } from './form-panel.tsx'
import { useFormRules } from './form-rules.ts'
import { useOrganisation } from './organisation-context.ts'
import { useAction } from './use-action.ts'

const RIGHTS: readonly Right[] = ['create', 'read', 'update', 'delete', 'award', 'sign', 'administer']

interface ApiKeyFormProps {
  readonly onMade: (made: CreatedApiKey) => void
  readonly onClose: () => void
}

export function ApiKeyForm({ onMade, onClose }: ApiKeyFormProps) {
  const { t } = useTranslation()
  const { id: organisation } = useOrganisation()
  const rules = useFormRules()
  const form = useForm({
    initialValues: { name: '', rights: ['create', 'read'] },
    validate: {
      name: rules.required,
      rights: (rights) => (rights.length === 0 ? t('console:apiKeys.noRights') : null),
    },
  })
  const make = useAction<CreatedApiKey, typeof form.values>(
    (values) => create('/v1/api-keys', values, { organisation }),
    t('console:apiKeys.made'),
    onMade,
  )
  return (
    <FormPanel
      title={t('console:apiKeys.create')}
      submit={t('console:apiKeys.make')}
      isBusy={make.isPending}
      error={make.error}
      onSubmit={form.onSubmit((values) => make.mutate(values))}
      onCancel={onClose}
    >
      <TextInput label={t('console:apiKeys.name')} required {...form.getInputProps('name')} />
      <Checkbox.Group label={t('console:apiKeys.rights')} {...form.getInputProps('rights')}>
        <Group mt={6}>
          {RIGHTS.map((right) => (
            <Checkbox key={right} value={right} label={t(`console:apiKeys.rightNames.${right}`)} />
          ))}
        </Group>
      </Checkbox.Group>
    </FormPanel>
  )
}
