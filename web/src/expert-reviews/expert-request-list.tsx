import { Button, Stack, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { act, path, read } from '#web/api/client.ts'
import type { AchievementVersion, ExpertReviews } from '#web/api/wire.ts'
import { Loading } from '#web/components/loading.tsx'
import type { Tone } from '#web/components/notice.tsx'
import { ProblemAlert } from '#web/components/problem-alert.tsx'
import { ActionButton } from '#web/console/action-button.tsx'
import { ConfirmButton } from '#web/console/confirm-button.tsx'
import { useOrganisation } from '#web/console/organisation-context.ts'
import styles from '#web/console/record.module.css'
import { Record } from '#web/console/record.tsx'
import { recordsKey } from '#web/console/use-records.ts'
import { useFormat } from '#web/i18n/use-format.ts'
import { ExpertRequestForm } from './expert-request-form.tsx'

type Review = ExpertReviews['items'][number]

interface ExpertRequestListProps {
  readonly achievementId: string
  readonly version: AchievementVersion
}

/** Experts from outside who were asked about a version, and what they said. */
export function ExpertRequestList({ achievementId, version }: ExpertRequestListProps) {
  const { t } = useTranslation()
  const { id: organisation } = useOrganisation()
  const [isAsking, setAsking] = useState(false)
  const to = path`/v1/achievements/${achievementId}/versions/${String(version.version)}/expert-reviews`
  const { data, error, refetch } = useQuery({
    queryKey: [...recordsKey(organisation), to],
    queryFn: () => read<ExpertReviews>(to, { organisation }),
  })
  if (data === undefined)
    return error === null ? <Loading /> : <ProblemAlert error={error} onRetry={() => void refetch()} />
  const { have, need, disagree, stale } = data.standing
  return (
    <Stack mt="sm">
      <Text>{t('expertRequests:standing', { have, need, disagree, stale })}</Text>
      {data.items.length === 0 ? (
        <Text c="dimmed">{t('components:nothing')}</Text>
      ) : (
        <ul className={styles['list']}>
          {data.items.map((review) => (
            <ExpertRequest key={review.id} review={review} />
          ))}
        </ul>
      )}
      {isAsking ? (
        <ExpertRequestForm to={to} onClose={() => setAsking(false)} />
      ) : (
        (version.state === 'in_review' || version.state === 'approved') && (
          <div>
            <Button size="xs" onClick={() => setAsking(true)}>
              {t('expertRequests:ask')}
            </Button>
          </div>
        )
      )}
    </Stack>
  )
}

function ExpertRequest({ review }: { readonly review: Review }) {
  const { t } = useTranslation()
  const { moment } = useFormat()
  const { id: organisation } = useOrganisation()
  const { answer } = review
  const isOpen = review.state === 'requested' || review.state === 'viewed'
  return (
    <Record
      order={3}
      title={review.email}
      state={{ tone: toneOf(review), label: t(`expertRequests:states.${review.state}`) }}
      facts={[
        { label: t('expertRequests:asked'), value: moment(review.requestedAt) },
        { label: t('expertRequests:message'), value: review.message },
        { label: t('expertRequests:expires'), value: isOpen ? moment(review.expiresAt) : undefined },
        {
          label: t('expertRequests:verdict'),
          value: answer === null ? undefined : t(`expertReviews:verdicts.${answer.verdict}`),
        },
        { label: t('expertRequests:remarks'), value: answer?.remarks },
        {
          label: t('expertRequests:who'),
          value: [answer?.name, answer?.organisation, answer?.qualification]
            .filter((part) => part !== undefined && part !== null)
            .join(', '),
        },
        {
          label: t('expertRequests:counts'),
          value: answer?.stale === true ? t('expertRequests:stale') : undefined,
        },
      ]}
      {...(isOpen
        ? {
            actions: (
              <>
                <ActionButton
                  label={t('people:resend')}
                  on={review.email}
                  done={t('expertRequests:sent')}
                  run={() => act(path`/v1/expert-reviews/${review.id}/resend`, undefined, { organisation })}
                />
                <ConfirmButton
                  label={t('expertRequests:withdraw')}
                  on={review.email}
                  title={t('expertRequests:withdrawTitle')}
                  text={t('expertRequests:withdrawText')}
                  done={t('expertRequests:withdrawn')}
                  run={() => act(path`/v1/expert-reviews/${review.id}/withdraw`, undefined, { organisation })}
                />
              </>
            ),
          }
        : {})}
    />
  )
}

function toneOf({ state, answer }: Review): Tone {
  if (state === 'requested' || state === 'viewed') return 'doubt'
  if (answer === null || answer.stale) return 'quiet'
  return answer.verdict === 'disagrees' ? 'bad' : 'good'
}
