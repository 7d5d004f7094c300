import { Button, NativeSelect, Stack, Text, Textarea } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { CodeForm } from '#web/account/code-form.tsx'
import { MergeQuestion } from '#web/account/merge-question.tsx'
import { act, path, read, remove } from '#web/api/client.ts'
import type { Account, AddedIdentity, ClaimView, MergeOffer, OwnClaimConfirmation } from '#web/api/wire.ts'
import { Notice } from '#web/components/notice.tsx'
import { Panel } from '#web/components/panel.tsx'
import { ProblemAlert } from '#web/components/problem-alert.tsx'

interface ClaimMismatchProps {
  readonly token: string
  readonly claim: ClaimView
}

/** The badge went to another address than those of whoever is signed in: prove that one too, or ask the awarder. */
export function ClaimMismatch({ token, claim }: ClaimMismatchProps) {
  const { t } = useTranslation()
  const queryClient = useQueryClient()
  const [merge, setMerge] = useState<MergeOffer>()
  const signOut = useMutation({
    mutationFn: () => remove('/v1/session'),
    onSuccess: () => queryClient.invalidateQueries(),
  })
  const { identifier, issuerName: issuer } = claim
  return (
    <Stack>
      <Notice tone="quiet" role="status" title={t('claims:mismatch.title')}>
        <p>{t('claims:mismatch.text', { identifier })}</p>
      </Notice>
      {merge !== undefined && (
        <MergeQuestion
          merge={merge}
          onDone={() => {
            setMerge(undefined)
            void queryClient.invalidateQueries()
          }}
        />
      )}
      {merge === undefined && identifier.includes('@') && (
        <ProveAddress token={token} identifier={identifier} onMerge={setMerge} />
      )}
      <AskAwarder token={token} issuer={issuer} />
      <Panel title={t('claims:mismatch.other.title')}>
        <Stack align="flex-start">
          <Text>{t('claims:mismatch.other.text', { identifier })}</Text>
          <Button variant="default" loading={signOut.isPending} onClick={() => signOut.mutate()}>
            {t('claims:mismatch.other.signOut')}
          </Button>
        </Stack>
      </Panel>
    </Stack>
  )
}

interface ProveAddressProps {
  readonly token: string
  readonly identifier: string
  readonly onMerge: (merge: MergeOffer) => void
}

function ProveAddress({ token, identifier, onMerge }: ProveAddressProps) {
  const { t, i18n } = useTranslation()
  const queryClient = useQueryClient()
  const send = useMutation({
    mutationFn: () => act(path`/v1/claims/${token}/code`, { language: i18n.language }),
  })
  return (
    <Panel title={t('claims:mismatch.prove.title')}>
      <Stack align="flex-start">
        <Text>{t('claims:mismatch.prove.text', { identifier })}</Text>
        {send.isSuccess ? (
          <CodeForm
            prove={(code) => act<AddedIdentity>(path`/v1/claims/${token}/proof`, { code })}
            onProven={({ merge }) => {
              if (merge !== null) onMerge(merge)
              else void queryClient.invalidateQueries()
            }}
          />
        ) : (
          <Button loading={send.isPending} onClick={() => send.mutate()}>
            {t('claims:mismatch.prove.send')}
          </Button>
        )}
        {send.isError && <ProblemAlert error={send.error} />}
      </Stack>
    </Panel>
  )
}

function AskAwarder({ token, issuer }: { readonly token: string; readonly issuer: string }) {
  const { t } = useTranslation()
  const [chosen, setChosen] = useState<string>()
  const [message, setMessage] = useState('')
  const { data: account } = useQuery({
    queryKey: ['account'],
    queryFn: () => read<Account>('/v1/account'),
  })
  const identities = account?.identities ?? []
  const identityId = chosen ?? identities[0]?.id ?? ''
  const ask = useMutation({
    mutationFn: () =>
      act<OwnClaimConfirmation>(path`/v1/claims/${token}/confirmations`, {
        identityId,
        ...(message.trim() === '' ? {} : { message: message.trim() }),
      }),
  })
  return (
    <Panel title={t('claims:mismatch.ask.title', { issuer })}>
      {ask.isSuccess ? (
        <Notice tone="good" role="status">
          <p>{t('claims:mismatch.ask.done', { issuer })}</p>
        </Notice>
      ) : (
        <Stack align="flex-start">
          <Text>{t('claims:mismatch.ask.text', { issuer })}</Text>
          <NativeSelect
            label={t('claims:mismatch.ask.as')}
            value={identityId}
            data={identities.map(({ id, value }) => ({ value: id, label: value }))}
            onChange={({ currentTarget }) => setChosen(currentTarget.value)}
          />
          <Textarea
            label={t('claims:mismatch.ask.message')}
            maxLength={1000}
            w="100%"
            value={message}
            onChange={({ currentTarget }) => setMessage(currentTarget.value)}
          />
          <Button
            variant="default"
            loading={ask.isPending}
            disabled={identityId === ''}
            onClick={() => ask.mutate()}
          >
            {t('claims:mismatch.ask.send', { issuer })}
          </Button>
          {ask.isError && <ProblemAlert error={ask.error} />}
        </Stack>
      )}
    </Panel>
  )
}
