import { Group, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { Session } from '#web/api/wire.ts'
import { Offers } from '#web/claims/offers.tsx'
import { LinkButton } from '#web/components/link-button.tsx'
import { Page } from '#web/components/page.tsx'
import { Panel } from '#web/components/panel.tsx'
import { Backpack } from '#web/credentials/backpack.tsx'
import { CameByLink } from '#web/sign-in/came-by-link.tsx'
import { isSignedIn } from '#web/sign-in/use-session.ts'

export function MemberHome({ session }: { readonly session: Session }) {
  const { t } = useTranslation()
  const { organisations } = session
  return (
    <Page title={t('app:welcome')}>
      {organisations.length > 0 && (
        <Panel>
          <Group justify="space-between">
            <Text>
              {t('app:consoleHint', { count: organisations.length, name: organisations[0]?.name ?? '' })}
            </Text>
            <LinkButton to="/console">{t('app:openConsole')}</LinkButton>
          </Group>
        </Panel>
      )}
      {isSignedIn(session) ? <Offers /> : <CameByLink />}
      <Backpack />
      <div>
        <LinkButton to="/backpack" variant="default">
          {t('collections:backpack.open')}
        </LinkButton>
      </div>
    </Page>
  )
}
