import { Fieldset, NativeSelect, SimpleGrid, Textarea, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useTranslation } from 'react-i18next'
import { create } from '#web/api/client.ts'
import type { MadeDirectAward } from '#web/api/wire.ts'
import { FormPanel } from '#web/console/form-panel.tsx'
import { filled, useFormRules } from '#web/console/form-rules.ts'
import { useOrganisation } from '#web/console/organisation-context.ts'
import { particularsDraftOf, particularsOf } from '#web/console/particulars-draft.ts'
import { ParticularsFields } from '#web/console/particulars-fields.tsx'
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
    initialValues: {
      achievementId: '',
      identifier: '',
      narrative: '',
      message: '',
      language: '',
      evidence: { url: '', name: '', description: '', audience: '' },
      particulars: particularsDraftOf(undefined),
    },
    validate: {
      achievementId: rules.required,
      identifier: rules.required,
      evidence: { url: rules.optionalUrl },
      particulars: { creditsEarned: (value: string) => rules.optionalNumber(value, 10_000) },
    },
  })
  const award = useAction<MadeDirectAward, typeof form.values>(
    ({ evidence, particulars, ...values }) => {
      const shown = filled(evidence)
      const said = particularsOf(particulars)
      const body = {
        ...filled(values),
        ...(Object.keys(shown).length === 0 ? {} : { evidence: [shown] }),
        ...(said === undefined ? {} : { particulars: said }),
      }
      return create('/v1/direct-awards', body, { organisation })
    },
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
      <ParticularsFields
        value={form.values.particulars}
        errors={{ creditsEarned: form.errors['particulars.creditsEarned']?.toString() }}
        onChange={(particulars) => form.setFieldValue('particulars', particulars)}
      />
      <Fieldset legend={t('directAwards:evidence')}>
        <SimpleGrid cols={{ base: 1, sm: 2 }}>
          <TextInput
            label={t('directAwards:evidenceUrl')}
            type="url"
            {...form.getInputProps('evidence.url')}
          />
          {(['name', 'description', 'audience'] as const).map((name) => (
            <TextInput
              key={name}
              label={t(`directAwards:evidenceFields.${name}`)}
              maxLength={name === 'description' ? 2000 : 200}
              {...form.getInputProps(`evidence.${name}`)}
            />
          ))}
        </SimpleGrid>
      </Fieldset>
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
