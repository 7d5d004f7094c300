import { Button, Stack, Text } from '@mantine/core'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Loading } from '#web/components/loading.tsx'
import { ProblemAlert } from '#web/components/problem-alert.tsx'
import styles from './record.module.css'
import type { Records } from './use-records.ts'

interface RecordListProps<T> {
  readonly records: Records<T>
  /** One `Record` for each. */
  readonly children: (item: T) => ReactNode
}

/** A collection as a list: on its way, refused, empty, or there, with more to come. */
export function RecordList<T>({ records, children }: RecordListProps<T>) {
  const { t } = useTranslation()
  const { items, error } = records
  if (items === undefined) {
    return error === null ? <Loading /> : <ProblemAlert error={error} onRetry={records.refetch} />
  }
  if (items.length === 0) return <Text c="dimmed">{t('components:nothing')}</Text>
  return (
    <Stack>
      <ul className={styles['list']}>{items.map(children)}</ul>
      {error !== null && <ProblemAlert error={error} onRetry={records.more} />}
      {records.hasMore && (
        <div>
          <Button variant="default" loading={records.isFetchingMore} onClick={records.more}>
            {t('components:more')}
          </Button>
        </div>
      )}
    </Stack>
  )
}
