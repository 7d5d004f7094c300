import { Button, Stack } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { act, path } from '#web/api/client.ts'
import type { Invitation } from '#web/api/wire.ts'
import type { Tone } from '#web/components/notice.tsx'
import { Panel } from '#web/components/panel.tsx'
import { ActionButton } from '#web/console/action-button.tsx'
import { ConfirmButton } from '#web/console/confirm-button.tsx'
import { useOrganisation } from '#web/console/organisation-context.ts'
import { Record } from '#web/console/record.tsx'
import { RecordList } from '#web/console/record-list.tsx'
import { useMailTrouble } from '#web/console/use-mail-trouble.ts'
import { useRecords } from '#web/console/use-records.ts'
import { useFormat } from '#web/i18n/use-format.ts'
import { InvitationForm } from './invitation-form.tsx'
import { UnitName } from './unit-name.tsx'
import { useNames } from './use-names.ts'

const TONES: Readonly<{ [state in Invitation['state']]: Tone }> = {
  open: 'doubt',
  accepted: 'good',
  declined: 'quiet',
  withdrawn: 'quiet',
  expired: 'quiet',
}

export function InvitationList() {
  const { t } = useTranslation()
  const { moment } = useFormat()
  const mailTrouble = useMailTrouble()
  const { id: organisation } = useOrganisation()
  const invitations = useRecords<Invitation>('invitations')
  const names = useNames()
  const [isInviting, setInviting] = useState(false)
  return (
    <Panel title={t('people:invitations')}>
      <Stack>
        {isInviting ? (
          <InvitationForm onClose={() => setInviting(false)} />
        ) : (
          <div>
            <Button onClick={() => setInviting(true)}>{t('people:invite')}</Button>
          </div>
        )}
        <RecordList records={invitations}>
          {(invitation) => (
            <Record
              key={invitation.id}
              order={3}
              title={invitation.email}
              state={{
                tone: TONES[invitation.state],
                label: t(`people:states.${invitation.state}`),
              }}
              facts={[
                { label: t('people:unit'), value: <UnitName id={invitation.unitId} /> },
                { label: t('people:role'), value: names.role(invitation.roleId) },
                { label: t('people:rights'), value: names.rights(invitation.rights) },
                { label: t('people:timesSent'), value: invitation.timesSent },
                mailTrouble(invitation.mailTrouble),
                {
                  label: t('people:expires'),
                  value: invitation.state === 'open' ? moment(invitation.expiresAt) : undefined,
                },
              ]}
              {...(invitation.state === 'open'
                ? {
                    actions: (
                      <>
                        <ActionButton
                          label={t('people:resend')}
                          on={invitation.email}
                          done={t('people:sent')}
                          run={() =>
                            act(path`/v1/invitations/${invitation.id}/resend`, undefined, { organisation })
                          }
                        />
                        <ConfirmButton
                          label={t('people:withdraw')}
                          on={invitation.email}
                          title={t('people:withdrawTitle')}
                          text={t('people:withdrawText')}
                          done={t('people:withdrawn')}
                          run={() =>
                            act(path`/v1/invitations/${invitation.id}/withdraw`, undefined, { organisation })
                          }
                        />
                      </>
                    ),
                  }
                : {})}
            />
          )}
        </RecordList>
      </Stack>
    </Panel>
  )
}
