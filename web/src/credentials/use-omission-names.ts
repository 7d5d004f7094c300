import { useTranslation } from 'react-i18next'
import type { Omission } from '#web/api/wire.ts'

/** What is left out, as people call it: `evidence, results`. */
export function useOmissionNames(): (omits: readonly Omission[]) => string {
  const { t } = useTranslation()
  return (omits) => omits.map((each) => t(`credentials:omissions.${each}`)).join(', ')
}
