import { NativeSelect, Textarea, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useTranslation } from 'react-i18next'
import { create } from '#web/api/client.ts'
import type { CreatedEndorsement, Issuer } from '#web/api/wire.ts'
import { FormPanel } from './form-panel.tsx'
import { filled, useFormRules } from './form-rules.ts'
import { useOrganisation } from './organisation-context.ts'
import { achievementName, useNamedAchievements } from './use-achievement-names.ts'
import { useAction } from './use-action.ts'
import { useRecords } from './use-records.ts'

const DID = /^did:(?:key:z[1-9A-HJ-NP-Za-km-z]{20,200}|web:[A-Za-z0-9.%:_-]{3,300})$/
const TARGETS = ['achievement_version', 'issuer', 'credential'] as const

interface EndorsementFormProps {
  readonly onMade: (made: CreatedEndorsement) => void
  readonly onClose: () => void
}

/** Asks somebody to vouch. The words here are the ones that they sign, or refuse. */
export function EndorsementForm({ onMade, onClose }: EndorsementFormProps) {
  const { t, i18n } = useTranslation()
  const { id: organisation } = useOrganisation()
  const rules = useFormRules()
  const issuers = useRecords<Issuer>('issuers')
  const achievements = useNamedAchievements()
  const form = useForm({
    initialValues: {
      target: 'achievement_version',
      targetId: '',
      endorserDid: '',
      endorserName: '',
      endorserEmail: '',
      comment: '',
      language: i18n.language,
    },
    validate: {
      targetId: rules.required,
      endorserDid: (did) => (DID.test(did.trim()) ? null : t('console:endorsements.didWrong')),
      endorserName: rules.required,
      endorserEmail: rules.optionalEmail,
      comment: rules.required,
    },
  })
  const ask = useAction<CreatedEndorsement, typeof form.values>(
    (values) => create('/v1/endorsements', filled(values), { organisation }),
    t('console:endorsements.asked'),
    onMade,
  )
  const choices =
    form.values.target === 'issuer'
      ? (issuers.items ?? []).map(({ id, name }) => ({ value: id, label: name }))
      : achievements.flatMap(({ published, ...achievement }) =>
          published === null
            ? []
            : [
                {
                  value: published.id,
                  label: `${achievementName(achievement, i18n.language)}, ${published.version}`,
                },
              ],
        )
  return (
    <FormPanel
      title={t('console:endorsements.create')}
      submit={t('console:endorsements.ask')}
      isBusy={ask.isPending}
      error={ask.error}
      onSubmit={form.onSubmit((values) => ask.mutate(values))}
      onCancel={onClose}
    >
      <NativeSelect
        label={t('console:endorsements.target')}
        data={TARGETS.map((value) => ({ value, label: t(`endorsements:targets.${value}`) }))}
        {...form.getInputProps('target')}
        onChange={({ currentTarget }) => form.setValues({ target: currentTarget.value, targetId: '' })}
      />
      {form.values.target === 'credential' ? (
        <TextInput
          label={t('console:endorsements.credentialId')}
          required
          {...form.getInputProps('targetId')}
        />
      ) : (
        <NativeSelect
          label={t('console:endorsements.targetId')}
          required
          data={[{ value: '', label: '' }, ...choices]}
          {...form.getInputProps('targetId')}
        />
      )}
      <TextInput label={t('console:endorsements.name')} required {...form.getInputProps('endorserName')} />
      <TextInput label={t('console:endorsements.did')} required {...form.getInputProps('endorserDid')} />
      <TextInput
        label={t('console:endorsements.email')}
        type="email"
        {...form.getInputProps('endorserEmail')}
      />
      <Textarea
        label={t('console:endorsements.comment')}
        required
        autosize
        minRows={3}
        maxLength={2000}
        {...form.getInputProps('comment')}
      />
      <NativeSelect
        label={t('console:endorsements.language')}
        data={[
          { value: 'en', label: 'English' },
          { value: 'nl', label: 'Nederlands' },
        ]}
        {...form.getInputProps('language')}
      />
    </FormPanel>
  )
}
