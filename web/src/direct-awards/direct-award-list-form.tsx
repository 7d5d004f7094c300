import { Button, FileInput, Stack, Text, TextInput } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { postBytes } from '#web/api/client.ts'
import type { DirectAwardBundle, DirectAwardBundlePreview } from '#web/api/wire.ts'
import { DataTable } from '#web/components/data-table.tsx'
import { FormPanel } from '#web/console/form-panel.tsx'
import { useOrganisation } from '#web/console/organisation-context.ts'
import { useAction } from '#web/console/use-action.ts'
import { AchievementSelect } from './achievement-select.tsx'

/** Nothing is awarded before somebody has seen what would become of each row. */
export function DirectAwardListForm({ onClose }: { readonly onClose: () => void }) {
  const { t } = useTranslation()
  const { id: organisation } = useOrganisation()
  const [achievementId, setAchievementId] = useState('')
  const [name, setName] = useState('')
  const [file, setFile] = useState<File | null>(null)
  const query = { organisation, achievementId, ...(name.trim() === '' ? {} : { name: name.trim() }) }
  const preview = useMutation({
    mutationFn: (csv: File) =>
      postBytes<DirectAwardBundlePreview>('/v1/direct-award-bundles/preview', csv, 'text/csv', query),
  })
  const start = useAction<DirectAwardBundle, File>(
    (csv) => postBytes('/v1/direct-award-bundles', csv, 'text/csv', query),
    t('directAwards:list.started'),
    onClose,
  )
  // What was seen is of that file and that achievement, and of no other.
  const changing =
    <T,>(change: (value: T) => void) =>
    (value: T) => {
      change(value)
      preview.reset()
    }
  const isReady = achievementId !== '' && file !== null
  const { data } = preview
  return (
    <FormPanel
      title={t('directAwards:many')}
      submit={t('directAwards:list.preview')}
      isBusy={preview.isPending}
      error={preview.error ?? start.error}
      onSubmit={(event) => {
        event.preventDefault()
        if (isReady) preview.mutate(file)
      }}
      onCancel={onClose}
      tools={
        data !== undefined &&
        data.good > 0 &&
        file !== null && (
          <Button loading={start.isPending} onClick={() => start.mutate(file)}>
            {t('directAwards:list.start', { count: data.good })}
          </Button>
        )
      }
    >
      <AchievementSelect value={achievementId} onChange={changing(setAchievementId)} />
      <TextInput
        label={t('directAwards:list.name')}
        maxLength={200}
        value={name}
        onChange={({ currentTarget }) => setName(currentTarget.value)}
      />
      <FileInput
        label={t('directAwards:list.file')}
        description={t('directAwards:list.fileHint')}
        required
        accept=".csv,text/csv"
        value={file}
        onChange={changing(setFile)}
      />
      {data !== undefined && <PreviewTable preview={data} />}
    </FormPanel>
  )
}

function PreviewTable({ preview }: { readonly preview: DirectAwardBundlePreview }) {
  const { t } = useTranslation()
  const { good, refused, rows } = preview
  const reason = ({ code, message }: { readonly code: string; readonly message: string }) =>
    code === 'row-invalid' ? message : t(`directAwards:list.codes.${code}`, { defaultValue: message })
  return (
    <Stack gap="xs" role="status">
      <Text>{t('directAwards:list.good', { count: good })}</Text>
      {refused > 0 && (
        <>
          <Text>{t('directAwards:list.refused', { count: refused })}</Text>
          <DataTable
            caption={t('directAwards:list.caption')}
            heads={[t('directAwards:list.row'), t('directAwards:list.column'), t('directAwards:list.fault')]}
            rows={rows.flatMap(({ row, faults }) =>
              faults.map((fault, at) => ({
                key: `${row}.${at}`,
                cells: [row, fault.column, reason(fault)],
              })),
            )}
          />
        </>
      )}
    </Stack>
  )
}
