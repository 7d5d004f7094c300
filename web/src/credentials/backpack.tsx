import { Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { read } from '#web/api/client.ts'
import type { BackpackItem, List } from '#web/api/wire.ts'
import { Loading } from '#web/components/loading.tsx'
import { Panel } from '#web/components/panel.tsx'
import { ProblemAlert } from '#web/components/problem-alert.tsx'
import styles from './backpack.module.css'
import { BackpackCard } from './backpack-card.tsx'

/** All badges that the signed-in person has claimed. */
export function Backpack() {
  const { t, i18n } = useTranslation()
  const { language } = i18n
  const { data, error, refetch } = useQuery({
    queryKey: ['backpack', language],
    queryFn: () => read<List<BackpackItem>>('/v1/backpack', { language }),
  })
  if (data === undefined) {
    return error === null ? (
      <Loading label={t('credentials:backpack.loading')} />
    ) : (
      <ProblemAlert error={error} onRetry={() => void refetch()} />
    )
  }
  if (data.items.length === 0) {
    return (
      <Panel>
        <Text>{t('credentials:backpack.empty')}</Text>
      </Panel>
    )
  }
  return (
    <ul className={styles['grid']}>
      {data.items.map((item) => (
        <BackpackCard key={item.credentialId} item={item} />
      ))}
    </ul>
  )
}
