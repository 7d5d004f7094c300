import { TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useTranslation } from 'react-i18next'
import { change, path } from '#web/api/client.ts'
import type { ApiKey } from '#web/api/wire.ts'
import { FormPanel } from './form-panel.tsx'
import { useFormRules } from './form-rules.ts'
import { useOrganisation } from './organisation-context.ts'
import { useAction } from './use-action.ts'

/** Gives a key another name. */
export function ApiKeyName({ apiKey, onClose }: { readonly apiKey: ApiKey; readonly onClose: () => void }) {
  const { t } = useTranslation()
  const { id: organisation } = useOrganisation()
  const rules = useFormRules()
  const form = useForm({ initialValues: { name: apiKey.name }, validate: { name: rules.required } })
  const save = useAction(
    ({ name }: typeof form.values) =>
      change(path`/v1/api-keys/${apiKey.id}`, { name }, undefined, { organisation }),
    t('console:apiKeys.renamed'),
    onClose,
  )
  return (
    <FormPanel
      title={t('console:apiKeys.renameTitle', { name: apiKey.name })}
      submit={t('console:apiKeys.rename')}
      isBusy={save.isPending}
      error={save.error}
      onSubmit={form.onSubmit((values) => save.mutate(values))}
      onCancel={onClose}
    >
      <TextInput label={t('console:apiKeys.name')} required maxLength={100} {...form.getInputProps('name')} />
    </FormPanel>
  )
}
