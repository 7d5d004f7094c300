import { List } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { Panel } from '#web/components/panel.tsx'
import type { WireReport } from './wire-report.ts'

/** How each statement of the report begins, and our words for it. Others are shown as they come. */
const KNOWN: readonly (readonly [string, string])[] = [
  ['That the person who shows', 'person'],
  ['That what the issuer says', 'truth'],
  ['When the document came to be', 'noAnchor'],
  ['When the badge was awarded', 'award'],
  ['That the time of the anchor', 'chain'],
]

export function NotProved({ report }: { readonly report: WireReport }) {
  const { t } = useTranslation()
  if (report.notProved.length === 0) return null
  return (
    <Panel title={t('verify:notProved.title')}>
      <List spacing={6}>
        {report.notProved.map((statement) => {
          const known = KNOWN.find(([start]) => statement.startsWith(start))
          return known === undefined ? (
            <List.Item key={statement} lang="en">
              {statement}
            </List.Item>
          ) : (
            <List.Item key={statement}>{t(`verify:notProved.${known[1]}`)}</List.Item>
          )
        })}
      </List>
    </Panel>
  )
}
