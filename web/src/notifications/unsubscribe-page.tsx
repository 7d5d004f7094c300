import { Button, Stack, Text } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { useLocation } from 'react-router'
import { path, postBytes } from '#web/api/client.ts'
import { LinkButton } from '#web/components/link-button.tsx'
import { Page } from '#web/components/page.tsx'
import { ProblemAlert } from '#web/components/problem-alert.tsx'

/** `/unsubscribe#TOKEN`: opening it changes nothing, since programs open links too; the button does. */
export function UnsubscribePage() {
  const { t } = useTranslation()
  const token = useLocation().hash.slice(1)
  const stop = useMutation({
    mutationFn: () =>
      postBytes(
        path`/v1/unsubscribe/${token}`,
        'List-Unsubscribe=One-Click',
        'application/x-www-form-urlencoded',
      ),
  })
  return (
    <Page title={t('notifications:unsubscribe.title')} lead={t('notifications:unsubscribe.lead')}>
      <Stack align="flex-start">
        {stop.isSuccess ? (
          <Text role="status">{t('notifications:unsubscribe.done')}</Text>
        ) : (
          <Button loading={stop.isPending} onClick={() => stop.mutate()}>
            {t('notifications:unsubscribe.stop')}
          </Button>
        )}
        {stop.isError && <ProblemAlert error={stop.error} />}
        <LinkButton to="/account">{t('notifications:unsubscribe.choose')}</LinkButton>
      </Stack>
    </Page>
  )
}
