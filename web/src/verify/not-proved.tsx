import { List } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { Panel } from '#web/components/panel.tsx'
import { useFormat } from '#web/i18n/use-format.ts'
import type { WireReport } from './wire-report.ts'

/** How each statement of the report begins, and our words for it. Others are shown as they come. */
const KNOWN: readonly (readonly [string, string])[] = [
  ['That the person who shows', 'person'],
  ['That what the issuer says', 'truth'],
  ['That whoever shows', 'address'],
  ['That the trust list', 'list'],
  ['That the did.json', 'keptDid'],
  ['When the document came to be', 'noAnchor'],
  ['When the badge was awarded', 'award'],
  ['What the chain has held since', 'since'],
  ['That the endpoint of the chain', 'endpoint'],
  ['That the time of the anchor', 'chain'],
]

export function NotProved({ report }: { readonly report: WireReport }) {
  const { t } = useTranslation()
  const { moment } = useFormat()
  if (report.notProved.length === 0) return null
  const asOf = report.anchor?.asOf === undefined ? '' : moment(report.anchor.asOf)
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
            <List.Item key={statement}>{t(`verify:notProved.${known[1]}`, { asOf })}</List.Item>
          )
        })}
      </List>
    </Panel>
  )
}
