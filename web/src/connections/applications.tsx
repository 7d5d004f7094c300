import { Button, Group, Stack, Text } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { path, read, remove } from '#web/api/client.ts'
import type { ConnectedApplication, List } from '#web/api/wire.ts'
import { Panel } from '#web/components/panel.tsx'
import { ProblemAlert } from '#web/components/problem-alert.tsx'
import { sayDone } from '#web/components/say-done.ts'
import { useFormat } from '#web/i18n/use-format.ts'
import { useScopeName } from './use-scope-name.ts'

const KEY = ['applications']

/** Which applications somebody has let in, and how that is taken back. */
export function Applications() {
  const { t } = useTranslation()
  const { data, error } = useQuery({
    queryKey: KEY,
    queryFn: () => read<List<ConnectedApplication>>('/v1/applications'),
  })
  return (
    <Panel title={t('connections:applications.title')}>
      <Stack>
        <Text>{t('connections:applications.lead')}</Text>
        {error !== null && <ProblemAlert error={error} />}
        {data?.items.length === 0 && <Text c="dimmed">{t('connections:applications.none')}</Text>}
        {data !== undefined && data.items.length > 0 && (
          <ul style={{ listStyle: 'none', margin: 0, padding: 0 }}>
            {data.items.map((application) => (
              <ApplicationRow key={application.id} application={application} />
            ))}
          </ul>
        )}
      </Stack>
    </Panel>
  )
}

function ApplicationRow({ application }: { readonly application: ConnectedApplication }) {
  const { t } = useTranslation()
  const { moment } = useFormat()
  const scopeName = useScopeName()
  const queryClient = useQueryClient()
  const { id, client, scopes, since, until } = application
  const withdraw = useMutation({
    mutationFn: () => remove(path`/v1/applications/${id}`),
    onSuccess: async () => {
      sayDone(t('connections:applications.withdrawn'))
      await queryClient.invalidateQueries({ queryKey: KEY })
    },
  })
  return (
    <li>
      <Group justify="space-between" py={8}>
        <div>
          <Text fw={600}>{client.name}</Text>
          <Text size="sm">{scopes.map(scopeName).join('. ')}.</Text>
          <Text size="sm" c="dimmed">
            {t('connections:applications.since', { time: moment(since), until: moment(until) })}
          </Text>
        </div>
        <Button
          size="xs"
          variant="default"
          aria-label={t('connections:applications.withdrawThis', { name: client.name })}
          loading={withdraw.isPending}
          onClick={() => withdraw.mutate()}
        >
          {t('connections:applications.withdraw')}
        </Button>
      </Group>
      {withdraw.isError && <ProblemAlert error={withdraw.error} />}
    </li>
  )
}
