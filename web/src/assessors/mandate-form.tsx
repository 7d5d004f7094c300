import { Checkbox, NativeSelect, Stack, Textarea, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useTranslation } from 'react-i18next'
import { create, path } from '#web/api/client.ts'
import { FormPanel } from '#web/console/form-panel.tsx'
import { useFormRules } from '#web/console/form-rules.ts'
import { useOrganisation } from '#web/console/organisation-context.ts'
import { useAction } from '#web/console/use-action.ts'
import type { Criteria } from './mandate-list.tsx'

interface MandateFormProps {
  readonly achievementId: string
  readonly criteria: Criteria
  readonly onClose: () => void
}

/** Gives a mandate by address: to a member, or to somebody who is thereby invited. */
export function MandateForm({ achievementId, criteria, onClose }: MandateFormProps) {
  const { t, i18n } = useTranslation()
  const { id: organisation } = useOrganisation()
  const rules = useFormRules()
  const form = useForm({
    initialValues: {
      email: '',
      name: '',
      qualification: '',
      evidenceUrl: '',
      until: '',
      criteria: [] as string[],
      language: i18n.language,
    },
    validate: {
      email: (email) => rules.required(email) ?? rules.optionalEmail(email.trim()),
      name: rules.required,
      qualification: rules.required,
      evidenceUrl: rules.optionalUrl,
    },
  })
  const give = useAction(
    ({ evidenceUrl, until, email, ...values }: typeof form.values) =>
      create(
        path`/v1/achievements/${achievementId}/assessors`,
        {
          ...values,
          email: email.trim(),
          ...(evidenceUrl.trim() === '' ? {} : { evidenceUrl: evidenceUrl.trim() }),
          ...(until === '' ? {} : { until: new Date(`${until}T23:59:59`).toISOString() }),
        },
        { organisation },
      ),
    t('assessors:given'),
    onClose,
  )
  return (
    <FormPanel
      title={t('assessors:give')}
      submit={t('assessors:submit')}
      isBusy={give.isPending}
      error={give.error}
      onSubmit={form.onSubmit((values) => give.mutate(values))}
      onCancel={onClose}
    >
      <TextInput
        label={t('assessors:email')}
        description={t('assessors:emailHint')}
        type="email"
        required
        {...form.getInputProps('email')}
      />
      <TextInput
        label={t('assessors:name')}
        description={t('assessors:nameHint')}
        required
        maxLength={200}
        {...form.getInputProps('name')}
      />
      <Textarea
        label={t('assessors:qualification')}
        description={t('assessors:qualificationHint')}
        required
        maxLength={2000}
        autosize
        {...form.getInputProps('qualification')}
      />
      <TextInput label={t('assessors:evidenceUrl')} type="url" {...form.getInputProps('evidenceUrl')} />
      <TextInput label={t('assessors:until')} type="date" {...form.getInputProps('until')} />
      {criteria.length > 0 && (
        <Checkbox.Group
          label={t('assessors:criteria')}
          description={t('assessors:criteriaHint')}
          {...form.getInputProps('criteria')}
        >
          <Stack gap="xs" mt="xs">
            {criteria.map(({ id, text }) => (
              <Checkbox key={id} value={id} label={text[i18n.language] ?? Object.values(text)[0] ?? id} />
            ))}
          </Stack>
        </Checkbox.Group>
      )}
      <NativeSelect
        label={t('people:language')}
        data={[
          { value: 'en', label: t('people:english') },
          { value: 'nl', label: t('people:dutch') },
        ]}
        {...form.getInputProps('language')}
      />
    </FormPanel>
  )
}
