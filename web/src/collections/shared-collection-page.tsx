import { Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { Link, useParams, useSearchParams } from 'react-router'
import { textFor } from '#web/achievements/text-for.ts'
import { ApiProblem } from '#web/api/api-problem.ts'
import { path, read } from '#web/api/client.ts'
import type { SharedCollection } from '#web/api/wire.ts'
import { BadgePicture } from '#web/components/badge-picture.tsx'
import { Loading } from '#web/components/loading.tsx'
import { Page } from '#web/components/page.tsx'
import { Pill } from '#web/components/pill.tsx'
import { ProblemAlert } from '#web/components/problem-alert.tsx'
import { useNoIndex } from '#web/components/use-no-index.ts'
import styles from '#web/credentials/backpack.module.css'
import { useFormat } from '#web/i18n/use-format.ts'

/** `/collections/ID`, and with `?share=TOKEN` for whoever got its link. */
export function SharedCollectionPage() {
  const { t, i18n } = useTranslation()
  const { day } = useFormat()
  const { id = '' } = useParams()
  const [query] = useSearchParams()
  const share = query.get('share') ?? undefined
  const { data, error, refetch } = useQuery({
    queryKey: ['shared-collection', id, share],
    queryFn: () => read<SharedCollection>(path`/v1/public/collections/${id}`, { share }),
  })
  useNoIndex(share !== undefined || data === undefined)
  if (data === undefined) {
    if (error === null) return <Loading label={t('collections:shared.loading')} />
    const isClosed = error instanceof ApiProblem && [400, 404].includes(error.status)
    return isClosed ? (
      <Page title={t('collections:shared.closedTitle')} lead={t('collections:shared.closedText')} />
    ) : (
      <ProblemAlert error={error} onRetry={() => void refetch()} />
    )
  }
  const inLanguage = (text: Readonly<Record<string, string>>) => textFor(text, i18n.language, 'en') ?? ''
  return (
    <Page
      eyebrow={t('collections:shared.eyebrow')}
      title={inLanguage(data.name)}
      lead={inLanguage(data.description)}
    >
      {data.badges.length === 0 && <Text>{t('collections:shared.none')}</Text>}
      <ul className={styles['grid']}>
        {data.badges.map((badge) => (
          <li key={badge.credentialId} className={styles['card']}>
            <BadgePicture url={badge.image ?? undefined} name="" size={112} />
            <div>
              <Link to={ownPath(badge.page)} className={styles['link'] ?? ''}>
                {inLanguage(badge.achievementName)}
              </Link>
              <Text size="sm">{badge.issuerDomain}</Text>
              <Text size="sm" c="dimmed">
                {badge.issuerName}
              </Text>
              <Text size="sm" c="dimmed">
                {day(badge.awardedAt)}
              </Text>
            </div>
            {badge.test && <Pill tone="doubt">{t('components:test.title')}</Pill>}
            {badge.state !== 'issued' && (
              <Pill tone={badge.state === 'revoked' ? 'bad' : 'doubt'}>
                {t(`credentials:states.${badge.state}`)}
              </Pill>
            )}
          </li>
        ))}
      </ul>
    </Page>
  )
}

/** The address of a page here without its origin. */
function ownPath(address: string): string {
  const { pathname, search } = new URL(address)
  return pathname + search
}
