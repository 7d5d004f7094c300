import { NativeSelect, Textarea, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useTranslation } from 'react-i18next'
import { create } from '#web/api/client.ts'
import type { MadeDirectAward } from '#web/api/wire.ts'
import { FormPanel } from '#web/console/form-panel.tsx'
import { filled, useFormRules } from '#web/console/form-rules.ts'
import { useOrganisation } from '#web/console/organisation-context.ts'
import { useAction } from '#web/console/use-action.ts'
import { AchievementSelect } from './achievement-select.tsx'

interface DirectAwardFormProps {
  readonly onMade: (made: MadeDirectAward) => void
  readonly onClose: () => void
}

export function DirectAwardForm({ onMade, onClose }: DirectAwardFormProps) {
  const { t } = useTranslation()
  const { id: organisation } = useOrganisation()
  const rules = useFormRules()
  const form = useForm({
    initialValues: { achievementId: '', identifier: '', narrative: '', url: '', message: '', language: '' },
    validate: { achievementId: rules.required, identifier: rules.required, url: rules.optionalUrl },
  })
  const award = useAction<MadeDirectAward, typeof form.values>(
    ({ url, ...values }) =>
      create(
        '/v1/direct-awards',
        { ...filled(values), ...(url.trim() === '' ? {} : { evidence: [{ url: url.trim() }] }) },
        { organisation },
      ),
    t('directAwards:made'),
    onMade,
  )
  return (
    <FormPanel
      title={t('directAwards:one')}
      submit={t('directAwards:award')}
      isBusy={award.isPending}
      error={award.error}
      onSubmit={form.onSubmit((values) => award.mutate(values))}
      onCancel={onClose}
    >
      <AchievementSelect
        value={form.values.achievementId}
        error={form.errors['achievementId']?.toString()}
        onChange={(id) => form.setFieldValue('achievementId', id)}
      />
      <TextInput
        label={t('directAwards:identifier')}
        description={t('directAwards:identifierHint')}
        required
        autoComplete="off"
        {...form.getInputProps('identifier')}
      />
      <Textarea
        label={t('directAwards:narrative')}
        description={t('directAwards:narrativeHint')}
        maxLength={10_000}
        autosize
        minRows={2}
        {...form.getInputProps('narrative')}
      />
      <TextInput label={t('directAwards:evidenceUrl')} type="url" {...form.getInputProps('url')} />
      <Textarea
        label={t('directAwards:message')}
        description={t('directAwards:messageHint')}
        maxLength={2000}
        autosize
        minRows={2}
        {...form.getInputProps('message')}
      />
      <NativeSelect
        label={t('directAwards:language')}
        data={(['', 'en', 'nl'] as const).map((value) => ({
          value,
          label: t(`directAwards:languages.${value === '' ? 'none' : value}`),
        }))}
        {...form.getInputProps('language')}
      />
    </FormPanel>
  )
}
