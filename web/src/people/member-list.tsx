import { Button } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useNavigate } from 'react-router'
import { act, path, remove } from '#web/api/client.ts'
import type { Member } from '#web/api/wire.ts'
import { Panel } from '#web/components/panel.tsx'
import { ConfirmButton } from '#web/console/confirm-button.tsx'
import { useOrganisation } from '#web/console/organisation-context.ts'
import { Record } from '#web/console/record.tsx'
import { RecordList } from '#web/console/record-list.tsx'
import { useRecords } from '#web/console/use-records.ts'
import { useFormat } from '#web/i18n/use-format.ts'
import { MemberForm } from './member-form.tsx'
import { UnitName } from './unit-name.tsx'
import { useNames } from './use-names.ts'

export function MemberList() {
  const { t } = useTranslation()
  const { day } = useFormat()
  const { id: organisation, name } = useOrganisation()
  const queryClient = useQueryClient()
  const navigate = useNavigate()
  const members = useRecords<Member>('members')
  const names = useNames()
  const [changing, setChanging] = useState<string | null>(null)
  const leave = async () => {
    await act('/v1/organisations/leave', undefined, { organisation })
    queryClient.clear()
    await navigate('/')
  }
  return (
    <Panel title={t('people:members')}>
      <RecordList records={members}>
        {(member) => {
          const who = member.emails[0] ?? t('people:nameless')
          return (
            <Record
              key={member.id}
              order={3}
              title={who}
              {...(member.you ? { state: { tone: 'good' as const, label: t('people:you') } } : {})}
              facts={[
                { label: t('people:unit'), value: <UnitName id={member.unitId} /> },
                { label: t('people:role'), value: names.role(member.roleId) },
                { label: t('people:rights'), value: names.rights(member.rights) },
                { label: t('people:since'), value: day(member.since) },
              ]}
              actions={
                <>
                  <Button
                    size="xs"
                    variant="light"
                    aria-label={`${t('people:change')}: ${who}`}
                    onClick={() => setChanging(member.id)}
                  >
                    {t('people:change')}
                  </Button>
                  {member.you ? (
                    <ConfirmButton
                      label={t('people:leave')}
                      on={name}
                      title={t('people:leaveTitle')}
                      text={t('people:leaveText')}
                      done={t('people:left')}
                      run={leave}
                    />
                  ) : (
                    <ConfirmButton
                      label={t('people:remove')}
                      on={who}
                      title={t('people:removeTitle')}
                      text={t('people:removeText')}
                      done={t('people:removed')}
                      run={() => remove(path`/v1/members/${member.id}`, { organisation })}
                    />
                  )}
                </>
              }
            >
              {changing === member.id && (
                <MemberForm member={member} who={who} onClose={() => setChanging(null)} />
              )}
            </Record>
          )
        }}
      </RecordList>
    </Panel>
  )
}
