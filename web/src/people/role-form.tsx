import { Checkbox, Group, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useTranslation } from 'react-i18next'
import { change, create, path } from '#web/api/client.ts'
import type { Right, Role } from '#web/api/wire.ts'
import { FormPanel } from '#web/console/form-panel.tsx'
import { useFormRules } from '#web/console/form-rules.ts'
import { useOrganisation } from '#web/console/organisation-context.ts'
import { useAction } from '#web/console/use-action.ts'

const RIGHTS: readonly Right[] = ['create', 'read', 'update', 'delete', 'award', 'sign', 'administer']

interface RoleFormProps {
  /** The one to be changed; without it a new one is made. */
  readonly role?: Role
  readonly onClose: () => void
}

export function RoleForm({ role, onClose }: RoleFormProps) {
  const { t } = useTranslation()
  const { id: organisation } = useOrganisation()
  const rules = useFormRules()
  const form = useForm({
    initialValues: {
      name: role?.name ?? '',
      description: role?.description ?? '',
      rights: [...(role?.rights ?? ['read'])] as string[],
    },
    validate: {
      name: rules.required,
      rights: (rights) => (rights.length === 0 ? t('people:chooseRights') : null),
    },
  })
  const save = useAction(
    ({ name, description, rights }: typeof form.values) => {
      const body = { name, rights, description: description.trim() }
      return role === undefined
        ? create('/v1/roles', body, { organisation })
        : change(path`/v1/roles/${role.id}`, body, role.revision, { organisation })
    },
    role === undefined ? t('people:roleMade') : t('people:changed'),
    onClose,
  )
  return (
    <FormPanel
      title={role === undefined ? t('people:newRole') : t('people:roleChangeTitle', { role: role.name })}
      submit={role === undefined ? t('people:makeRole') : t('people:save')}
      isBusy={save.isPending}
      error={save.error}
      onSubmit={form.onSubmit((values) => save.mutate(values))}
      onCancel={onClose}
    >
      <TextInput label={t('people:roleName')} required maxLength={100} {...form.getInputProps('name')} />
      <TextInput
        label={t('people:roleDescription')}
        maxLength={1000}
        {...form.getInputProps('description')}
      />
      <Checkbox.Group label={t('people:rights')} {...form.getInputProps('rights')}>
        <Group mt={6}>
          {RIGHTS.map((right) => (
            <Checkbox key={right} value={right} label={t(`invitations:rightNames.${right}`)} />
          ))}
        </Group>
      </Checkbox.Group>
    </FormPanel>
  )
}
