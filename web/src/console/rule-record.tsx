import { Button, Group, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { act, path } from '#web/api/client.ts'
import type { Rule, RuleHealth, RuleVersion } from '#web/api/wire.ts'
import { Disclosure } from '#web/components/disclosure.tsx'
import { JsonView } from '#web/components/json-view.tsx'
import type { Tone } from '#web/components/notice.tsx'
import { Pill } from '#web/components/pill.tsx'
import { ActionButton } from './action-button.tsx'
import { ConfirmButton } from './confirm-button.tsx'
import { Record } from './record.tsx'
import { RuleWatch } from './rule-watch.tsx'
import { useAchievementNames } from './use-achievement-names.ts'

const TONES: { readonly [State in RuleVersion['state']]: Tone } = {
  draft: 'quiet',
  shadow: 'quiet',
  active: 'good',
  paused: 'doubt',
  retired: 'quiet',
}

interface RuleRecordProps {
  readonly rule: Rule
  /** Of its versions that look at events. */
  readonly health: readonly RuleHealth[]
  readonly onNewVersion: () => void
}

export function RuleRecord({ rule, health, onNewVersion }: RuleRecordProps) {
  const { t } = useTranslation()
  const nameOf = useAchievementNames()
  const isActive = rule.versions.some(({ state }) => state === 'active')
  const isPaused = rule.versions.some(({ state }) => state === 'paused')
  return (
    <Record
      title={rule.name}
      facts={[{ label: t('console:why.achievement'), value: nameOf(rule.achievementId) }]}
      actions={
        <>
          {isActive && (
            <ActionButton
              label={t('console:rules.pause')}
              on={rule.name}
              done={t('console:rules.paused')}
              run={() => act(path`/v1/rules/${rule.id}/pause`)}
            />
          )}
          {isPaused && (
            <ActionButton
              label={t('console:rules.resume')}
              on={rule.name}
              done={t('console:rules.resumed')}
              run={() => act(path`/v1/rules/${rule.id}/resume`)}
            />
          )}
          <Button
            size="xs"
            variant="light"
            aria-label={`${t('console:rules.newVersion')}: ${rule.name}`}
            onClick={onNewVersion}
          >
            {t('console:rules.newVersion')}
          </Button>
        </>
      }
    >
      {rule.versions.map((version) => (
        <div key={version.id}>
          <Group gap="sm" mt="xs">
            <Text>{t('console:rules.version', { version: version.version })}</Text>
            <Pill tone={TONES[version.state]}>{t(`console:rules.states.${version.state}`)}</Pill>
            {version.state === 'draft' && (
              <ConfirmButton
                label={t('console:rules.activate')}
                on={`${rule.name}, ${version.version}`}
                title={t('console:rules.activateTitle')}
                text={t('console:rules.activateText')}
                done={t('console:rules.activated')}
                run={() => act(path`/v1/rules/${rule.id}/versions/${String(version.version)}/activate`)}
              />
            )}
          </Group>
          {health
            .filter(({ versionId }) => versionId === version.id)
            .map((each) => (
              <RuleWatch key={each.versionId} health={each} name={`${rule.name}, ${version.version}`} />
            ))}
          <Disclosure summary={t('console:rules.show')}>
            <JsonView value={version.document} label={`${rule.name}, ${version.version}`} />
          </Disclosure>
        </div>
      ))}
    </Record>
  )
}
