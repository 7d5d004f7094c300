import { NativeSelect, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { create } from '#web/api/client.ts'
import { FormPanel } from '#web/console/form-panel.tsx'
import { useOrganisation } from '#web/console/organisation-context.ts'
import { useAction } from '#web/console/use-action.ts'
import { type Grant, GrantFields, grantBody, isGrant } from './grant-fields.tsx'
import { isUnitChosen, UnitField, unitBody } from './unit-field.tsx'
import { useNames } from './use-names.ts'

export function InvitationForm({ onClose }: { readonly onClose: () => void }) {
  const { t, i18n } = useTranslation()
  const { id: organisation } = useOrganisation()
  const names = useNames()
  const viewer = names.roles.find(({ builtIn }) => builtIn === 'viewer')?.id ?? ''
  const [chosen, setGrant] = useState<Grant>()
  // The least that can be done, until somebody chooses.
  const grant = chosen ?? { roleId: viewer, rights: ['read'] }
  const form = useForm({
    initialValues: { email: '', unitId: '', language: i18n.language },
    validate: {
      email: (email) => (/^\S+@\S+\.\S+$/.test(email.trim()) ? null : t('signIn:emailWrong')),
    },
  })
  const invite = useAction(
    ({ email, unitId, language }: typeof form.values) =>
      create(
        '/v1/invitations',
        {
          email: email.trim(),
          language,
          ...unitBody(unitId),
          ...grantBody(grant),
        },
        { organisation },
      ),
    t('people:sent'),
    onClose,
  )
  return (
    <FormPanel
      title={t('people:invite')}
      submit={t('people:send')}
      isBusy={invite.isPending}
      error={invite.error}
      onSubmit={form.onSubmit((values) => {
        if (isGrant(grant) && isUnitChosen(values.unitId)) invite.mutate(values)
      })}
      onCancel={onClose}
    >
      <TextInput label={t('people:email')} type="email" required {...form.getInputProps('email')} />
      <UnitField value={form.values.unitId} onChange={(unitId) => form.setFieldValue('unitId', unitId)} />
      <GrantFields
        value={grant}
        error={isGrant(grant) ? undefined : t('people:chooseRights')}
        onChange={setGrant}
      />
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
