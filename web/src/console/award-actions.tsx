import { useTranslation } from 'react-i18next'
import { act, path } from '#web/api/client.ts'
import type { Award } from '#web/api/wire.ts'
import { LinkButton } from '#web/components/link-button.tsx'
import { ActionButton } from './action-button.tsx'
import { ConfirmButton } from './confirm-button.tsx'
import { useOrganisation } from './organisation-context.ts'

/** What may be done with an award as it stands. */
export function AwardActions({ award }: { readonly award: Award }) {
  const { t } = useTranslation()
  const { id: organisation } = useOrganisation()
  const on = `${award.achievementName}, ${award.subjectId}`
  const reason = { label: t('console:awards.reason'), hint: t('console:awards.reasonHint') }
  const isReinstatable =
    award.nextEdition === null &&
    award.edition !== null &&
    (award.state === 'revoked' || (award.state === 'issued' && award.suspendedAt !== null))
  const isRenewable =
    award.renewedBy === null &&
    award.nextEdition === null &&
    (award.state === 'expired' || (award.state === 'issued' && award.suspendedAt === null))
  return (
    <>
      {award.credentialId !== null && award.issuedAt !== null && (
        <LinkButton to={`/credentials/${award.credentialId}`} size="xs" variant="default">
          {t('console:awards.credential')}
        </LinkButton>
      )}
      {award.state === 'awaiting_approval' && (
        <>
          <ActionButton
            label={t('console:awards.approve')}
            on={on}
            done={t('console:awards.approved')}
            run={() => act(path`/v1/awards/${award.id}/approve`, undefined, { organisation })}
          />
          <ConfirmButton
            label={t('console:awards.refuse')}
            on={on}
            title={t('console:awards.refuseTitle')}
            text={t('console:awards.refuseText')}
            done={t('console:awards.refused')}
            reason={reason}
            run={(confirmation) =>
              act(path`/v1/awards/${award.id}/refuse`, { reason: confirmation.reason }, { organisation })
            }
          />
        </>
      )}
      {award.state === 'issued' && award.claim === 'open' && (
        <ActionButton
          label={t('console:awards.resendClaim')}
          on={on}
          done={t('console:awards.claimResent')}
          run={() => act(path`/v1/awards/${award.id}/resend-claim`, undefined, { organisation })}
        />
      )}
      {award.state === 'issued' && (
        <ConfirmButton
          label={t('console:awards.revoke')}
          on={on}
          title={t('console:awards.revokeTitle')}
          text={t('console:awards.revokeText')}
          done={t('console:awards.revoked')}
          reason={reason}
          run={(confirmation) =>
            act(path`/v1/awards/${award.id}/revoke`, { reason: confirmation.reason }, { organisation })
          }
        />
      )}
      {award.state === 'issued' && award.suspendedAt === null && (
        <ConfirmButton
          label={t('console:awards.suspend')}
          on={on}
          title={t('console:awards.suspendTitle')}
          text={t('console:awards.suspendText')}
          done={t('console:awards.suspended')}
          reason={reason}
          run={({ reason: why }) =>
            act(path`/v1/awards/${award.id}/suspend`, { reason: why }, { organisation })
          }
        />
      )}
      {award.state === 'issued' && award.suspendedAt === null && award.nextEdition === null && (
        <ConfirmButton
          label={t('console:awards.reissue')}
          on={on}
          title={t('console:awards.reissueTitle')}
          text={t('console:awards.reissueText')}
          done={t('console:awards.reissued')}
          reason={reason}
          run={({ reason: why }) =>
            act(path`/v1/awards/${award.id}/reissue`, { reason: why }, { organisation })
          }
        />
      )}
      {isReinstatable && (
        <ConfirmButton
          label={t('console:awards.reinstate')}
          on={on}
          title={t('console:awards.reinstateTitle')}
          text={t('console:awards.reinstateText')}
          done={t('console:awards.reinstated')}
          reason={reason}
          run={({ reason: why }) =>
            act(path`/v1/awards/${award.id}/reinstate`, { reason: why }, { organisation })
          }
        />
      )}
      {isRenewable && (
        <ConfirmButton
          label={t('console:awards.renew')}
          on={on}
          title={t('console:awards.renewTitle')}
          text={t('console:awards.renewText')}
          done={t('console:awards.renewed')}
          reason={{ label: t('console:awards.reason'), hint: t('console:awards.renewHint') }}
          run={({ reason: why }) =>
            act(path`/v1/awards/${award.id}/renew`, { reason: why }, { organisation })
          }
        />
      )}
    </>
  )
}
