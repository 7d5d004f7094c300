import { useTranslation } from 'react-i18next'
import { act, path } from '#web/api/client.ts'
import type { AwardChange } from '#web/api/wire.ts'
import type { Tone } from '#web/components/notice.tsx'
import { ConfirmButton } from '#web/console/confirm-button.tsx'
import { Expandable } from '#web/console/expandable.tsx'
import { useOrganisation } from '#web/console/organisation-context.ts'
import { Record } from '#web/console/record.tsx'
import { useFormat } from '#web/i18n/use-format.ts'
import { AwardChangeItems } from './award-change-items.tsx'

const TONES: { readonly [State in AwardChange['state']]: Tone } = {
  prepared: 'doubt',
  confirmed: 'good',
  withdrawn: 'quiet',
  expired: 'quiet',
}

interface AwardChangeRecordProps {
  readonly change: AwardChange
  readonly isOpenAtFirst: boolean
}

export function AwardChangeRecord({ change, isOpenAtFirst }: AwardChangeRecordProps) {
  const { t } = useTranslation()
  const { id: organisation } = useOrganisation()
  const { moment, number } = useFormat()
  const own = path`/v1/award-changes/${change.id}`
  const title = t(`awardChanges:kinds.${change.kind}`, { count: change.count })
  const on = `${title}, ${moment(change.createdAt)}`
  const { actions, outcome, jobId } = change
  const isConfirmed = change.state === 'confirmed'
  const counted = (count: number) => (count === 0 ? undefined : number(count))
  return (
    <Record
      title={title}
      state={{ tone: TONES[change.state], label: t(`awardChanges:states.${change.state}`) }}
      facts={[
        { label: t('awardChanges:reason'), value: change.reason },
        { label: t('awardChanges:note'), value: change.note },
        { label: t('awardChanges:revoke'), value: counted(actions.revoke) },
        { label: t('awardChanges:reissue'), value: counted(actions.reissue) },
        { label: t('awardChanges:preparedBy'), value: change.preparedBy, code: true },
        { label: t('awardChanges:created'), value: moment(change.createdAt) },
        {
          label: t('awardChanges:expires'),
          value: change.state === 'prepared' ? moment(change.expiresAt) : undefined,
        },
        {
          label: t('awardChanges:second'),
          value:
            change.state === 'prepared' && change.needsSecondPerson
              ? t('awardChanges:secondText')
              : undefined,
        },
        { label: t('awardChanges:decidedBy'), value: change.decidedBy, code: true },
        { label: t('awardChanges:done'), value: isConfirmed ? number(outcome.done) : undefined },
        { label: t('awardChanges:left'), value: isConfirmed ? counted(outcome.left) : undefined },
        { label: t('awardChanges:open'), value: isConfirmed ? counted(outcome.open) : undefined },
        { label: t('awardChanges:digest'), value: change.digest, code: true },
      ]}
      actions={
        <>
          {change.state === 'prepared' && (
            <ConfirmButton
              label={t('awardChanges:withdraw')}
              on={on}
              title={t('awardChanges:withdrawTitle')}
              text={t('awardChanges:withdrawText')}
              done={t('awardChanges:withdrawn')}
              run={() => act(`${own}/withdraw`, undefined, { organisation })}
            />
          )}
          {isConfirmed && outcome.open > 0 && jobId !== null && (
            <ConfirmButton
              label={t('awardChanges:stop')}
              on={on}
              title={t('awardChanges:stopTitle')}
              text={t('awardChanges:stopText')}
              done={t('awardChanges:stopped')}
              run={() => act(path`/v1/jobs/${jobId}/cancel`, undefined, { organisation })}
            />
          )}
        </>
      }
    >
      <Expandable
        show={t('awardChanges:look')}
        hide={t('awardChanges:hide')}
        on={on}
        isOpenAtFirst={isOpenAtFirst}
      >
        <AwardChangeItems change={change} on={on} />
      </Expandable>
    </Record>
  )
}
