import { Textarea, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { change, create, path } from '#web/api/client.ts'
import type { Issuer } from '#web/api/wire.ts'
import { FormPanel } from './form-panel.tsx'
import { filled, useFormRules } from './form-rules.ts'
import { barePhone, institutionDraftOf, institutionOf } from './institution-draft.ts'
import { InstitutionFields } from './institution-fields.tsx'
import { useOrganisation } from './organisation-context.ts'
import { useAction } from './use-action.ts'

interface IssuerFormProps {
  /** The one to be changed; without it a new one is made. */
  readonly issuer?: Issuer
  readonly onClose: () => void
}

export function IssuerForm({ issuer: newest, onClose }: IssuerFormProps) {
  // What was seen when the form was opened: whatever came since must not be overwritten unseen.
  const [issuer] = useState(newest)
  const { t } = useTranslation()
  const { id: organisation } = useOrganisation()
  const rules = useFormRules()
  const form = useForm({
    initialValues: {
      name: '',
      slug: '',
      url: '',
      email: issuer?.email ?? '',
      description: issuer?.description ?? '',
      institution: institutionDraftOf(issuer),
    },
    validate: {
      ...(issuer === undefined ? { name: rules.required, slug: rules.slug, url: rules.optionalUrl } : {}),
      email: rules.optionalEmail,
      institution: {
        phone: (phone: string) => (isPhone(phone) ? null : t('console:issuers.phoneWrong')),
      },
    },
  })
  const save = useAction<Issuer, typeof form.values>(
    ({ institution, ...values }) => {
      const said = institutionOf(institution, issuer)
      if (issuer !== undefined) {
        const { email, description } = values
        const body = { email: email.trim() || null, description: description.trim() || null, ...said }
        return change(path`/v1/issuers/${issuer.id}`, body, issuer.revision, { organisation })
      }
      const known = Object.fromEntries(Object.entries(said).filter(([, value]) => value !== null))
      return create('/v1/issuers', { ...filled(values), ...known }, { organisation })
    },
    t(issuer === undefined ? 'console:issuers.made' : 'console:issuers.changed'),
    onClose,
  )
  return (
    <FormPanel
      title={
        issuer === undefined
          ? t('console:issuers.create')
          : t('console:issuers.changeTitle', { issuer: issuer.name })
      }
      submit={t(issuer === undefined ? 'console:issuers.make' : 'console:issuers.save')}
      isBusy={save.isPending}
      error={save.error}
      onSubmit={form.onSubmit((values) => save.mutate(values))}
      onCancel={onClose}
    >
      {issuer === undefined && (
        <>
          <TextInput label={t('console:issuers.name')} required {...form.getInputProps('name')} />
          <TextInput
            label={t('console:issuers.slug')}
            description={t('console:issuers.slugHint')}
            required
            {...form.getInputProps('slug')}
          />
          <TextInput label={t('console:issuers.url')} type="url" {...form.getInputProps('url')} />
        </>
      )}
      <TextInput label={t('console:issuers.email')} type="email" {...form.getInputProps('email')} />
      <Textarea
        label={t('console:issuers.description')}
        autosize
        minRows={2}
        {...form.getInputProps('description')}
      />
      <InstitutionFields
        value={form.values.institution}
        phoneError={form.errors['institution.phone']?.toString()}
        onChange={(institution) => form.setFieldValue('institution', institution)}
      />
    </FormPanel>
  )
}

/** None, or E.164 once the signs are gone that people write between digits. */
const isPhone = (phone: string): boolean => {
  const bare = barePhone(phone)
  return bare === '' || /^\+[1-9]\d{6,14}$/.test(bare)
}
