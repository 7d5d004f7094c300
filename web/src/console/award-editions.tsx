import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { path, read } from '#web/api/client.ts'
import type { AwardEdition } from '#web/api/wire.ts'
import { Facts } from '#web/components/facts.tsx'
import { Loading } from '#web/components/loading.tsx'
import { ProblemAlert } from '#web/components/problem-alert.tsx'
import { useFormat } from '#web/i18n/use-format.ts'
import { Expandable } from './expandable.tsx'
import { useOrganisation } from './organisation-context.ts'
import { recordsKey } from './use-records.ts'

interface AwardEditionsProps {
  readonly awardId: string
  /** Whose editions: rows repeat the same words. */
  readonly on: string
}

/** Every edition of a badge. Read when it is asked for: most badges have one. */
export function AwardEditions({ awardId, on }: AwardEditionsProps) {
  const { t } = useTranslation()
  return (
    <Expandable show={t('console:awards.showEditions')} hide={t('console:awards.hideEditions')} on={on}>
      <Editions awardId={awardId} />
    </Expandable>
  )
}

function Editions({ awardId }: { readonly awardId: string }) {
  const { t } = useTranslation()
  const { moment } = useFormat()
  const { id: organisation } = useOrganisation()
  const { data, error, refetch } = useQuery({
    queryKey: [...recordsKey(organisation), 'awards', awardId, 'editions'],
    queryFn: () =>
      read<{ items: readonly AwardEdition[] }>(path`/v1/awards/${awardId}/editions`, { organisation }),
  })
  if (data === undefined)
    return error === null ? <Loading /> : <ProblemAlert error={error} onRetry={() => void refetch()} />
  return (
    <ol>
      {data.items.map((edition) => (
        <li key={edition.edition} value={edition.edition}>
          <Facts
            facts={[
              { label: t('console:awards.madeFor'), value: t(`console:awards.causes.${edition.cause}`) },
              { label: t('console:awards.reason'), value: edition.reason },
              {
                label: t('console:awards.signed'),
                value: edition.signedAt === null ? t('console:awards.unsigned') : moment(edition.signedAt),
              },
              {
                label: t('console:awards.over'),
                value: edition.endedBy === null ? undefined : t(`console:awards.ends.${edition.endedBy}`),
              },
            ]}
          />
        </li>
      ))}
    </ol>
  )
}
