import { List } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { notProvedKind } from '#engine/verification/not-proved-kind.ts'
import { Panel } from '#web/components/panel.tsx'
import { useFormat } from '#web/i18n/use-format.ts'

interface NotProvedProps {
  readonly statements: readonly string[]
  /** When the newest block was made that is known of the chain. */
  readonly asOf?: string | undefined
}

export function NotProved({ statements, asOf }: NotProvedProps) {
  const { t } = useTranslation()
  const { moment } = useFormat()
  if (statements.length === 0) return null
  return (
    <Panel title={t('verify:notProved.title')}>
      <List spacing={6}>
        {statements.map((statement) => {
          const known = notProvedKind(statement)
          return known === undefined ? (
            <List.Item key={statement} lang="en">
              {statement}
            </List.Item>
          ) : (
            <List.Item key={statement}>
              {t(`verify:notProved.${known}`, { asOf: asOf === undefined ? '' : moment(asOf) })}
            </List.Item>
          )
        })}
      </List>
    </Panel>
  )
}
