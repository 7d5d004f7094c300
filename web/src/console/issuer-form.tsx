import { Textarea, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useTranslation } from 'react-i18next'
import { create } from '#web/api/client.ts'
import type { Issuer } from '#web/api/wire.ts'
import { FormPanel } from './form-panel.tsx'
import { filled, useFormRules } from './form-rules.ts'
import { useOrganisation } from './organisation-context.ts'
import { useAction } from './use-action.ts'

export function IssuerForm({ onClose }: { readonly onClose: () => void }) {
  const { t } = useTranslation()
  const { id: organisation } = useOrganisation()
  const rules = useFormRules()
  const form = useForm({
    initialValues: { name: '', slug: '', url: '', email: '', description: '' },
    validate: {
      name: rules.required,
      slug: rules.slug,
      url: rules.optionalUrl,
      email: rules.optionalEmail,
    },
  })
  const make = useAction<Issuer, typeof form.values>(
    (values) => create('/v1/issuers', filled(values), { organisation }),
    t('console:issuers.made'),
    onClose,
  )
  return (
    <FormPanel
      title={t('console:issuers.create')}
      submit={t('console:issuers.make')}
      isBusy={make.isPending}
      error={make.error}
      onSubmit={form.onSubmit((values) => make.mutate(values))}
      onCancel={onClose}
    >
      <TextInput label={t('console:issuers.name')} required {...form.getInputProps('name')} />
      <TextInput
        label={t('console:issuers.slug')}
        description={t('console:issuers.slugHint')}
        required
        {...form.getInputProps('slug')}
      />
      <TextInput label={t('console:issuers.url')} type="url" {...form.getInputProps('url')} />
      <TextInput label={t('console:issuers.email')} type="email" {...form.getInputProps('email')} />
      <Textarea
        label={t('console:issuers.description')}
        autosize
        minRows={2}
        {...form.getInputProps('description')}
      />
    </FormPanel>
  )
}
