import { Stack, Switch, Text } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { path, replace } from '#web/api/client.ts'
import type { CredentialView, Omission } from '#web/api/wire.ts'
import { Panel } from '#web/components/panel.tsx'
import { ProblemAlert } from '#web/components/problem-alert.tsx'
import { OmissionChoice } from './omission-choice.tsx'
import { credentialKey } from './use-credential.ts'

interface Wanted {
  readonly isPublic: boolean
  readonly omits: readonly Omission[]
}

/** For the earner: whether the address alone shows the badge. */
export function VisibilitySwitch({ credential }: { readonly credential: CredentialView }) {
  const { t } = useTranslation()
  const queryClient = useQueryClient()
  const change = useMutation({
    mutationFn: (wanted: Wanted) =>
      replace(path`/v1/credentials/${credential.id}/visibility`, {
        visibility: wanted.isPublic ? 'public' : 'private',
        omits: wanted.omits,
      }),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: credentialKey(credential.id) }),
  })
  const { isPublic, omits }: Wanted = change.isPending
    ? change.variables
    : { isPublic: credential.visibility === 'public', omits: credential.publicOmits }
  return (
    <Panel title={t('credentials:visibility.title')}>
      <Stack gap="sm">
        <Switch
          label={t('credentials:visibility.public')}
          checked={isPublic}
          disabled={change.isPending}
          onChange={({ currentTarget }) => change.mutate({ isPublic: currentTarget.checked, omits })}
        />
        <Text>
          {t(isPublic ? 'credentials:visibility.publicText' : 'credentials:visibility.privateText')}
        </Text>
        {isPublic && (
          <OmissionChoice
            value={omits}
            disabled={change.isPending}
            onChange={(chosen) => change.mutate({ isPublic, omits: chosen })}
          />
        )}
        <Text role="status" size="sm" c="dimmed">
          {change.isSuccess ? t('credentials:visibility.saved') : ''}
        </Text>
        {change.isError && <ProblemAlert error={change.error} />}
      </Stack>
    </Panel>
  )
}
