import { Button, NativeSelect, Stack, Text } from '@mantine/core'
import { useInfiniteQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { act } from '#web/api/client.ts'
import type { BlastRadius, RadiusCause } from '#web/api/wire.ts'
import { CountBars } from '#web/components/count-bars.tsx'
import { DataTable } from '#web/components/data-table.tsx'
import { Loading } from '#web/components/loading.tsx'
import { Panel } from '#web/components/panel.tsx'
import { ProblemAlert } from '#web/components/problem-alert.tsx'
import { useOrganisation } from '#web/console/organisation-context.ts'
import { useAchievementNames } from '#web/console/use-achievement-names.ts'
import { recordsKey } from '#web/console/use-records.ts'
import { useFormat } from '#web/i18n/use-format.ts'
import { REPAIR_ACTIONS, type RepairAction } from './repair-action.ts'
import { RepairForm } from './repair-form.tsx'

/** Every award that rests on it, and what is to become of them. */
export function RadiusReport({ cause }: { readonly cause: RadiusCause }) {
  const { t } = useTranslation()
  const { moment } = useFormat()
  const { id: organisation } = useOrganisation()
  const nameOf = useAchievementNames()
  const [otherwise, setOtherwise] = useState<ReadonlyMap<string, RepairAction>>(new Map())
  const { data, error, refetch, hasNextPage, isFetchingNextPage, fetchNextPage } = useInfiniteQuery({
    queryKey: [...recordsKey(organisation), 'blast-radius', cause],
    queryFn: ({ pageParam }) =>
      act<BlastRadius>('/v1/blast-radius', cause, { organisation, cursor: pageParam }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ next }) => next ?? undefined,
  })
  const [first] = data?.pages ?? []
  if (data === undefined || first === undefined)
    return error === null ? <Loading /> : <ProblemAlert error={error} onRetry={() => void refetch()} />
  if (first.total === 0) return <Text role="status">{t('blastRadius:nothing')}</Text>
  const awards = data.pages.flatMap(({ items }) => items)
  const choose = (awardId: string, action: string) => {
    const next = new Map(otherwise)
    const wanted = REPAIR_ACTIONS.find((each) => each === action)
    if (wanted === undefined) next.delete(awardId)
    else next.set(awardId, wanted)
    setOtherwise(next)
  }
  return (
    <Stack gap="lg">
      <Panel title={t('blastRadius:total', { count: first.total })}>
        <Stack>
          <CountBars
            caption={t('blastRadius:byState')}
            heads={[t('console:state'), t('blastRadius:count')]}
            counts={Object.entries(first.byState).map(([state, count]) => ({
              label: t(`console:awards.states.${state}`),
              count,
            }))}
          />
          <Text>{t('blastRadius:verdictsText')}</Text>
          <DataTable
            caption={t('blastRadius:awards')}
            heads={[
              t('blastRadius:achievement'),
              t('blastRadius:person'),
              t('console:state'),
              t('blastRadius:granted'),
              t('blastRadius:verdict'),
              t('blastRadius:otherwise'),
            ]}
            rows={awards.map(({ awardId, achievementId, subjectId, state, grantedAt, verdict }) => ({
              key: awardId,
              cells: [
                nameOf(achievementId),
                <code key="person">{subjectId}</code>,
                t(`console:awards.states.${state}`),
                moment(grantedAt),
                t(`blastRadius:verdicts.${verdict}`),
                <NativeSelect
                  key="otherwise"
                  size="xs"
                  aria-label={t('blastRadius:otherwiseOf', {
                    name: nameOf(achievementId),
                    subject: subjectId,
                  })}
                  value={otherwise.get(awardId) ?? ''}
                  data={[
                    { value: '', label: t('blastRadius:asVerdict') },
                    ...REPAIR_ACTIONS.map((action) => ({
                      value: action,
                      label: t(`blastRadius:actions.${action}`),
                    })),
                  ]}
                  onChange={({ currentTarget }) => choose(awardId, currentTarget.value)}
                />,
              ],
            }))}
          />
          {error !== null && <ProblemAlert error={error} onRetry={() => void fetchNextPage()} />}
          {hasNextPage && (
            <div>
              <Button variant="default" loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>
                {t('components:more')}
              </Button>
            </div>
          )}
        </Stack>
      </Panel>
      <RepairForm cause={cause} otherwise={otherwise} />
    </Stack>
  )
}
