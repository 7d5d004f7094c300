import { Checkbox, Group, NativeSelect, Stack } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { Right } from '#web/api/wire.ts'
import { useNames } from './use-names.ts'

const RIGHTS: readonly Right[] = ['create', 'read', 'update', 'delete', 'award', 'sign', 'administer']

/** What is chosen: a role, or with an empty one rights. */
export interface Grant {
  readonly roleId: string
  readonly rights: readonly string[]
}

interface GrantFieldsProps {
  readonly value: Grant
  readonly error: string | undefined
  readonly onChange: (value: Grant) => void
}

/** A role from the list, or rights one by one. */
export function GrantFields({ value, error, onChange }: GrantFieldsProps) {
  const { t } = useTranslation()
  const { roles, roleName } = useNames()
  return (
    <Stack>
      <NativeSelect
        label={t('people:role')}
        value={value.roleId}
        data={[
          ...roles.map((role) => ({ value: role.id, label: roleName(role) })),
          { value: '', label: t('people:own') },
        ]}
        onChange={({ currentTarget }) => onChange({ ...value, roleId: currentTarget.value })}
      />
      {value.roleId === '' && (
        <Checkbox.Group
          label={t('people:rights')}
          error={error}
          value={[...value.rights]}
          onChange={(rights) => onChange({ ...value, rights })}
        >
          <Group mt={6}>
            {RIGHTS.map((right) => (
              <Checkbox key={right} value={right} label={t(`invitations:rightNames.${right}`)} />
            ))}
          </Group>
        </Checkbox.Group>
      )}
    </Stack>
  )
}

/** As the API takes it. */
export const grantBody = ({ roleId, rights }: Grant) => (roleId === '' ? { rights } : { roleId })

export const isGrant = ({ roleId, rights }: Grant): boolean => roleId !== '' || rights.length > 0
