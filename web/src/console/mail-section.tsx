import { useTranslation } from 'react-i18next'
import type { OutboxMail } from '#web/api/wire.ts'
import { Disclosure } from '#web/components/disclosure.tsx'
import { useFormat } from '#web/i18n/use-format.ts'
import { LinkedText } from './linked-text.tsx'
import { Record } from './record.tsx'
import { RecordList } from './record-list.tsx'
import { useRecords } from './use-records.ts'

export function MailSection() {
  const { t } = useTranslation()
  const { moment } = useFormat()
  const mail = useRecords<OutboxMail>('mail')
  return (
    <RecordList records={mail}>
      {(each) => (
        <Record
          key={each.id}
          title={each.subject}
          state={{ tone: each.state === 'sent' ? 'good' : 'quiet', label: each.state }}
          facts={[
            { label: t('console:mail.to'), value: each.to },
            { label: t('console:mail.created'), value: moment(each.createdAt) },
            { label: t('console:mail.kind'), value: each.kind },
            ...(each.reason === null ? [] : [{ label: t('console:mail.reason'), value: each.reason }]),
          ]}
        >
          <Disclosure summary={t('console:mail.show')}>
            <LinkedText text={each.text} />
          </Disclosure>
        </Record>
      )}
    </RecordList>
  )
}
