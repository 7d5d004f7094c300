import { Button, Group, Stack, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { act, path } from '#web/api/client.ts'
import type { AwardChange, AwardChangeItem } from '#web/api/wire.ts'
import { DataTable } from '#web/components/data-table.tsx'
import { Loading } from '#web/components/loading.tsx'
import { ProblemAlert } from '#web/components/problem-alert.tsx'
import { ConfirmButton } from '#web/console/confirm-button.tsx'
import { useOrganisation } from '#web/console/organisation-context.ts'
import { useRecords } from '#web/console/use-records.ts'

interface AwardChangeItemsProps {
  readonly change: AwardChange
  readonly on: string
}

/** The list that was prepared. Whoever confirms it has it before them: the digest names what is in it. */
export function AwardChangeItems({ change, on }: AwardChangeItemsProps) {
  const { t } = useTranslation()
  const { id: organisation } = useOrganisation()
  const { items, error, refetch, hasMore, isFetchingMore, more } = useRecords<AwardChangeItem>(
    `award-changes/${change.id}/items`,
    {},
    // Also once the counts say that all is done: these may have been read a moment before.
    ({ outcome }) => change.state === 'confirmed' && outcome === null,
  )
  if (items === undefined)
    return error === null ? <Loading /> : <ProblemAlert error={error} onRetry={refetch} />
  return (
    <Stack mt="sm">
      <DataTable
        caption={t('awardChanges:list')}
        heads={[
          t('awardChanges:award'),
          t('awardChanges:person'),
          t('awardChanges:action'),
          t('awardChanges:outcome'),
        ]}
        rows={items.map(({ awardId, subjectId, action, outcome }) => ({
          key: awardId,
          cells: [
            <code key="award">{awardId}</code>,
            <code key="person">{subjectId}</code>,
            t(`awardChanges:actions.${action}`),
            outcome === null ? '—' : t(`awardChanges:outcomes.${outcome}`),
          ],
        }))}
      />
      <Group>
        {hasMore && (
          <Button variant="default" size="xs" loading={isFetchingMore} onClick={more}>
            {t('components:more')}
          </Button>
        )}
        {change.state === 'prepared' && (
          <ConfirmButton
            label={t('awardChanges:confirm')}
            on={on}
            title={t('awardChanges:confirmTitle', { count: change.count })}
            text={t('awardChanges:confirmText')}
            done={t('awardChanges:confirmed')}
            run={() =>
              act(path`/v1/award-changes/${change.id}/confirm`, { digest: change.digest }, { organisation })
            }
          />
        )}
      </Group>
      {change.state === 'prepared' && change.needsSecondPerson && <Text>{t('awardChanges:secondText')}</Text>}
    </Stack>
  )
}
