import { Button, Group, List, Stack, Text } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { useParams } from 'react-router'
import { act, path, read } from '#web/api/client.ts'
import type { AccessDecided, AccessRequest } from '#web/api/wire.ts'
import { Facts } from '#web/components/facts.tsx'
import { Loading } from '#web/components/loading.tsx'
import { Notice } from '#web/components/notice.tsx'
import { Page } from '#web/components/page.tsx'
import { Panel } from '#web/components/panel.tsx'
import { ProblemAlert } from '#web/components/problem-alert.tsx'
import { ProviderButtons } from '#web/sign-in/provider-buttons.tsx'
import { SignInForm } from '#web/sign-in/sign-in-form.tsx'
import { isSignedIn, SESSION, useSession } from '#web/sign-in/use-session.ts'
import { useScopeName } from './use-scope-name.ts'

/** `/connect/UID`: where the authorization server sends whoever is to let an application in. */
export function ConnectPage() {
  const { t } = useTranslation()
  const { uid = '' } = useParams()
  const queryClient = useQueryClient()
  const { data: session } = useSession()
  const { data, error } = useQuery({
    queryKey: ['access-request', uid],
    queryFn: () => read<AccessRequest>(path`/connect/${uid}`),
    enabled: isSignedIn(session),
    retry: false,
  })
  if (session !== undefined && !isSignedIn(session))
    return (
      <Page title={t('connections:connect.title')} lead={t('connections:connect.signIn')}>
        <SignInForm />
        <ProviderButtons
          purpose="sign-in"
          returnTo={`/connect/${uid}`}
          title={t('signIn:orWith')}
          label={(name) => t('signIn:with', { name })}
        />
        <div>
          <Button variant="default" onClick={() => void queryClient.invalidateQueries({ queryKey: SESSION })}>
            {t('connections:connect.signedIn')}
          </Button>
        </div>
      </Page>
    )
  if (data !== undefined) return <Question uid={uid} request={data} />
  return (
    <Page title={t('connections:connect.title')}>
      {error === null ? <Loading label={t('connections:connect.loading')} /> : <ProblemAlert error={error} />}
    </Page>
  )
}

function Question({ uid, request }: { readonly uid: string; readonly request: AccessRequest }) {
  const { t } = useTranslation()
  const scopeName = useScopeName()
  const { client, returnsTo, scopes } = request
  const answer = useMutation({
    mutationFn: (decision: 'allow' | 'refuse') => act<AccessDecided>(path`/connect/${uid}`, { decision }),
    // The authorization server takes the answer to the application from there.
    onSuccess: ({ next }) => window.location.assign(next),
  })
  const busy = answer.isPending || answer.isSuccess
  return (
    <Page
      title={t('connections:connect.title')}
      lead={t('connections:connect.lead', { application: client.name })}
    >
      <Panel>
        <Facts
          facts={[
            { label: t('connections:connect.application'), value: client.name },
            { label: t('connections:connect.returnsTo'), value: returnsTo, code: true },
            { label: t('connections:connect.site'), value: client.url, code: true },
            { label: t('connections:connect.terms'), value: client.termsUrl, code: true },
            { label: t('connections:connect.privacy'), value: client.privacyUrl, code: true },
          ]}
        />
      </Panel>
      <Panel title={t('connections:connect.what')}>
        <List>
          {scopes.map((scope) => (
            <List.Item key={scope}>{scopeName(scope)}</List.Item>
          ))}
        </List>
      </Panel>
      <Notice tone="doubt">
        <p>{t('connections:connect.unchecked', { host: returnsTo })}</p>
      </Notice>
      <Stack>
        <Text>{t('connections:connect.until')}</Text>
        <Group>
          <Button size="md" disabled={busy} onClick={() => answer.mutate('allow')}>
            {t('connections:connect.allow')}
          </Button>
          <Button size="md" variant="default" disabled={busy} onClick={() => answer.mutate('refuse')}>
            {t('connections:connect.refuse')}
          </Button>
        </Group>
        {answer.isError && <ProblemAlert error={answer.error} />}
      </Stack>
    </Page>
  )
}
