import { useTranslation } from 'react-i18next'
import { act, change, path, remove, withQuery } from '#web/api/client.ts'
import type { DirectAward, DirectAwardState } from '#web/api/wire.ts'
import { DownloadLink } from '#web/components/download-link.tsx'
import type { Tone } from '#web/components/notice.tsx'
import { useActivityPeriod } from '#web/components/use-activity-period.ts'
import { ActionButton } from '#web/console/action-button.tsx'
import { ConfirmButton } from '#web/console/confirm-button.tsx'
import { useOrganisation } from '#web/console/organisation-context.ts'
import { Record } from '#web/console/record.tsx'
import { useMailTrouble } from '#web/console/use-mail-trouble.ts'
import { useFormat } from '#web/i18n/use-format.ts'

const TONES: { readonly [State in DirectAwardState]: Tone } = {
  scheduled: 'quiet',
  unaccepted: 'doubt',
  claimed: 'good',
  rejected: 'bad',
  revoked: 'bad',
  expired: 'quiet',
  deleted: 'quiet',
}

interface DirectAwardRecordProps {
  readonly award: DirectAward
  readonly achievement: string
}

export function DirectAwardRecord({ award, achievement }: DirectAwardRecordProps) {
  const { t } = useTranslation()
  const { id: organisation } = useOrganisation()
  const { moment } = useFormat()
  const mailTrouble = useMailTrouble()
  const activityPeriod = useActivityPeriod()
  const own = path`/v1/direct-awards/${award.id}`
  const who = award.identifier?.replace(/^email:/, '') ?? t('directAwards:nobody')
  const on = `${achievement}, ${who}`
  const momentOf = (time: string | null) => (time === null ? undefined : moment(time))
  const can = (what: string) => award.possible.includes(what)
  const isOpen = award.state === 'scheduled' || award.state === 'unaccepted'
  const mayUndo = award.undoUntil !== null && Date.parse(award.undoUntil) > Date.now()
  return (
    <Record
      title={who}
      order={3}
      state={{ tone: TONES[award.state], label: t(`directAwards:states.${award.state}`) }}
      facts={[
        { label: t('directAwards:achievement'), value: achievement },
        {
          label: t('directAwards:scheduledAt'),
          value: award.state === 'scheduled' ? moment(award.scheduledAt) : undefined,
        },
        { label: t('directAwards:sent'), value: momentOf(award.sentAt) },
        {
          label: t('directAwards:expires'),
          value: award.state === 'unaccepted' ? momentOf(award.expiresAt) : undefined,
        },
        { label: t('directAwards:claimed'), value: momentOf(award.claimedAt) },
        { label: t('directAwards:ended'), value: momentOf(award.endedAt) },
        { label: t('credentials:parts.activity'), value: activityPeriod(award.particulars) },
        { label: t('directAwards:reason'), value: award.reason },
        mailTrouble(award.mailTrouble),
      ]}
      actions={
        <>
          {isOpen && (
            <DownloadLink
              href={withQuery(`${own}/qr`, { format: 'svg', organisation })}
              fileName="direct-award.svg"
            >
              {t('directAwards:qr')}
            </DownloadLink>
          )}
          {can('resend') && award.identifier?.startsWith('email:') && (
            <ActionButton
              label={t('directAwards:resend')}
              on={on}
              done={t('directAwards:resent')}
              run={() => act(`${own}/resend`, undefined, { organisation })}
            />
          )}
          {can('change') && award.identifier?.startsWith('email:') && (
            <ConfirmButton
              label={t('directAwards:readdress')}
              on={on}
              title={t('directAwards:readdressTitle')}
              text={t('directAwards:readdressText')}
              done={t('directAwards:readdressed')}
              reason={{ label: t('directAwards:address'), hint: t('directAwards:readdressHint') }}
              run={({ reason }) =>
                change(own, { identifier: `email:${reason}` }, award.revision, { organisation })
              }
            />
          )}
          {can('undo') && mayUndo && (
            <ActionButton
              label={t('directAwards:undo')}
              on={on}
              done={t('directAwards:undone')}
              run={() => act(`${own}/undo`, undefined, { organisation })}
            />
          )}
          {can('delete') && (
            <ConfirmButton
              label={t('directAwards:delete')}
              on={on}
              title={t('directAwards:deleteTitle')}
              text={t('directAwards:deleteText')}
              done={t('directAwards:deleted')}
              run={() => remove(own, { organisation })}
            />
          )}
          {award.state === 'claimed' && (
            <ConfirmButton
              label={t('directAwards:revoke')}
              on={on}
              title={t('directAwards:revokeTitle')}
              text={t('directAwards:revokeText')}
              done={t('directAwards:revoked')}
              reason={{ label: t('directAwards:reason'), hint: t('directAwards:reasonHint') }}
              run={({ reason }) => act(`${own}/revoke`, { reason }, { organisation })}
            />
          )}
        </>
      }
    />
  )
}
