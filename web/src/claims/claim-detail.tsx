import { Stack, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { ClaimView } from '#web/api/wire.ts'
import { BadgePicture } from '#web/components/badge-picture.tsx'
import { Facts } from '#web/components/facts.tsx'
import { LinkButton } from '#web/components/link-button.tsx'
import { Notice } from '#web/components/notice.tsx'
import { Page } from '#web/components/page.tsx'
import { Panel } from '#web/components/panel.tsx'
import { TestBanner } from '#web/components/test-banner.tsx'
import { PersonalPartsView } from '#web/credentials/personal-parts-view.tsx'
import { useFormat } from '#web/i18n/use-format.ts'
import { useSession } from '#web/sign-in/use-session.ts'
import { ClaimChoice } from './claim-choice.tsx'
import styles from './claim-detail.module.css'
import { ClaimMismatch } from './claim-mismatch.tsx'

interface ClaimDetailProps {
  readonly token: string
  readonly claim: ClaimView
}

/** What was awarded, why, who will see it; and the choice. */
export function ClaimDetail({ token, claim }: ClaimDetailProps) {
  const { t } = useTranslation()
  const { day } = useFormat()
  const { data: session } = useSession()
  const { achievementName, credentialId, image, issuerName: issuer, state } = claim
  return (
    <Page title={achievementName} eyebrow={t('claims:title')} lead={t('claims:lead', { issuer })}>
      {claim.test && <TestBanner />}
      <Panel>
        <div className={styles['columns']}>
          <BadgePicture url={image ?? undefined} name={achievementName} size={200} />
          <Stack>
            <Text>{claim.achievementDescription}</Text>
            <Facts
              facts={[
                { label: t('claims:for'), value: claim.identifier },
                { label: t('claims:domain'), value: <strong>{claim.issuerDomain}</strong> },
                { label: t('claims:issuer'), value: issuer },
                { label: t('claims:awarded'), value: day(claim.awardedAt) },
                { label: t('claims:expires'), value: state === 'open' ? day(claim.expiresAt) : undefined },
              ]}
            />
          </Stack>
        </div>
      </Panel>
      <Panel title={t('claims:why')}>
        <Stack align="flex-start">
          <Text>{t(claim.byRule ? 'claims:byRule' : 'claims:byPerson', { issuer })}</Text>
          <LinkButton to={`/achievements/${claim.achievementId}`} size="sm">
            {t('claims:achievement')}
          </LinkButton>
        </Stack>
      </Panel>
      {claim.parts !== null && <PersonalPartsView parts={partsOf(claim.parts)} />}
      {state === 'open' ? (
        <>
          <Panel title={t('claims:visibility.title')}>
            <Text>{t('claims:visibility.text')}</Text>
          </Panel>
          {claim.matches === false ? (
            <ClaimMismatch token={token} claim={claim} />
          ) : (
            <ClaimChoice token={token} />
          )}
        </>
      ) : (
        <Notice tone="quiet" role="status">
          <p>{t(`claims:${state}`, { issuer })}</p>
        </Notice>
      )}
      {credentialId !== null && state === 'claimed' && (
        <div>
          {session === null ? (
            <LinkButton to={`/sign-in?return=${encodeURIComponent(`/credentials/${credentialId}`)}`}>
              {t('claims:signIn')}
            </LinkButton>
          ) : (
            <LinkButton to={`/credentials/${credentialId}`}>{t('claims:open')}</LinkButton>
          )}
        </div>
      )}
    </Page>
  )
}

const partsOf = ({ narrative, ...parts }: NonNullable<ClaimView['parts']>) => ({
  ...parts,
  ...(narrative === null ? {} : { narrative }),
})
