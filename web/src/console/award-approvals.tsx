import { List } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { Award } from '#web/api/wire.ts'
import { RadiusLink } from '#web/blast-radius/radius-link.tsx'
import { useFormat } from '#web/i18n/use-format.ts'

/** Who said what of an award that waits, or waited, for people; and what else rests on them. */
export function AwardApprovals({ award: { approval, achievementName } }: { readonly award: Award }) {
  const { t } = useTranslation()
  const { moment } = useFormat()
  if (approval === null || approval.said.length === 0) return null
  return (
    <List mt="sm" aria-label={t('console:awards.approvals')}>
      {approval.said.map(({ by, decision, reason, at }) => (
        <List.Item key={`${by} ${at}`}>
          {t(`console:awards.decisions.${decision}`, { time: moment(at) })} <code>{by}</code>
          {reason !== null && <>: {reason}</>}{' '}
          {decision === 'approved' && (
            <RadiusLink cause={{ kind: 'assessor', id: by }} on={`${achievementName}, ${by}`} />
          )}
        </List.Item>
      ))}
    </List>
  )
}
