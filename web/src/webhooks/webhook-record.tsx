import { Button } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { act, change, path, remove } from '#web/api/client.ts'
import type { Webhook, WebhookWithSecret } from '#web/api/wire.ts'
import { ActionButton } from '#web/console/action-button.tsx'
import { ConfirmButton } from '#web/console/confirm-button.tsx'
import { useOrganisation } from '#web/console/organisation-context.ts'
import { Record } from '#web/console/record.tsx'
import { useFormat } from '#web/i18n/use-format.ts'
import { UnitName } from '#web/people/unit-name.tsx'
import { WebhookLog } from './webhook-log.tsx'

interface WebhookRecordProps {
  readonly webhook: Webhook
  readonly isLogOpen: boolean
  readonly onLog: (isOpen: boolean) => void
  readonly onSecret: (secret: string | null) => void
}

export function WebhookRecord({ webhook, isLogOpen, onLog, onSecret }: WebhookRecordProps) {
  const { t } = useTranslation()
  const { id: organisation } = useOrganisation()
  const { moment } = useFormat()
  const { description: name, enabled, disabledReason, revision } = webhook
  const own = path`/v1/webhooks/${webhook.id}`
  const timeOf = (time: string | null) => (time === null ? undefined : moment(time))
  return (
    <Record
      title={name}
      state={
        enabled
          ? { tone: 'good', label: t('webhooks:enabled') }
          : { tone: 'doubt', label: t(`webhooks:disabled.${disabledReason}`) }
      }
      facts={[
        { label: t('webhooks:url'), value: webhook.url, code: true },
        { label: t('people:unit'), value: <UnitName id={webhook.unitId} /> },
        { label: t('webhooks:types'), value: webhook.eventTypes.join(', '), code: true },
        { label: t('webhooks:failingSince'), value: timeOf(webhook.failingSince) },
        { label: t('webhooks:previousUntil'), value: timeOf(webhook.previousSecretUntil) },
        { label: t('webhooks:madeAt'), value: moment(webhook.createdAt) },
      ]}
      actions={
        <>
          <Button
            size="xs"
            variant="light"
            aria-expanded={isLogOpen}
            aria-label={`${t(isLogOpen ? 'webhooks:closeLog' : 'webhooks:log')}: ${name}`}
            onClick={() => onLog(!isLogOpen)}
          >
            {t(isLogOpen ? 'webhooks:closeLog' : 'webhooks:log')}
          </Button>
          {enabled && (
            <ActionButton
              label={t('webhooks:test')}
              on={name}
              done={t('webhooks:tested')}
              run={() => act(`${own}/test`, undefined, { organisation })}
            />
          )}
          <ActionButton
            label={t(enabled ? 'webhooks:disable' : 'webhooks:enable')}
            on={name}
            done={t(enabled ? 'webhooks:disabledNow' : 'webhooks:enabledNow')}
            run={() => change(own, { enabled: !enabled }, revision, { organisation })}
          />
          <ConfirmButton
            label={t('webhooks:rotate')}
            on={name}
            title={t('webhooks:rotateTitle')}
            text={t('webhooks:rotateText')}
            check={t('webhooks:rotateNow')}
            done={t('webhooks:rotated')}
            run={async ({ isChecked }) => {
              const body = isChecked ? { overlapSeconds: 0 } : {}
              onSecret((await act<WebhookWithSecret>(`${own}/rotate-secret`, body, { organisation })).secret)
            }}
          />
          <ConfirmButton
            label={t('webhooks:delete')}
            on={name}
            title={t('webhooks:deleteTitle')}
            text={t('webhooks:deleteText')}
            done={t('webhooks:deleted')}
            run={() => remove(own, { organisation })}
          />
        </>
      }
    >
      {isLogOpen && <WebhookLog webhook={webhook} />}
    </Record>
  )
}
