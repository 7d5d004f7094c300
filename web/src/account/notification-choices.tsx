import { Button, Checkbox, Group, NativeSelect, Stack, Table, Text, TextInput } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { read, replace } from '#web/api/client.ts'
import type { NotificationPreferences } from '#web/api/wire.ts'
import { Loading } from '#web/components/loading.tsx'
import { Panel } from '#web/components/panel.tsx'
import { ProblemAlert } from '#web/components/problem-alert.tsx'
import { sayDone } from '#web/components/say-done.ts'

const KEY = ['notification-preferences'] as const
const EMAIL = ['at_once', 'daily', 'weekly', 'off'] as const

/** How somebody wants to be told of each kind, and when their digests come. */
export function NotificationChoices() {
  const { t, i18n } = useTranslation()
  const language = i18n.language.startsWith('nl') ? 'nl' : 'en'
  const { data, error, refetch } = useQuery({
    queryKey: [...KEY, language],
    queryFn: () => read<NotificationPreferences>('/v1/account/notification-preferences', { language }),
    retry: false,
  })
  return (
    <Panel title={t('accounts:notifications.title')}>
      {error !== null ? (
        <ProblemAlert error={error} onRetry={() => void refetch()} />
      ) : data === undefined ? (
        <Loading />
      ) : (
        <Choices key={language} preferences={data} />
      )}
    </Panel>
  )
}

function Choices({ preferences }: { readonly preferences: NotificationPreferences }) {
  const { t } = useTranslation()
  const queryClient = useQueryClient()
  const [kinds, setKinds] = useState(preferences.kinds)
  const [digest, setDigest] = useState(preferences.digest)
  const save = useMutation({
    mutationFn: () =>
      replace<NotificationPreferences>('/v1/account/notification-preferences', {
        kinds: kinds
          .filter(({ mandatory }) => !mandatory)
          .map(({ kind, inApp, email }) => ({ kind, inApp, email })),
        digest,
      }),
    onSuccess: () => {
      sayDone(t('accounts:notifications.saved'))
      return queryClient.invalidateQueries({ queryKey: KEY })
    },
  })
  const put = (kind: string, change: Partial<(typeof kinds)[number]>) =>
    setKinds(kinds.map((each) => (each.kind === kind ? { ...each, ...change } : each)))
  return (
    <Stack>
      <Table>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t('accounts:notifications.what')}</Table.Th>
            <Table.Th>{t('accounts:notifications.inApp')}</Table.Th>
            <Table.Th>{t('accounts:notifications.email')}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {kinds.map(({ kind, description, inApp, email, mandatory, mailOnly }) => (
            <Table.Tr key={kind}>
              <Table.Td>
                {description}
                {mandatory && (
                  <Text size="sm" c="dimmed">
                    {t('accounts:notifications.mandatory')}
                  </Text>
                )}
              </Table.Td>
              <Table.Td>
                {!mailOnly && (
                  <Checkbox
                    aria-label={t('accounts:notifications.inAppOf', { what: description })}
                    checked={inApp}
                    disabled={mandatory}
                    onChange={(event) => put(kind, { inApp: event.currentTarget.checked })}
                  />
                )}
              </Table.Td>
              <Table.Td>
                <NativeSelect
                  aria-label={t('accounts:notifications.emailOf', { what: description })}
                  value={email}
                  disabled={mandatory}
                  data={EMAIL.map((value) => ({ value, label: t(`accounts:notifications.emails.${value}`) }))}
                  onChange={(event) => {
                    const chosen = EMAIL.find((each) => each === event.currentTarget.value)
                    if (chosen !== undefined) put(kind, { email: chosen })
                  }}
                />
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
      <Group align="end">
        <TextInput
          label={t('accounts:notifications.timeZone')}
          value={digest.timeZone}
          onChange={(event) => setDigest({ ...digest, timeZone: event.currentTarget.value })}
        />
        <NativeSelect
          label={t('accounts:notifications.hour')}
          value={String(digest.hour)}
          data={Array.from({ length: 24 }, (_, hour) => ({ value: String(hour), label: `${hour}:00` }))}
          onChange={(event) => setDigest({ ...digest, hour: Number(event.currentTarget.value) })}
        />
        <NativeSelect
          label={t('accounts:notifications.weekday')}
          value={String(digest.weekday)}
          data={['1', '2', '3', '4', '5', '6', '7'].map((value) => ({
            value,
            label: t(`accounts:notifications.weekdays.${value}`),
          }))}
          onChange={(event) => setDigest({ ...digest, weekday: Number(event.currentTarget.value) })}
        />
      </Group>
      {save.isError && <ProblemAlert error={save.error} />}
      <div>
        <Button loading={save.isPending} onClick={() => save.mutate()}>
          {t('accounts:notifications.save')}
        </Button>
      </div>
    </Stack>
  )
}
