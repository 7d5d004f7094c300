import { Button, Group, Stack, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import type { Notification } from '#web/api/wire.ts'
import { LinkButton } from '#web/components/link-button.tsx'
import { Loading } from '#web/components/loading.tsx'
import { Page } from '#web/components/page.tsx'
import { Panel } from '#web/components/panel.tsx'
import { Pill } from '#web/components/pill.tsx'
import { ProblemAlert } from '#web/components/problem-alert.tsx'
import { useFormat } from '#web/i18n/use-format.ts'
import { useSession } from '#web/sign-in/use-session.ts'
import { useMarkRead, useNotifications } from './use-notifications.ts'

/** `/notifications`: what whoever is signed in is told. */
export function NotificationsPage() {
  const { t } = useTranslation()
  const session = useSession()
  const isSignedIn = session.data !== undefined && session.data !== null
  const notifications = useNotifications(isSignedIn)
  const mark = useMarkRead()
  const items = notifications.data?.pages.flatMap((page) => page.items)
  return (
    <Page title={t('notifications:title')} lead={t('notifications:lead')}>
      {session.data === null ? (
        <div>
          <LinkButton to="/sign-in?return=/notifications">{t('notifications:signIn')}</LinkButton>
        </div>
      ) : notifications.error !== null ? (
        <ProblemAlert error={notifications.error} onRetry={() => void notifications.refetch()} />
      ) : items === undefined ? (
        <Loading />
      ) : items.length === 0 ? (
        <Text>{t('notifications:none')}</Text>
      ) : (
        <Stack>
          <div>
            <Button variant="default" loading={mark.isPending} onClick={() => mark.mutate(undefined)}>
              {t('notifications:markAll')}
            </Button>
          </div>
          {items.map((each) => (
            <One key={each.id} notification={each} onRead={() => mark.mutate(each.id)} />
          ))}
          {mark.isError && <ProblemAlert error={mark.error} />}
          {notifications.hasNextPage && (
            <div>
              <Button
                variant="default"
                loading={notifications.isFetchingNextPage}
                onClick={() => void notifications.fetchNextPage()}
              >
                {t('notifications:more')}
              </Button>
            </div>
          )}
        </Stack>
      )}
    </Page>
  )
}

function One({ notification, onRead }: { readonly notification: Notification; readonly onRead: () => void }) {
  const { t } = useTranslation()
  const { moment } = useFormat()
  const { text, page, organisation, createdAt, readAt } = notification
  return (
    <Panel>
      <Stack gap="xs">
        <Group gap="xs">
          {readAt === null && <Pill tone="good">{t('notifications:isNew')}</Pill>}
          <Text>{text}</Text>
        </Group>
        <Text size="sm" c="dimmed">
          {organisation.name} · {moment(createdAt)}
        </Text>
        <Group>
          <Button
            component={Link}
            to={page}
            variant="default"
            size="sm"
            onClick={() => {
              if (readAt === null) onRead()
            }}
          >
            {t('notifications:open')}
          </Button>
          {readAt === null && (
            <Button variant="subtle" size="sm" onClick={onRead}>
              {t('notifications:markRead')}
            </Button>
          )}
        </Group>
      </Stack>
    </Panel>
  )
}
