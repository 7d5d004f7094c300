import { Button, Group, Stack, Text, TextInput } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useSearchParams } from 'react-router'
import { act, path } from '#web/api/client.ts'
import { readAll } from '#web/api/read-all.ts'
import type { ClaimConfirmation } from '#web/api/wire.ts'
import { Facts } from '#web/components/facts.tsx'
import { LinkButton } from '#web/components/link-button.tsx'
import { Loading } from '#web/components/loading.tsx'
import { Page } from '#web/components/page.tsx'
import { Panel } from '#web/components/panel.tsx'
import { ProblemAlert } from '#web/components/problem-alert.tsx'
import { useFormat } from '#web/i18n/use-format.ts'
import { useSession } from '#web/sign-in/use-session.ts'

/** `/claim-confirmations?organisation=ID`, from a mail: learners ask whoever may award whether a badge is theirs. */
export function ConfirmationsPage() {
  const { t } = useTranslation()
  const [search] = useSearchParams()
  const organisation = search.get('organisation') ?? undefined
  const session = useSession()
  const isSignedIn = session.data !== undefined && session.data !== null
  const { data, error } = useQuery({
    queryKey: ['claim-confirmations', organisation],
    // All of them: a question on a later page would lapse unseen. The one that lapses first comes first.
    queryFn: async () =>
      (
        await readAll<ClaimConfirmation>('/v1/claim-confirmations', {
          organisation,
          state: 'asked',
          limit: '100',
        })
      ).toSorted((a, b) => Date.parse(a.expiresAt) - Date.parse(b.expiresAt)),
    enabled: isSignedIn,
  })
  return (
    <Page title={t('claims:confirmations.title')} lead={t('claims:confirmations.lead')}>
      {session.data === null ? (
        <div>
          <LinkButton
            to={`/sign-in?return=${encodeURIComponent(`/claim-confirmations${search.size === 0 ? '' : `?${search}`}`)}`}
          >
            {t('signIn:needed')}
          </LinkButton>
        </div>
      ) : error !== null ? (
        <ProblemAlert error={error} />
      ) : data === undefined ? (
        <Loading label={t('claims:loading')} />
      ) : data.length === 0 ? (
        <Text>{t('claims:confirmations.none')}</Text>
      ) : (
        data.map((each) => <Question key={each.id} question={each} organisation={organisation} />)
      )}
    </Page>
  )
}

interface QuestionProps {
  readonly question: ClaimConfirmation
  readonly organisation: string | undefined
}

function Question({ question, organisation }: QuestionProps) {
  const { t } = useTranslation()
  const { day } = useFormat()
  const queryClient = useQueryClient()
  const [reason, setReason] = useState('')
  const decide = useMutation({
    mutationFn: (move: 'confirm' | 'refuse') =>
      act(
        path`/v1/claim-confirmations/${question.id}/${move}`,
        move === 'refuse' ? { reason: reason.trim() } : undefined,
        { organisation },
      ),
    onSettled: () => queryClient.invalidateQueries({ queryKey: ['claim-confirmations'] }),
  })
  return (
    <Panel title={question.achievementName}>
      <Stack>
        <Facts
          facts={[
            { label: t('claims:confirmations.sentTo'), value: question.sentTo.value },
            { label: t('claims:confirmations.shown'), value: <strong>{question.shown.value}</strong> },
            { label: t('claims:confirmations.message'), value: question.message ?? undefined },
            { label: t('claims:confirmations.until'), value: day(question.expiresAt) },
          ]}
        />
        <TextInput
          label={t('claims:confirmations.reason')}
          maxLength={1000}
          value={reason}
          onChange={({ currentTarget }) => setReason(currentTarget.value)}
        />
        <Group>
          <Button loading={decide.isPending} onClick={() => decide.mutate('confirm')}>
            {t('claims:confirmations.confirm')}
          </Button>
          <Button
            variant="default"
            disabled={decide.isPending || reason.trim() === ''}
            onClick={() => decide.mutate('refuse')}
          >
            {t('claims:confirmations.refuse')}
          </Button>
        </Group>
        {decide.isError && <ProblemAlert error={decide.error} />}
      </Stack>
    </Panel>
  )
}
