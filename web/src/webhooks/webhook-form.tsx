import { Checkbox, Stack, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useTranslation } from 'react-i18next'
import { WEBHOOK_EVENT_NAMES } from '#engine/webhooks/webhook-event-types.ts'
import { create } from '#web/api/client.ts'
import type { WebhookWithSecret } from '#web/api/wire.ts'
import { FormPanel } from '#web/console/form-panel.tsx'
import { useFormRules } from '#web/console/form-rules.ts'
import { useOrganisation } from '#web/console/organisation-context.ts'
import { useAction } from '#web/console/use-action.ts'
import { isUnitChosen, UnitField, unitBody } from '#web/people/unit-field.tsx'

/** `award`, `credential` …: a person chooses among these; single types are for the API. */
const FAMILIES = [...new Set(WEBHOOK_EVENT_NAMES.map((name) => name.split('.')[0] ?? ''))]

interface WebhookFormProps {
  readonly onMade: (made: WebhookWithSecret) => void
  readonly onClose: () => void
}

export function WebhookForm({ onMade, onClose }: WebhookFormProps) {
  const { t } = useTranslation()
  const { id: organisation } = useOrganisation()
  const rules = useFormRules()
  const form = useForm({
    initialValues: { description: '', url: '', unitId: '', eventTypes: ['*'] },
    validate: {
      description: rules.required,
      url: (url) => rules.required(url) ?? rules.optionalUrl(url),
      eventTypes: (types) => (types.length === 0 ? t('webhooks:noTypes') : null),
    },
  })
  const make = useAction<WebhookWithSecret, typeof form.values>(
    ({ unitId, ...values }) => create('/v1/webhooks', { ...values, ...unitBody(unitId) }, { organisation }),
    t('webhooks:made'),
    onMade,
  )
  return (
    <FormPanel
      title={t('webhooks:create')}
      submit={t('webhooks:make')}
      isBusy={make.isPending}
      error={make.error}
      onSubmit={form.onSubmit((values) => {
        if (isUnitChosen(values.unitId)) make.mutate(values)
      })}
      onCancel={onClose}
    >
      <TextInput label={t('webhooks:description')} required {...form.getInputProps('description')} />
      <TextInput
        label={t('webhooks:url')}
        description={t('webhooks:urlHint')}
        type="url"
        required
        {...form.getInputProps('url')}
      />
      <UnitField value={form.values.unitId} onChange={(unitId) => form.setFieldValue('unitId', unitId)} />
      <Checkbox.Group label={t('webhooks:eventTypes')} {...form.getInputProps('eventTypes')}>
        <Stack mt={6} gap="xs">
          <Checkbox value="*" label={t('webhooks:everything')} />
          {FAMILIES.map((family) => (
            <Checkbox key={family} value={`${family}.*`} label={t(`webhooks:families.${family}`)} />
          ))}
        </Stack>
      </Checkbox.Group>
    </FormPanel>
  )
}
