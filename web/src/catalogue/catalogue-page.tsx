import { Anchor, Group, Stack, Text } from '@mantine/core'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { Link, useSearchParams } from 'react-router'
import { read } from '#web/api/client.ts'
import type { Catalogue } from '#web/api/wire.ts'
import { Loading } from '#web/components/loading.tsx'
import { Page } from '#web/components/page.tsx'
import { ProblemAlert } from '#web/components/problem-alert.tsx'
import styles from '#web/credentials/backpack.module.css'
import { CatalogueCard } from './catalogue-card.tsx'
import { CatalogueFilters } from './catalogue-filters.tsx'
import { useCopyTargets } from './use-copy-targets.ts'

/** `/catalogue?…`: the filters stand in the address, by the names that the API has for them, so that it can be passed on. */
export function CataloguePage() {
  const { t } = useTranslation()
  const [params, setParams] = useSearchParams()
  const { data, error, refetch } = useQuery({
    queryKey: ['catalogue', params.toString()],
    queryFn: () => read<Catalogue>(`/v1/catalogue?${params}`),
    placeholderData: keepPreviousData,
  })
  const targets = useCopyTargets()
  const at = (cursor: string | null): string => {
    const next = new URLSearchParams(params)
    next.delete('cursor')
    if (cursor !== null) next.set('cursor', cursor)
    return `?${next}`
  }
  return (
    <Page title={t('catalogue:title')} lead={t('catalogue:lead')}>
      <CatalogueFilters
        key={params.toString()}
        params={params}
        facets={data?.facets ?? []}
        onChange={(chosen) => setParams(chosen)}
      />
      {error !== null && <ProblemAlert error={error} onRetry={() => void refetch()} />}
      {data === undefined && error === null && <Loading label={t('catalogue:loading')} />}
      {data !== undefined && (
        <Stack>
          <Text role="status" fw={600}>
            {t('catalogue:found', { count: data.total })}
          </Text>
          <ul className={styles['grid']}>
            {data.items.map((entry) => (
              <CatalogueCard key={entry.id} entry={entry} targets={targets} />
            ))}
          </ul>
          {(data.next !== null || params.has('cursor')) && (
            <nav aria-label={t('catalogue:pages')}>
              <Group>
                {params.has('cursor') && (
                  <Anchor component={Link} to={at(null)}>
                    {t('catalogue:first')}
                  </Anchor>
                )}
                {data.next !== null && (
                  <Anchor component={Link} to={at(data.next)}>
                    {t('catalogue:next')}
                  </Anchor>
                )}
              </Group>
            </nav>
          )}
        </Stack>
      )}
    </Page>
  )
}
