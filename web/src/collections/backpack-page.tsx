import { Stack, Title } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { Offers } from '#web/claims/offers.tsx'
import { DownloadLink } from '#web/components/download-link.tsx'
import { LinkButton } from '#web/components/link-button.tsx'
import { Page } from '#web/components/page.tsx'
import { Applications } from '#web/connections/applications.tsx'
import { HostConnections } from '#web/connections/host-connections.tsx'
import { Backpack } from '#web/credentials/backpack.tsx'
import { CameByLink } from '#web/sign-in/came-by-link.tsx'
import { isSignedIn, useSession } from '#web/sign-in/use-session.ts'
import { CollectionList } from './collection-list.tsx'
import { ImportedBadges } from './imported-badges.tsx'

/** `/backpack`: all that an earner keeps here. */
export function BackpackPage() {
  const { t } = useTranslation()
  const { data: session } = useSession()
  if (session === null)
    return (
      <Page title={t('collections:backpack.title')}>
        <div>
          <LinkButton to={`/sign-in?return=${encodeURIComponent('/backpack')}`}>
            {t('signIn:needed')}
          </LinkButton>
        </div>
      </Page>
    )
  if (session !== undefined && !isSignedIn(session))
    return (
      <Page title={t('collections:backpack.title')}>
        <CameByLink />
        <Backpack />
      </Page>
    )
  return (
    <Page title={t('collections:backpack.title')} lead={t('collections:backpack.lead')}>
      <div>
        <DownloadLink href="/v1/backpack/export" fileName="backpack.zip">
          {t('collections:backpack.everything')}
        </DownloadLink>
      </div>
      <Offers />
      <Stack component="section">
        <Title order={2}>{t('collections:backpack.claimed')}</Title>
        <Backpack />
      </Stack>
      <CollectionList />
      <ImportedBadges />
      <HostConnections />
      <Applications />
    </Page>
  )
}
