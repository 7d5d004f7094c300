import { Button, Group, NativeSelect, Stack, Text } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { act, path } from '#web/api/client.ts'
import type { Webhook, WebhookDelivery } from '#web/api/wire.ts'
import { Panel } from '#web/components/panel.tsx'
import { ActionButton } from '#web/console/action-button.tsx'
import { useOrganisation } from '#web/console/organisation-context.ts'
import { RecordList } from '#web/console/record-list.tsx'
import { StateFilter } from '#web/console/state-filter.tsx'
import { useRecords } from '#web/console/use-records.ts'
import { WebhookDeliveryRecord } from './webhook-delivery-record.tsx'

const STATES = ['waiting', 'delivered', 'failed', 'skipped'] as const
const HOUR_MS = 3_600_000
const SPANS = { hour: HOUR_MS, day: 24 * HOUR_MS, week: 168 * HOUR_MS, month: 720 * HOUR_MS } as const
type Span = keyof typeof SPANS
const SPAN_NAMES = Object.keys(SPANS) as readonly Span[]

/** What an endpoint was told, and a way to have it told again. */
export function WebhookLog({ webhook }: { readonly webhook: Webhook }) {
  const { t } = useTranslation()
  const { id: organisation } = useOrganisation()
  const [state, setState] = useState<(typeof STATES)[number]>()
  const [span, setSpan] = useState<Span>('day')
  const deliveries = useRecords<WebhookDelivery>(`webhooks/${webhook.id}/deliveries`, { state })
  const replayAll = () =>
    act(
      path`/v1/webhooks/${webhook.id}/deliveries/replay`,
      { since: new Date(Date.now() - SPANS[span]).toISOString() },
      { organisation },
    )
  return (
    <Panel title={t('webhooks:logOf', { name: webhook.description })}>
      <Stack>
        <Text c="dimmed">{t('webhooks:logText')}</Text>
        <Group align="flex-end">
          <StateFilter
            label={t('webhooks:state')}
            states={STATES}
            name={(each) => t(`webhooks:states.${each}`)}
            value={state}
            onChange={setState}
          />
          <Button variant="default" onClick={deliveries.refetch}>
            {t('webhooks:refresh')}
          </Button>
        </Group>
        {webhook.enabled && (
          <Group align="flex-end">
            <NativeSelect
              label={t('webhooks:since')}
              value={span}
              data={SPAN_NAMES.map((each) => ({ value: each, label: t(`webhooks:spans.${each}`) }))}
              onChange={({ currentTarget }) =>
                setSpan(SPAN_NAMES.find((each) => each === currentTarget.value) ?? 'day')
              }
            />
            <ActionButton
              label={t('webhooks:replayAll')}
              on={webhook.description}
              done={t('webhooks:replayedAll')}
              run={replayAll}
            />
          </Group>
        )}
        <RecordList records={deliveries}>
          {(delivery) => (
            <WebhookDeliveryRecord
              key={delivery.id}
              webhookId={webhook.id}
              delivery={delivery}
              canReplay={webhook.enabled}
            />
          )}
        </RecordList>
      </Stack>
    </Panel>
  )
}
