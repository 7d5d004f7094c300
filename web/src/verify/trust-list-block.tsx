import { Group, Stack, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { Panel } from '#web/components/panel.tsx'
import { Pill } from '#web/components/pill.tsx'
import { useFormat } from '#web/i18n/use-format.ts'
import type { WireReport } from './wire-report.ts'

/** Which lists were looked at, of whom, as of when; one that counts for nothing says so, and why. */
export function TrustListBlock({ lists }: { readonly lists: WireReport['trustLists'] }) {
  const { t } = useTranslation()
  const { moment } = useFormat()
  return (
    <Panel title={t('report:lists.title')}>
      <Stack gap="md">
        {lists.map((list, at) => (
          <div key={at}>
            <Group justify="space-between" gap="xs">
              <Text fw={600}>{list.from}</Text>
              <Pill tone={list.outcome === 'passed' ? 'good' : 'doubt'}>
                {t(list.outcome === 'passed' ? 'report:lists.counts' : 'report:lists.useless')}
              </Pill>
            </Group>
            {list.name !== undefined && (
              <Text size="sm">
                {t('report:lists.of', {
                  name: list.name,
                  version: list.version,
                  publisher: list.publisher?.domain ?? list.publisher?.id ?? '',
                  time: list.signedAt === undefined ? '' : moment(list.signedAt),
                })}
              </Text>
            )}
            <Text size="sm">{t(`checks:${list.code}`)}</Text>
            {list.outcome !== 'passed' && (
              <Text size="sm" c="dimmed" lang="en">
                {list.detail} ({list.code})
              </Text>
            )}
          </div>
        ))}
      </Stack>
    </Panel>
  )
}
