import { Stack } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { Rule } from '#web/api/wire.ts'
import { RadiusLink } from '#web/blast-radius/radius-link.tsx'
import { Disclosure } from '#web/components/disclosure.tsx'
import { JsonView } from '#web/components/json-view.tsx'
import { Panel } from '#web/components/panel.tsx'
import styles from '#web/console/record.module.css'
import { Record } from '#web/console/record.tsx'
import { useFormat } from '#web/i18n/use-format.ts'
import { VersionActions } from './version-actions.tsx'
import { VERSION_TONES } from './version-tones.ts'

interface VersionsPanelProps {
  readonly rule: Rule
  readonly onDryRun: (version: number) => void
}

/** The versions of a rule, newest first, each with what can be done with it now. */
export function VersionsPanel({ rule, onDryRun }: VersionsPanelProps) {
  const { t } = useTranslation()
  const { moment } = useFormat()
  return (
    <Panel title={t('rules:versions.title')}>
      <ul className={styles['list']}>
        {[...rule.versions].reverse().map((version) => (
          <Record
            key={version.id}
            order={3}
            title={t('console:rules.version', { version: version.version })}
            state={{
              tone: VERSION_TONES[version.state],
              label: t(`console:rules.states.${version.state}`),
            }}
            facts={[
              {
                label: t('rules:versions.activated'),
                value: version.activatedAt === null ? undefined : moment(version.activatedAt),
              },
              { label: t('rules:versions.digest'), value: version.digest, code: true },
            ]}
          >
            <Stack gap="xs" mt="sm">
              <VersionActions rule={rule} version={version} onDryRun={() => onDryRun(version.version)} />
              {version.activatedAt !== null && (
                <div>
                  <RadiusLink
                    cause={{ kind: 'rule_version', id: version.id }}
                    on={`${rule.name}, ${version.version}`}
                  />
                </div>
              )}
              <Disclosure summary={t('console:rules.show')}>
                <JsonView value={version.document} label={`${rule.name}, ${version.version}`} />
              </Disclosure>
            </Stack>
          </Record>
        ))}
      </ul>
    </Panel>
  )
}
