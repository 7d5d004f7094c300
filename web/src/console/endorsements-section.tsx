import { Button, Stack } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { act, path } from '#web/api/client.ts'
import type { Endorsement } from '#web/api/wire.ts'
import { CopyField } from '#web/components/copy-field.tsx'
import { Notice } from '#web/components/notice.tsx'
import { useFormat } from '#web/i18n/use-format.ts'
import { ActionButton } from './action-button.tsx'
import { EndorsementForm } from './endorsement-form.tsx'
import { useOrganisation } from './organisation-context.ts'
import { Record } from './record.tsx'
import { RecordList } from './record-list.tsx'
import { useRecords } from './use-records.ts'

export function EndorsementsSection() {
  const { t } = useTranslation()
  const { id: organisation } = useOrganisation()
  const { moment } = useFormat()
  const endorsements = useRecords<Endorsement>('endorsements')
  const [isAsking, setAsking] = useState(false)
  const [requestUrl, setRequestUrl] = useState<string | null>(null)
  const momentOf = (time: string | null) => (time === null ? undefined : moment(time))
  return (
    <Stack gap="lg">
      {isAsking ? (
        <EndorsementForm
          onMade={({ requestUrl: url }) => {
            setRequestUrl(url)
            setAsking(false)
          }}
          onClose={() => setAsking(false)}
        />
      ) : (
        <div>
          <Button onClick={() => setAsking(true)}>{t('console:endorsements.create')}</Button>
        </div>
      )}
      {requestUrl !== null && (
        <>
          <Notice tone="good" role="status">
            {t('console:endorsements.asked')}
          </Notice>
          <CopyField label={t('console:endorsements.link')} value={requestUrl} />
        </>
      )}
      <RecordList records={endorsements}>
        {(endorsement) => (
          <Record
            key={endorsement.id}
            title={endorsement.endorserName}
            state={{
              tone: endorsement.state === 'published' ? 'good' : 'quiet',
              label: t(`endorsements:states.${endorsement.state}`),
            }}
            facts={[
              {
                label: t('console:endorsements.of'),
                value: `${t(`endorsements:targets.${endorsement.target}`)} ${endorsement.targetId}`,
              },
              { label: t('console:endorsements.endorser'), value: endorsement.endorserDid, code: true },
              { label: t('console:endorsements.requestedAt'), value: moment(endorsement.requestedAt) },
              { label: t('console:endorsements.signedAt'), value: momentOf(endorsement.signedAt) },
              { label: t('console:endorsements.publishedAt'), value: momentOf(endorsement.publishedAt) },
            ]}
            actions={
              <>
                {endorsement.state === 'signed' && (
                  <ActionButton
                    label={t('console:endorsements.publish')}
                    on={endorsement.endorserName}
                    done={t('console:endorsements.published')}
                    run={() =>
                      act(path`/v1/endorsements/${endorsement.id}/publish`, undefined, { organisation })
                    }
                  />
                )}
                {endorsement.state === 'published' && (
                  <ActionButton
                    label={t('console:endorsements.hide')}
                    on={endorsement.endorserName}
                    done={t('console:endorsements.hidden')}
                    run={() =>
                      act(path`/v1/endorsements/${endorsement.id}/hide`, undefined, { organisation })
                    }
                  />
                )}
              </>
            }
          />
        )}
      </RecordList>
    </Stack>
  )
}
