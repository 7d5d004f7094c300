import { useTranslation } from 'react-i18next'
import type { AttestedView } from '#web/api/wire.ts'
import { Notice } from '#web/components/notice.tsx'
import { useFormat } from '#web/i18n/use-format.ts'
import { useOmissionNames } from './use-omission-names.ts'

/** Says which of the two kinds of page this is: one that rests on the word of the server, with no document behind it. */
export function AttestedNotice({ attested }: { readonly attested: AttestedView }) {
  const { t } = useTranslation()
  const { moment } = useFormat()
  const names = useOmissionNames()
  return (
    <Notice tone="doubt" title={t('credentials:attested.title')}>
      <p>
        {t('credentials:attested.text', { server: new URL(attested.by).host, time: moment(attested.at) })}
      </p>
      <p>{t('credentials:attested.omitted', { what: names(attested.omitted) })}</p>
    </Notice>
  )
}
