import { List } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { notProvedKind } from '#engine/verification/not-proved-kind.ts'
import { Panel } from '#web/components/panel.tsx'
import { useFormat } from '#web/i18n/use-format.ts'
import type { WireReport } from './wire-report.ts'

export function NotProved({ report }: { readonly report: WireReport }) {
  const { t } = useTranslation()
  const { moment } = useFormat()
  if (report.notProved.length === 0) return null
  const asOf = report.anchor?.asOf === undefined ? '' : moment(report.anchor.asOf)
  return (
    <Panel title={t('verify:notProved.title')}>
      <List spacing={6}>
        {report.notProved.map((statement) => {
          const known = notProvedKind(statement)
          return known === undefined ? (
            <List.Item key={statement} lang="en">
              {statement}
            </List.Item>
          ) : (
            <List.Item key={statement}>{t(`verify:notProved.${known}`, { asOf })}</List.Item>
          )
        })}
      </List>
    </Panel>
  )
}
