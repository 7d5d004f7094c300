import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { change, path } from '#web/api/client.ts'
import type { Member } from '#web/api/wire.ts'
import { FormPanel } from '#web/console/form-panel.tsx'
import { useOrganisation } from '#web/console/organisation-context.ts'
import { useAction } from '#web/console/use-action.ts'
import { type Grant, GrantFields, grantBody, isGrant } from './grant-fields.tsx'

interface MemberFormProps {
  readonly member: Member
  readonly who: string
  readonly onClose: () => void
}

export function MemberForm({ member, who, onClose }: MemberFormProps) {
  const { t } = useTranslation()
  const { id: organisation } = useOrganisation()
  const [grant, setGrant] = useState<Grant>({ roleId: member.roleId ?? '', rights: member.rights })
  const [error, setError] = useState<string>()
  const save = useAction(
    () => change(path`/v1/members/${member.id}`, grantBody(grant), member.revision, { organisation }),
    t('people:changed'),
    onClose,
  )
  return (
    <FormPanel
      title={t('people:changeTitle', { who })}
      submit={t('people:save')}
      isBusy={save.isPending}
      error={save.error}
      onSubmit={(event) => {
        event.preventDefault()
        setError(isGrant(grant) ? undefined : t('people:chooseRights'))
        if (isGrant(grant)) save.mutate()
      }}
      onCancel={onClose}
    >
      <GrantFields value={grant} error={error} onChange={setGrant} />
    </FormPanel>
  )
}
