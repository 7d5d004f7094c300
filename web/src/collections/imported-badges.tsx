import { Button, FileButton, Group, Stack, Text } from '@mantine/core'
import { Dropzone } from '@mantine/dropzone'
import { IconUpload } from '@tabler/icons-react'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { act, path, postBytes, read, remove } from '#web/api/client.ts'
import type { ImportedBadge, List } from '#web/api/wire.ts'
import { Panel } from '#web/components/panel.tsx'
import { Pill } from '#web/components/pill.tsx'
import { ProblemAlert } from '#web/components/problem-alert.tsx'
import { useFormat } from '#web/i18n/use-format.ts'

const KEY = ['imported-badges']
const ACCEPTED =
  '.json,.jsonld,.jwt,.jws,.png,.svg,.pdf,application/json,application/jwt,image/png,image/svg+xml,application/pdf'
const TONES = { valid: 'good', invalid: 'bad', undecided: 'doubt' } as const

/** Badges of others that the earner keeps here: brought as a file, checked again, removed. */
export function ImportedBadges() {
  const { t } = useTranslation()
  const queryClient = useQueryClient()
  const refresh = () => queryClient.invalidateQueries({ queryKey: KEY })
  const { data, error } = useQuery({
    queryKey: KEY,
    queryFn: () => read<List<ImportedBadge>>('/v1/backpack/imported'),
  })
  const bring = useMutation({
    // What a file is, shows in its bytes; what its name says does not count.
    mutationFn: (file: File) => postBytes('/v1/backpack/imported', file, 'application/octet-stream'),
    onSuccess: refresh,
  })
  return (
    <Panel title={t('collections:imported.title')}>
      <Stack>
        <Text>{t('collections:imported.lead')}</Text>
        <Dropzone
          onDrop={([file]) => file !== undefined && bring.mutate(file)}
          loading={bring.isPending}
          multiple={false}
          activateOnClick={false}
          activateOnKeyboard={false}
          p="sm"
        >
          <Group>
            <FileButton accept={ACCEPTED} onChange={(file) => file !== null && bring.mutate(file)}>
              {(props) => (
                <Button variant="light" leftSection={<IconUpload size={18} aria-hidden />} {...props}>
                  {t('collections:imported.bring')}
                </Button>
              )}
            </FileButton>
            <Text size="sm" c="dimmed">
              {t('collections:imported.drop')}
            </Text>
          </Group>
        </Dropzone>
        {bring.isError && <ProblemAlert error={bring.error} />}
        {error !== null && <ProblemAlert error={error} />}
        {data?.items.length === 0 && <Text c="dimmed">{t('collections:imported.none')}</Text>}
        {data !== undefined && data.items.length > 0 && (
          <ul style={{ listStyle: 'none', margin: 0, padding: 0 }}>
            {data.items.map((badge) => (
              <ImportedRow key={badge.id} badge={badge} onChanged={() => void refresh()} />
            ))}
          </ul>
        )}
      </Stack>
    </Panel>
  )
}

function ImportedRow({
  badge,
  onChanged,
}: {
  readonly badge: ImportedBadge
  readonly onChanged: () => void
}) {
  const { t } = useTranslation()
  const { moment } = useFormat()
  const own = path`/v1/backpack/imported/${badge.id}`
  const recheck = useMutation({ mutationFn: () => act(`${own}/recheck`), onSuccess: onChanged })
  const drop = useMutation({ mutationFn: () => remove(own), onSuccess: onChanged })
  const name = badge.name ?? t('collections:imported.unnamed')
  const issuer =
    badge.issuer?.domain ?? badge.issuer?.name ?? badge.issuer?.id ?? t('collections:imported.unknownIssuer')
  const failed = recheck.error ?? drop.error
  return (
    <li>
      <Group justify="space-between" py={8}>
        <div>
          <Text fw={600}>{name}</Text>
          <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
            {t('collections:imported.by', { issuer })}
          </Text>
          <Text size="sm">{t(`collections:imported.holders.${badge.matchesHolder}`)}</Text>
          <Text size="sm" c="dimmed">
            {t('collections:imported.checked', { time: moment(badge.checkedAt) })}
          </Text>
        </div>
        <Group gap="xs">
          <Pill tone={TONES[badge.verdict]}>{t(`collections:imported.verdicts.${badge.verdict}`)}</Pill>
          <Button
            size="xs"
            variant="default"
            aria-label={t('collections:imported.recheckThis', { name })}
            loading={recheck.isPending}
            onClick={() => recheck.mutate()}
          >
            {t('collections:imported.recheck')}
          </Button>
          <Button
            size="xs"
            variant="default"
            aria-label={t('collections:imported.removeThis', { name })}
            loading={drop.isPending}
            onClick={() => drop.mutate()}
          >
            {t('collections:imported.remove')}
          </Button>
        </Group>
      </Group>
      {failed !== null && <ProblemAlert error={failed} />}
    </li>
  )
}
