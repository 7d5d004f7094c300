import { Button, Stack } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Issuer } from '#web/api/wire.ts'
import { IssuerForm } from './issuer-form.tsx'
import { IssuerRecord } from './issuer-record.tsx'
import { RecordList } from './record-list.tsx'
import { useRecords } from './use-records.ts'

export function IssuersSection() {
  const { t } = useTranslation()
  const issuers = useRecords<Issuer>('issuers')
  const [isMaking, setMaking] = useState(false)
  return (
    <Stack gap="lg">
      {isMaking ? (
        <IssuerForm onClose={() => setMaking(false)} />
      ) : (
        <div>
          <Button onClick={() => setMaking(true)}>{t('console:issuers.create')}</Button>
        </div>
      )}
      <RecordList records={issuers}>
        {(issuer) => <IssuerRecord key={issuer.id} issuer={issuer} />}
      </RecordList>
    </Stack>
  )
}
