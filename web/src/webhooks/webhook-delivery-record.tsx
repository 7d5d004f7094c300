import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { act, path, read } from '#web/api/client.ts'
import type { WebhookDelivery, WebhookDeliveryDetail } from '#web/api/wire.ts'
import { DataTable } from '#web/components/data-table.tsx'
import { JsonView } from '#web/components/json-view.tsx'
import { Loading } from '#web/components/loading.tsx'
import type { Tone } from '#web/components/notice.tsx'
import { ProblemAlert } from '#web/components/problem-alert.tsx'
import { ActionButton } from '#web/console/action-button.tsx'
import { useOrganisation } from '#web/console/organisation-context.ts'
import { Record } from '#web/console/record.tsx'
import { recordsKey } from '#web/console/use-records.ts'
import { useFormat } from '#web/i18n/use-format.ts'

const TONES: Readonly<{ [state in WebhookDelivery['state']]: Tone }> = {
  waiting: 'quiet',
  delivered: 'good',
  failed: 'bad',
  skipped: 'doubt',
}

interface WebhookDeliveryRecordProps {
  readonly webhookId: string
  readonly delivery: WebhookDelivery
  readonly canReplay: boolean
}

/** One line of the log, which opens to what was sent and how each attempt went. */
export function WebhookDeliveryRecord({ webhookId, delivery, canReplay }: WebhookDeliveryRecordProps) {
  const { t } = useTranslation()
  const { id: organisation } = useOrganisation()
  const { moment } = useFormat()
  const [isOpen, setOpen] = useState(false)
  const own = path`/v1/webhooks/${webhookId}/deliveries/${delivery.id}`
  const name = `${delivery.type}, ${moment(delivery.occurredAt)}`
  return (
    <Record
      order={3}
      title={<code>{delivery.type}</code>}
      state={{ tone: TONES[delivery.state], label: t(`webhooks:states.${delivery.state}`) }}
      facts={[
        { label: t('webhooks:occurred'), value: moment(delivery.occurredAt) },
        { label: t('webhooks:attempts'), value: String(delivery.attempts) },
        {
          label: t('webhooks:next'),
          value: delivery.nextAttemptAt === null ? undefined : moment(delivery.nextAttemptAt),
        },
      ]}
      actions={
        <>
          <Button
            size="xs"
            variant="default"
            aria-expanded={isOpen}
            aria-label={`${t('webhooks:details')}: ${name}`}
            onClick={() => setOpen(!isOpen)}
          >
            {t('webhooks:details')}
          </Button>
          {canReplay && (
            <ActionButton
              label={t('webhooks:replay')}
              on={name}
              done={t('webhooks:replayed')}
              run={() => act(`${own}/replay`, undefined, { organisation })}
            />
          )}
        </>
      }
    >
      {isOpen && <DeliveryDetail own={own} />}
    </Record>
  )
}

function DeliveryDetail({ own }: { readonly own: string }) {
  const { t, i18n } = useTranslation()
  const { id: organisation } = useOrganisation()
  const { moment } = useFormat()
  const { data, error, refetch } = useQuery({
    queryKey: [...recordsKey(organisation), own],
    queryFn: () => read<WebhookDeliveryDetail>(own, { organisation }),
  })
  if (data === undefined)
    return error === null ? <Loading /> : <ProblemAlert error={error} onRetry={() => void refetch()} />
  const reason = (error: string | null) =>
    i18n.exists(`webhooks:errors.${error}`) ? t(`webhooks:errors.${error}`) : error
  return (
    <>
      {data.log.length > 0 && (
        <DataTable
          caption={t('webhooks:attempts')}
          heads={[t('webhooks:attempt'), t('webhooks:status'), t('webhooks:latency'), t('webhooks:answer')]}
          rows={data.log.map(({ at, status, error, latencyMs, answer }) => ({
            key: at,
            cells: [
              moment(at),
              status ?? reason(error),
              t('webhooks:milliseconds', { n: latencyMs }),
              (answer ?? '').slice(0, 200),
            ],
          }))}
        />
      )}
      <JsonView label={t('webhooks:payload')} value={data.payload} />
    </>
  )
}
