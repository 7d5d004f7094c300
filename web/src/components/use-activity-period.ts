import { useTranslation } from 'react-i18next'
import { useFormat } from '#web/i18n/use-format.ts'

interface Activity {
  readonly activityStartDate?: string | undefined
  readonly activityEndDate?: string | undefined
}

/** When an activity was, in words: one day, or the first and the last. */
export function useActivityPeriod(): (activity: Activity | null | undefined) => string | undefined {
  const { t } = useTranslation()
  const { activityDay } = useFormat()
  return (activity) => {
    const [from, to] = [activity?.activityStartDate, activity?.activityEndDate].map((time) =>
      time === undefined ? undefined : activityDay(time),
    )
    if (from === undefined) return to === undefined ? undefined : t('credentials:parts.to', { day: to })
    if (to === undefined) return t('credentials:parts.from', { day: from })
    return from === to ? from : `${from} – ${to}`
  }
}
