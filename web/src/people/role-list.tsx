import { Button, Stack } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { path, remove } from '#web/api/client.ts'
import type { Role } from '#web/api/wire.ts'
import { Panel } from '#web/components/panel.tsx'
import { ConfirmButton } from '#web/console/confirm-button.tsx'
import { useOrganisation } from '#web/console/organisation-context.ts'
import { Record } from '#web/console/record.tsx'
import { RecordList } from '#web/console/record-list.tsx'
import { useRecords } from '#web/console/use-records.ts'
import { RoleForm } from './role-form.tsx'
import { useNames } from './use-names.ts'

export function RoleList() {
  const { t } = useTranslation()
  const { id: organisation } = useOrganisation()
  const roles = useRecords<Role>('roles')
  const names = useNames()
  /** The id of the role that is being changed, or `new`. */
  const [open, setOpen] = useState<string | null>(null)
  const close = () => setOpen(null)
  return (
    <Panel title={t('people:roles')}>
      <Stack>
        {open === 'new' ? (
          <RoleForm onClose={close} />
        ) : (
          <div>
            <Button variant="default" onClick={() => setOpen('new')}>
              {t('people:newRole')}
            </Button>
          </div>
        )}
        <RecordList records={roles}>
          {(role) => {
            const isOwn = role.builtIn === null
            const name = names.roleName(role)
            return (
              <Record
                key={role.id}
                order={3}
                title={name}
                state={
                  isOwn
                    ? { tone: 'good', label: t('people:ownRole') }
                    : { tone: 'quiet', label: t('people:builtIn') }
                }
                facts={[
                  { label: t('people:rights'), value: names.rights(role.rights) },
                  { label: t('people:roleDescription'), value: role.description },
                ]}
                {...(isOwn
                  ? {
                      actions: (
                        <>
                          <Button
                            size="xs"
                            variant="light"
                            aria-label={`${t('people:change')}: ${name}`}
                            onClick={() => setOpen(role.id)}
                          >
                            {t('people:change')}
                          </Button>
                          <ConfirmButton
                            label={t('people:removeRole')}
                            on={name}
                            title={t('people:removeRoleTitle')}
                            text={t('people:removeRoleText')}
                            done={t('people:roleRemoved')}
                            run={() => remove(path`/v1/roles/${role.id}`, { organisation })}
                          />
                        </>
                      ),
                    }
                  : {})}
              >
                {open === role.id && <RoleForm role={role} onClose={close} />}
              </Record>
            )
          }}
        </RecordList>
      </Stack>
    </Panel>
  )
}
