import { Button, NativeSelect, Stack, Text } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { change, read, remove } from '#web/api/client.ts'
import type { Account, AddedIdentity, MergeOffer } from '#web/api/wire.ts'
import { LinkButton } from '#web/components/link-button.tsx'
import { Loading } from '#web/components/loading.tsx'
import { Page } from '#web/components/page.tsx'
import { Panel } from '#web/components/panel.tsx'
import { ProblemAlert } from '#web/components/problem-alert.tsx'
import { sayDone } from '#web/components/say-done.ts'
import { ProviderButtons } from '#web/sign-in/provider-buttons.tsx'
import { isSignedIn, useSession } from '#web/sign-in/use-session.ts'
import { AddAddress } from './add-address.tsx'
import { IdentityList } from './identity-list.tsx'
import { MergeQuestion } from './merge-question.tsx'
import { NotificationChoices } from './notification-choices.tsx'

/** `/account`: what somebody signs in with, and in which language they are written to. */
export function AccountPage() {
  const { t } = useTranslation()
  const session = useSession()
  const { data, error, refetch } = useQuery({
    queryKey: ['account'],
    queryFn: () => read<Account>('/v1/account'),
    enabled: isSignedIn(session.data),
  })
  return (
    <Page title={t('accounts:title')} lead={t('accounts:lead')}>
      {session.data !== undefined && !isSignedIn(session.data) ? (
        <div>
          <LinkButton to="/sign-in?return=/account">{t('signIn:needed')}</LinkButton>
        </div>
      ) : data !== undefined ? (
        <AccountDetail account={data} />
      ) : error === null ? (
        <Loading label={t('accounts:loading')} />
      ) : (
        <ProblemAlert error={error} onRetry={() => void refetch()} />
      )}
    </Page>
  )
}

function AccountDetail({ account }: { readonly account: Account }) {
  const { t } = useTranslation()
  const queryClient = useQueryClient()
  const [merge, setMerge] = useState<MergeOffer>()
  const onChanged = () => void queryClient.invalidateQueries()
  const onAdded = (added: AddedIdentity) => {
    setMerge(added.merge ?? undefined)
    if (added.merge === null) sayDone(t('accounts:added'))
    onChanged()
  }
  const speak = useMutation({
    mutationFn: (language: string) => change<Account>('/v1/account', { language }),
    onSuccess: onChanged,
  })
  const elsewhere = useMutation({
    mutationFn: () => remove('/v1/account/sessions'),
    onSuccess: () => sayDone(t('accounts:sessions.done')),
  })
  return (
    <Stack>
      {merge !== undefined && <MergeQuestion merge={merge} onDone={() => setMerge(undefined)} />}
      <IdentityList account={account} onChanged={onChanged} />
      <AddAddress onAdded={onAdded} />
      <ProviderButtons
        purpose="add-identity"
        returnTo="/account"
        title={t('accounts:provider.title')}
        label={(name) => t('accounts:provider.add', { name })}
      />
      <Panel title={t('accounts:language.title')}>
        <NativeSelect
          label={t('accounts:language.label')}
          value={account.language}
          data={[
            { value: 'en', label: 'English' },
            { value: 'nl', label: 'Nederlands' },
          ]}
          onChange={({ currentTarget }) => speak.mutate(currentTarget.value)}
        />
        {speak.isError && <ProblemAlert error={speak.error} />}
      </Panel>
      <NotificationChoices />
      <Panel title={t('accounts:sessions.title')}>
        <Stack align="flex-start">
          <Text>{t('accounts:sessions.text')}</Text>
          <Button variant="default" loading={elsewhere.isPending} onClick={() => elsewhere.mutate()}>
            {t('accounts:sessions.end')}
          </Button>
          {elsewhere.isError && <ProblemAlert error={elsewhere.error} />}
        </Stack>
      </Panel>
    </Stack>
  )
}
