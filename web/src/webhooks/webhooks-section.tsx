import { Button, Stack } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Webhook } from '#web/api/wire.ts'
import { CopyField } from '#web/components/copy-field.tsx'
import { Notice } from '#web/components/notice.tsx'
import { RecordList } from '#web/console/record-list.tsx'
import { useRecords } from '#web/console/use-records.ts'
import { WebhookForm } from './webhook-form.tsx'
import { WebhookRecord } from './webhook-record.tsx'

/** `/console/ORGANISATION/webhooks`: the endpoints, each with its log. */
export function WebhooksSection() {
  const { t } = useTranslation()
  const webhooks = useRecords<Webhook>('webhooks')
  const [isMaking, setMaking] = useState(false)
  const [secret, setSecret] = useState<string | null>(null)
  const [open, setOpen] = useState<string>()
  const showSecret = (shown: string | null) => {
    setSecret(shown)
    window.scrollTo({ top: 0 })
  }
  return (
    <Stack gap="lg">
      {isMaking ? (
        <WebhookForm
          onMade={(made) => {
            showSecret(made.secret)
            setMaking(false)
          }}
          onClose={() => setMaking(false)}
        />
      ) : (
        <div>
          <Button onClick={() => setMaking(true)}>{t('webhooks:create')}</Button>
        </div>
      )}
      {secret !== null && (
        <>
          <Notice tone="good" role="status">
            {t('webhooks:secretShown')}
          </Notice>
          <CopyField label={t('webhooks:secret')} value={secret} />
        </>
      )}
      <RecordList records={webhooks}>
        {(webhook) => (
          <WebhookRecord
            key={webhook.id}
            webhook={webhook}
            isLogOpen={open === webhook.id}
            onLog={(isOpen) => setOpen(isOpen ? webhook.id : undefined)}
            onSecret={showSecret}
          />
        )}
      </RecordList>
    </Stack>
  )
}
