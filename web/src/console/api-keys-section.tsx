import { Button, Stack } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { path, remove } from '#web/api/client.ts'
import type { ApiKey } from '#web/api/wire.ts'
import { CopyField } from '#web/components/copy-field.tsx'
import { Notice } from '#web/components/notice.tsx'
import { useFormat } from '#web/i18n/use-format.ts'
import { UnitName } from '#web/people/unit-name.tsx'
import { useNames } from '#web/people/use-names.ts'
import { ApiKeyForm } from './api-key-form.tsx'
import { ApiKeyName } from './api-key-name.tsx'
import { ConfirmButton } from './confirm-button.tsx'
import { useOrganisation } from './organisation-context.ts'
import { Record } from './record.tsx'
import { RecordList } from './record-list.tsx'
import { useRecords } from './use-records.ts'

export function ApiKeysSection() {
  const { t } = useTranslation()
  const { id: organisation } = useOrganisation()
  const { moment } = useFormat()
  const keys = useRecords<ApiKey>('api-keys')
  const names = useNames()
  const [isMaking, setMaking] = useState(false)
  /** The id of the key that gets another name. */
  const [renamed, setRenamed] = useState<string | null>(null)
  const [secret, setSecret] = useState<string | null>(null)
  return (
    <Stack gap="lg">
      {isMaking ? (
        <ApiKeyForm
          onMade={(made) => {
            setSecret(made.secret)
            setMaking(false)
          }}
          onClose={() => setMaking(false)}
        />
      ) : (
        <div>
          <Button onClick={() => setMaking(true)}>{t('console:apiKeys.create')}</Button>
        </div>
      )}
      {secret !== null && (
        <>
          <Notice tone="good" role="status">
            {t('console:apiKeys.made')}
          </Notice>
          <CopyField label={t('console:apiKeys.secret')} value={secret} />
        </>
      )}
      <RecordList records={keys}>
        {(key) => (
          <Record
            key={key.id}
            title={key.name}
            state={
              key.revokedAt === null
                ? key.state === 'expired'
                  ? { tone: 'quiet', label: t('console:apiKeys.expired') }
                  : { tone: 'good', label: t('console:apiKeys.active') }
                : { tone: 'quiet', label: t('console:apiKeys.revokedAt', { time: moment(key.revokedAt) }) }
            }
            facts={[
              { label: t('console:apiKeys.prefix'), value: `${key.prefix}…`, code: true },
              { label: t('people:unit'), value: <UnitName id={key.unitId} /> },
              {
                label: t('console:apiKeys.rights'),
                value: key.rights.map((right) => t(`console:apiKeys.rightNames.${right}`)).join(', '),
              },
              { label: t('console:apiKeys.role'), value: names.role(key.roleId) },
              { label: t('console:apiKeys.created'), value: moment(key.createdAt) },
              {
                label: t('console:apiKeys.expires'),
                value: key.expiresAt === null ? undefined : moment(key.expiresAt),
              },
              {
                label: t('console:apiKeys.lastUsed'),
                value: key.lastUsedAt === null ? t('console:apiKeys.never') : moment(key.lastUsedAt),
              },
            ]}
            {...(key.revokedAt === null
              ? {
                  actions: (
                    <>
                      <Button
                        size="xs"
                        variant="light"
                        aria-label={`${t('console:apiKeys.rename')}: ${key.name}`}
                        onClick={() => setRenamed(key.id)}
                      >
                        {t('console:apiKeys.rename')}
                      </Button>
                      <ConfirmButton
                        label={t('console:apiKeys.revoke')}
                        on={key.name}
                        title={t('console:apiKeys.revokeTitle')}
                        text={t('console:apiKeys.revokeText')}
                        done={t('console:apiKeys.revoked')}
                        run={() => remove(path`/v1/api-keys/${key.id}`, { organisation })}
                      />
                    </>
                  ),
                }
              : {})}
          >
            {renamed === key.id && <ApiKeyName apiKey={key} onClose={() => setRenamed(null)} />}
          </Record>
        )}
      </RecordList>
    </Stack>
  )
}
