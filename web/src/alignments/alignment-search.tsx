import { Button, Group, Stack, Text, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { read } from '#web/api/client.ts'
import type { AlignmentTarget, List } from '#web/api/wire.ts'
import { DataTable } from '#web/components/data-table.tsx'
import { Loading } from '#web/components/loading.tsx'
import { ProblemAlert } from '#web/components/problem-alert.tsx'
import { useOrganisation } from '#web/console/organisation-context.ts'
import type { Alignment } from './alignment-fields.tsx'

interface AlignmentSearchProps {
  /** Without it, what is found is only shown. */
  readonly onPick?: (alignment: Alignment) => void
}

/** Finds levels and competences by their words. It stands within a form, and is none of its own. */
export function AlignmentSearch({ onPick }: AlignmentSearchProps) {
  const { t, i18n } = useTranslation()
  const { id: organisation } = useOrganisation()
  const [words, setWords] = useState('')
  const [asked, setAsked] = useState('')
  const { data, error, isFetching } = useQuery({
    queryKey: ['alignment-targets', organisation, asked, i18n.language],
    queryFn: () =>
      read<List<AlignmentTarget>>('/v1/alignment-targets', {
        organisation,
        q: asked,
        language: i18n.language,
        limit: '20',
      }),
    enabled: asked !== '',
  })
  return (
    <Stack gap="sm">
      <Group align="flex-end">
        <TextInput
          style={{ flex: 1 }}
          label={t('alignments:words')}
          description={t('alignments:wordsHint')}
          maxLength={200}
          value={words}
          onChange={({ currentTarget }) => setWords(currentTarget.value)}
          onKeyDown={(event) => {
            if (event.key !== 'Enter') return
            event.preventDefault()
            setAsked(words.trim())
          }}
        />
        <Button variant="default" onClick={() => setAsked(words.trim())}>
          {t('alignments:search')}
        </Button>
      </Group>
      {error !== null && <ProblemAlert error={error} />}
      {isFetching && <Loading />}
      {data?.items.length === 0 && <Text role="status">{t('alignments:none')}</Text>}
      {data !== undefined && data.items.length > 0 && (
        <DataTable
          caption={t('alignments:found')}
          heads={[
            t('alignments:name'),
            t('alignments:framework'),
            t('alignments:code'),
            ...(onPick === undefined ? [] : [t('alignments:choose')]),
          ]}
          rows={data.items.map(({ alignment }) => ({
            key: `${alignment.targetUrl} ${alignment.targetCode} ${alignment.targetName}`,
            cells: [
              alignment.targetName,
              alignment.targetFramework ?? '',
              alignment.targetCode ?? '',
              onPick !== undefined && (
                <Button
                  key="add"
                  size="xs"
                  variant="light"
                  aria-label={`${t('alignments:add')}: ${alignment.targetName}`}
                  onClick={() => onPick(alignment)}
                >
                  {t('alignments:add')}
                </Button>
              ),
            ],
          }))}
        />
      )}
    </Stack>
  )
}
