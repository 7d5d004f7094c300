import { useTranslation } from 'react-i18next'
import type { CredentialView } from '#web/api/wire.ts'
import { Notice } from '#web/components/notice.tsx'

/** Says it first when a badge no longer counts, and why. Nothing for one that is as it was issued. */
export function CredentialState({ credential }: { readonly credential: CredentialView }) {
  const { t } = useTranslation()
  const { revocationReason, state } = credential
  if (state === 'issued') return null
  return (
    <Notice tone={state === 'revoked' ? 'bad' : 'doubt'} title={t(`credentials:states.${state}`)}>
      <p>{t(`credentials:stateTexts.${state}`)}</p>
      {revocationReason !== null && <p>{t('credentials:revokedReason', { reason: revocationReason })}</p>}
    </Notice>
  )
}
