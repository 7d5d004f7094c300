import { Stack, Switch, Text } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { path, replace } from '#web/api/client.ts'
import type { CredentialView } from '#web/api/wire.ts'
import { Panel } from '#web/components/panel.tsx'
import { ProblemAlert } from '#web/components/problem-alert.tsx'
import { credentialKey } from './use-credential.ts'

/** For the earner: whether the address alone shows the badge. */
export function VisibilitySwitch({ credential }: { readonly credential: CredentialView }) {
  const { t } = useTranslation()
  const queryClient = useQueryClient()
  const change = useMutation({
    mutationFn: (isPublic: boolean) =>
      replace(path`/v1/credentials/${credential.id}/visibility`, {
        visibility: isPublic ? 'public' : 'private',
      }),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: credentialKey(credential.id) }),
  })
  const isPublic = change.isPending ? change.variables : credential.visibility === 'public'
  return (
    <Panel title={t('credentials:visibility.title')}>
      <Stack gap="sm">
        <Switch
          label={t('credentials:visibility.public')}
          checked={isPublic}
          disabled={change.isPending}
          onChange={({ currentTarget }) => change.mutate(currentTarget.checked)}
        />
        <Text>
          {t(isPublic ? 'credentials:visibility.publicText' : 'credentials:visibility.privateText')}
        </Text>
        <Text role="status" size="sm" c="dimmed">
          {change.isSuccess ? t('credentials:visibility.saved') : ''}
        </Text>
        {change.isError && <ProblemAlert error={change.error} />}
      </Stack>
    </Panel>
  )
}
