import { Button, Group, NativeSelect, Stack, Text, TextInput } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ApiProblem } from '#web/api/api-problem.ts'
import { act, path, read, remove } from '#web/api/client.ts'
import type {
  BackpackItem,
  BegunConnection,
  ConnectionProfile,
  HostConnection,
  HostFetch,
  List,
  PushedBadge,
} from '#web/api/wire.ts'
import { Facts } from '#web/components/facts.tsx'
import { Panel } from '#web/components/panel.tsx'
import { Pill } from '#web/components/pill.tsx'
import { ProblemAlert } from '#web/components/problem-alert.tsx'
import { sayDone } from '#web/components/say-done.ts'
import { useFormat } from '#web/i18n/use-format.ts'
import { HostFetchReport, isOpen } from './host-fetch-report.tsx'

const KEY = ['connections']
const LOOK_MS = 1_000
const TONES = { asked: 'quiet', connected: 'good', lost: 'doubt' } as const

/** Other backpacks and wallets: connect one, fetch from it, send to it, end it. */
export function HostConnections() {
  const { t } = useTranslation()
  const [url, setUrl] = useState('')
  const { data, error } = useQuery({
    queryKey: KEY,
    queryFn: () => read<List<HostConnection>>('/v1/connections'),
    // While badges come in, it is told how far that is.
    refetchInterval: ({ state }) =>
      state.data?.items.some(({ fetch }) => isOpen(fetch)) === true ? LOOK_MS : false,
  })
  const begin = useMutation({
    mutationFn: () => act<BegunConnection>('/v1/connections', { url: url.trim() }),
    onSuccess: goThere,
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    begin.mutate()
  }
  return (
    <Panel title={t('connections:hosts.title')}>
      <Stack>
        <Text>{t('connections:hosts.lead')}</Text>
        <form onSubmit={submit}>
          <Group align="flex-end">
            <TextInput
              label={t('connections:hosts.url')}
              description={t('connections:hosts.urlHint')}
              type="url"
              required
              value={url}
              onChange={({ currentTarget }) => setUrl(currentTarget.value)}
              style={{ flex: '1 1 18rem' }}
            />
            <Button type="submit" loading={begin.isPending || begin.isSuccess}>
              {t('connections:hosts.connect')}
            </Button>
          </Group>
        </form>
        {begin.isError && <ProblemAlert error={begin.error} />}
        {error !== null && <ProblemAlert error={error} />}
        {data?.items.length === 0 && <Text c="dimmed">{t('connections:hosts.none')}</Text>}
        {data !== undefined && data.items.length > 0 && (
          <ul style={{ listStyle: 'none', margin: 0, padding: 0 }}>
            {data.items.map((connection) => (
              <ConnectionRow key={connection.id} connection={connection} />
            ))}
          </ul>
        )}
      </Stack>
    </Panel>
  )
}

/** The browser goes to the other side, where its owner says yes. */
const goThere = ({ authorizeUrl }: BegunConnection): void => window.location.assign(authorizeUrl)

function ConnectionRow({ connection }: { readonly connection: HostConnection }) {
  const { t } = useTranslation()
  const { moment } = useFormat()
  const queryClient = useQueryClient()
  const { id, name, url, state, fetch, fetchedAt } = connection
  const own = path`/v1/connections/${id}`
  const onChanged = () => void queryClient.invalidateQueries()
  const fetchBadges = useMutation({
    mutationFn: (everything: boolean) => act<HostFetch>(`${own}/fetch`, { everything }),
    onSettled: onChanged,
  })
  const stop = useMutation({
    // One that has just come to its end is what the reader wanted: it is shown as it is.
    mutationFn: () =>
      remove(`${own}/fetch`).catch((error: unknown) => {
        if (!(error instanceof ApiProblem && error.code === 'not-found')) throw error
      }),
    onSettled: onChanged,
  })
  const profile = useMutation({
    mutationFn: () => act(`${own}/push-profile`),
    onSuccess: () => sayDone(t('connections:hosts.profileSent')),
    onError: onChanged,
  })
  const shown = useMutation({
    mutationFn: () => read<ConnectionProfile>(`${own}/profile`),
    onError: onChanged,
  })
  const again = useMutation({ mutationFn: () => act<BegunConnection>(`${own}/again`), onSuccess: goThere })
  const drop = useMutation({
    mutationFn: () => remove(own),
    onSuccess: () => {
      sayDone(t('connections:hosts.removed'))
      onChanged()
    },
  })
  const failed = fetchBadges.error ?? stop.error ?? profile.error ?? shown.error ?? again.error ?? drop.error
  return (
    <li>
      <Stack gap="xs" py={8}>
        <Group justify="space-between">
          <div>
            <Text fw={600}>{name}</Text>
            <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
              {url}
            </Text>
            {fetchedAt !== null && (
              <Text size="sm" c="dimmed">
                {t('connections:hosts.fetched', { time: moment(fetchedAt) })}
              </Text>
            )}
          </div>
          <Pill tone={TONES[state]}>{t(`connections:hosts.states.${state}`)}</Pill>
        </Group>
        {fetch !== null && <HostFetchReport fetch={fetch} name={name} />}
        {state === 'connected' && <PushForm id={id} name={name} onFailed={onChanged} />}
        <Group gap="xs">
          {state === 'connected' ? (
            <>
              <Button
                size="xs"
                variant="default"
                aria-label={t('connections:hosts.fetchThis', { name })}
                loading={fetchBadges.isPending}
                disabled={isOpen(fetch)}
                onClick={() => fetchBadges.mutate(false)}
              >
                {t('connections:hosts.fetch')}
              </Button>
              {fetchedAt !== null && !isOpen(fetch) && (
                <Button
                  size="xs"
                  variant="default"
                  aria-label={t('connections:hosts.everythingThis', { name })}
                  onClick={() => fetchBadges.mutate(true)}
                >
                  {t('connections:hosts.everything')}
                </Button>
              )}
              {isOpen(fetch) && (
                <Button
                  size="xs"
                  variant="default"
                  aria-label={t('connections:hosts.stopThis', { name })}
                  loading={stop.isPending}
                  onClick={() => stop.mutate()}
                >
                  {t('connections:hosts.stop')}
                </Button>
              )}
              <Button
                size="xs"
                variant="default"
                aria-label={t('connections:hosts.profileThis', { name })}
                loading={profile.isPending}
                onClick={() => profile.mutate()}
              >
                {t('connections:hosts.profile')}
              </Button>
              <Button
                size="xs"
                variant="default"
                aria-label={t('connections:hosts.showThis', { name })}
                loading={shown.isPending}
                onClick={() => shown.mutate()}
              >
                {t('connections:hosts.show')}
              </Button>
            </>
          ) : (
            <Button
              size="xs"
              variant="default"
              aria-label={t('connections:hosts.againThis', { name })}
              loading={again.isPending || again.isSuccess}
              onClick={() => again.mutate()}
            >
              {t('connections:hosts.again')}
            </Button>
          )}
          <Button
            size="xs"
            variant="default"
            aria-label={t('connections:hosts.removeThis', { name })}
            loading={drop.isPending}
            onClick={() => drop.mutate()}
          >
            {t('connections:hosts.remove')}
          </Button>
        </Group>
        {shown.data !== undefined && <HostProfile name={name} answer={shown.data} />}
        {failed !== null && <ProblemAlert error={failed} />}
      </Stack>
    </li>
  )
}

/** Whom the other side takes somebody for: its words, as texts. */
function HostProfile({ name, answer }: { readonly name: string; readonly answer: ConnectionProfile }) {
  const { t } = useTranslation()
  const { profile } = answer
  const word = (member: string) => {
    const value = profile?.[member]
    return typeof value === 'string' ? value : undefined
  }
  return (
    <div role="status">
      <Text size="sm">
        {t(profile === null ? 'connections:hosts.noProfile' : 'connections:hosts.shown', { name })}
      </Text>
      <Facts
        facts={[
          { label: t('connections:hosts.profileName'), value: word('name') },
          { label: t('connections:hosts.profileEmail'), value: word('email') },
          { label: t('connections:hosts.profileDescription'), value: word('description') },
          { label: t('connections:hosts.profileUrl'), value: word('url'), code: true },
          { label: t('connections:hosts.profileId'), value: word('id'), code: true },
        ]}
      />
    </div>
  )
}

interface PushFormProps {
  readonly id: string
  readonly name: string
  readonly onFailed: () => void
}

function PushForm({ id, name, onFailed }: PushFormProps) {
  const { t, i18n } = useTranslation()
  const { language } = i18n
  const { data } = useQuery({
    queryKey: ['backpack', language],
    queryFn: () => read<List<BackpackItem>>('/v1/backpack', { language }),
  })
  const signed = data?.items.filter((badge) => badge.signed) ?? []
  const [chosen, setChosen] = useState('')
  const credentialId = chosen === '' ? (signed[0]?.credentialId ?? '') : chosen
  const push = useMutation({
    mutationFn: () => act<PushedBadge>(path`/v1/connections/${id}/push`, { credentialId }),
    onSuccess: ({ outcome }) =>
      sayDone(t(outcome === 'older' ? 'connections:hosts.older' : 'connections:hosts.pushed')),
    onError: onFailed,
  })
  if (signed.length === 0) return undefined
  return (
    <Group align="flex-end" gap="xs">
      <NativeSelect
        size="xs"
        label={t('connections:hosts.which')}
        value={credentialId}
        data={signed.map((badge) => ({ value: badge.credentialId, label: badge.achievementName }))}
        onChange={({ currentTarget }) => setChosen(currentTarget.value)}
      />
      <Button
        size="xs"
        variant="default"
        aria-label={t('connections:hosts.pushThis', { name })}
        loading={push.isPending}
        onClick={() => push.mutate()}
      >
        {t('connections:hosts.push')}
      </Button>
      {push.isError && <ProblemAlert error={push.error} />}
    </Group>
  )
}
