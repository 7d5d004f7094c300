import { Anchor, Group } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import type { Rule, RuleHealth } from '#web/api/wire.ts'
import { LinkButton } from '#web/components/link-button.tsx'
import { Pill } from '#web/components/pill.tsx'
import { VERSION_TONES } from '#web/rules/version-tones.ts'
import { useOrganisation } from './organisation-context.ts'
import { Record } from './record.tsx'
import { RuleWatch } from './rule-watch.tsx'
import { useAchievementNames } from './use-achievement-names.ts'

interface RuleRecordProps {
  readonly rule: Rule
  /** Of its versions that look at events. */
  readonly health: readonly RuleHealth[]
}

/** A rule in the list: which versions it has, and how those do that look at events. The rest is on its page. */
export function RuleRecord({ rule, health }: RuleRecordProps) {
  const { t } = useTranslation()
  const { slug } = useOrganisation()
  const nameOf = useAchievementNames()
  const page = `/console/${slug}/rules/${rule.id}`
  return (
    <Record
      title={
        <Anchor component={Link} to={page} inherit>
          {rule.name}
        </Anchor>
      }
      facts={[{ label: t('console:why.achievement'), value: nameOf(rule.achievementId) }]}
      actions={
        <LinkButton to={page} size="xs" aria-label={t('console:rules.openThis', { name: rule.name })}>
          {t('console:rules.open')}
        </LinkButton>
      }
    >
      <Group gap="xs" mt="xs">
        {rule.versions.map(({ id, state, version }) => (
          <Pill key={id} tone={VERSION_TONES[state]}>
            {t('console:rules.version', { version })}: {t(`console:rules.states.${state}`)}
          </Pill>
        ))}
      </Group>
      {health.map((each) => (
        <RuleWatch key={each.versionId} health={each} name={`${rule.name}, ${each.version}`} />
      ))}
    </Record>
  )
}
