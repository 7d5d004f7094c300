import { NativeSelect, Textarea, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useTranslation } from 'react-i18next'
import { create } from '#web/api/client.ts'
import { FormPanel } from '#web/console/form-panel.tsx'
import { filled, useFormRules } from '#web/console/form-rules.ts'
import { useOrganisation } from '#web/console/organisation-context.ts'
import { useAction } from '#web/console/use-action.ts'

interface ExpertRequestFormProps {
  /** Path of the requests of one version. */
  readonly to: string
  readonly onClose: () => void
}

export function ExpertRequestForm({ to, onClose }: ExpertRequestFormProps) {
  const { t, i18n } = useTranslation()
  const { id: organisation } = useOrganisation()
  const rules = useFormRules()
  const form = useForm({
    initialValues: { email: '', language: i18n.language, message: '' },
    validate: { email: (email) => rules.required(email) ?? rules.optionalEmail(email.trim()) },
  })
  const ask = useAction(
    ({ email, ...values }: typeof form.values) =>
      create(to, filled({ ...values, email: email.trim() }), { organisation }),
    t('expertRequests:sent'),
    onClose,
  )
  return (
    <FormPanel
      title={t('expertRequests:ask')}
      submit={t('expertRequests:send')}
      isBusy={ask.isPending}
      error={ask.error}
      onSubmit={form.onSubmit((values) => ask.mutate(values))}
      onCancel={onClose}
    >
      <TextInput label={t('expertRequests:email')} type="email" required {...form.getInputProps('email')} />
      <NativeSelect
        label={t('people:language')}
        data={[
          { value: 'en', label: t('people:english') },
          { value: 'nl', label: t('people:dutch') },
        ]}
        {...form.getInputProps('language')}
      />
      <Textarea
        label={t('expertRequests:message')}
        maxLength={2000}
        autosize
        minRows={2}
        {...form.getInputProps('message')}
      />
    </FormPanel>
  )
}
