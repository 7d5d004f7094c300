import { List, Progress, Stack, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { HostFetch } from '#web/api/wire.ts'

export const isOpen = (fetch: HostFetch | null): boolean =>
  fetch?.state === 'queued' || fetch?.state === 'running'

interface HostFetchReportProps {
  readonly fetch: HostFetch
  /** Of the other backpack or wallet. */
  readonly name: string
}

/** How far a fetch of badges is, and what became of them: kept, known, and refused for which reasons. */
export function HostFetchReport({ fetch, name }: HostFetchReportProps) {
  const { t } = useTranslation()
  const { state, done, total, created, replaced, known, error } = fetch
  const reasons = Object.entries(fetch.refused)
  const refused = reasons.reduce((sum, [, count]) => sum + count, 0)
  const words = t('connections:hosts.done', { created, replaced, known, refused })
  const progress =
    total === null
      ? t('connections:hosts.progress', { done })
      : t('connections:hosts.progressOf', { done, total: Math.max(done, total) })
  return (
    <Stack gap={4}>
      {isOpen(fetch) && (
        <Progress.Root>
          <Progress.Section
            value={total === null || total === 0 ? 0 : Math.min(100, (100 * done) / total)}
            aria-label={t('connections:hosts.progressOfThis', { name })}
          />
        </Progress.Root>
      )}
      {/* Spoken when it begins and when it is over, with what came of it; the count in between is there to be looked up. */}
      <Text size="sm" role="status">
        {t(`connections:hosts.fetchStates.${state}`)} {!isOpen(fetch) && words}
      </Text>
      {isOpen(fetch) && (
        <Text size="sm">
          {progress} {words}
        </Text>
      )}
      {error !== null && (
        <Text size="sm">
          {t(`problems:${error.code}`, { defaultValue: error.code })} <span lang="en">{error.reason}</span>
        </Text>
      )}
      {reasons.length > 0 && (
        <List size="sm" aria-label={t('connections:hosts.reasons')}>
          {reasons.map(([code, count]) => (
            <List.Item key={code}>
              {count} ×{' '}
              {t(`connections:hosts.refusals.${code}`, {
                defaultValue: t(`problems:${code}`, { defaultValue: code }),
              })}
            </List.Item>
          ))}
        </List>
      )}
    </Stack>
  )
}
