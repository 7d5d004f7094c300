import { Button, Stack, Title } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { AlignmentSearch } from '#web/alignments/alignment-search.tsx'
import type { Framework, Job } from '#web/api/wire.ts'
import { DataTable } from '#web/components/data-table.tsx'
import { Loading } from '#web/components/loading.tsx'
import { Panel } from '#web/components/panel.tsx'
import { ProblemAlert } from '#web/components/problem-alert.tsx'
import { RecordList } from '#web/console/record-list.tsx'
import { useRecords } from '#web/console/use-records.ts'
import { useFormat } from '#web/i18n/use-format.ts'
import { isOpen } from '#web/rules/use-job.ts'
import { FrameworkImportForm } from './framework-import-form.tsx'
import { FrameworkImportRecord } from './framework-import-record.tsx'

/** `/console/ORGANISATION/frameworks`: what achievements can be aligned to, and how more comes in. */
export function FrameworksSection() {
  const { t } = useTranslation()
  const [isImporting, setImporting] = useState(false)
  const imports = useRecords<Job>('jobs', { kind: 'framework_import', limit: '5' }, isOpen)
  return (
    <Stack gap="lg">
      {isImporting ? (
        <FrameworkImportForm onClose={() => setImporting(false)} />
      ) : (
        <div>
          <Button onClick={() => setImporting(true)}>{t('frameworks:import')}</Button>
        </div>
      )}
      {imports.items !== undefined && imports.items.length > 0 && (
        <Stack gap="sm">
          <Title order={2} size="h3">
            {t('frameworks:imports')}
          </Title>
          <RecordList records={imports}>
            {(job) => <FrameworkImportRecord key={job.id} id={job.id} />}
          </RecordList>
        </Stack>
      )}
      <Panel title={t('frameworks:search')}>
        <AlignmentSearch />
      </Panel>
      <AllFrameworks />
    </Stack>
  )
}

function AllFrameworks() {
  const { t } = useTranslation()
  const { number } = useFormat()
  const { items, error, refetch } = useRecords<Framework>('frameworks')
  if (items === undefined)
    return error === null ? <Loading /> : <ProblemAlert error={error} onRetry={refetch} />
  return (
    <DataTable
      caption={t('frameworks:all')}
      heads={[
        t('frameworks:name'),
        t('frameworks:edition'),
        t('frameworks:targets'),
        t('frameworks:publisher'),
        t('frameworks:licence'),
      ]}
      rows={items.map(({ id, name, edition, targets, publisher, licence }) => ({
        key: id,
        cells: [name, edition ?? t('frameworks:bundled'), number(targets), publisher, licence],
      }))}
    />
  )
}
