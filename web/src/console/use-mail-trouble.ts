import { useTranslation } from 'react-i18next'
import type { Award } from '#web/api/wire.ts'
import { useFormat } from '#web/i18n/use-format.ts'

/** Why the newest mail about something did not arrive, as a fact beside the others; nothing where all is well. */
export function useMailTrouble() {
  const { t } = useTranslation()
  const { moment } = useFormat()
  return (trouble: Award['mailTrouble']) => ({
    label: t('console:mail.trouble.label'),
    value:
      trouble === undefined
        ? undefined
        : t(`console:mail.trouble.${trouble.cause}`, {
            status: trouble.status === null ? '' : ` (${trouble.status})`,
            at: trouble.at === null ? '' : moment(trouble.at),
          }).trim(),
  })
}
