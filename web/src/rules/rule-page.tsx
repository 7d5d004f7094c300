import { Button, Group, Stack, Text } from '@mantine/core'
import { useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useParams, useSearchParams } from 'react-router'
import type { Rule } from '#web/api/wire.ts'
import { LinkButton } from '#web/components/link-button.tsx'
import { Loading } from '#web/components/loading.tsx'
import { Page } from '#web/components/page.tsx'
import { ProblemAlert } from '#web/components/problem-alert.tsx'
import { TestBanner } from '#web/components/test-banner.tsx'
import { useOrganisation } from '#web/console/organisation-context.ts'
import { RuleEditor } from '#web/console/rule-editor.tsx'
import { useAchievementNames } from '#web/console/use-achievement-names.ts'
import { ComparePanel } from './compare-panel.tsx'
import { DecisionsPanel } from './decisions-panel.tsx'
import { DryRunPanel } from './dry-run-panel.tsx'
import { HealthPanel } from './health-panel.tsx'
import { ShadowPanel } from './shadow-panel.tsx'
import { inForce, useRule } from './use-rule.ts'
import { VersionsPanel } from './versions-panel.tsx'

/** `/console/ORGANISATION/rules/ID`: one rule through its life. `?dryRun=JOB` shows that dry run. */
export function RulePage() {
  const { rule: id = '' } = useParams()
  const { data: rule, error, refetch } = useRule(id)
  if (rule === undefined)
    return error === null ? <Loading /> : <ProblemAlert error={error} onRetry={() => void refetch()} />
  return <RuleDetail key={rule.id} rule={rule} />
}

function RuleDetail({ rule }: { readonly rule: Rule }) {
  const { t } = useTranslation()
  const organisation = useOrganisation()
  const nameOf = useAchievementNames()
  const [search, setSearch] = useSearchParams()
  const [isEdited, setEdited] = useState(false)
  const [tried, setTried] = useState<number>()
  const tryOut = useRef<HTMLDivElement>(null)
  const active = inForce(rule)
  const newest = rule.versions.at(-1)?.version ?? 1
  /** Moves there, for eyes and for keyboards. */
  const goToDryRun = () => {
    tryOut.current?.scrollIntoView({ block: 'start' })
    tryOut.current?.focus({ preventScroll: true })
  }
  const showJob = (jobId: string) => {
    setSearch({ dryRun: jobId }, { replace: true, preventScrollReset: true })
    goToDryRun()
  }
  return (
    <Page
      title={rule.name}
      eyebrow={`${organisation.name} · ${t('console:nav.rules')}`}
      lead={t('rules:lead', { achievement: nameOf(rule.achievementId) })}
    >
      {organisation.sample && <TestBanner />}
      <Stack gap="sm">
        <Text>
          {active === undefined ? t('rules:notInForce') : t('rules:current', { version: active.version })}
        </Text>
        <Group gap="xs">
          <LinkButton to={`/console/${organisation.slug}/rules`} variant="default">
            {t('rules:back')}
          </LinkButton>
          {!isEdited && (
            <Button variant="light" onClick={() => setEdited(true)}>
              {t('console:rules.newVersion')}
            </Button>
          )}
        </Group>
      </Stack>
      {isEdited && <RuleEditor edited={rule} onClose={() => setEdited(false)} />}
      <VersionsPanel
        rule={rule}
        onDryRun={(version) => {
          setTried(version)
          goToDryRun()
        }}
      />
      {rule.versions
        .filter(({ state }) => state === 'shadow')
        .map(({ version }) => (
          <ShadowPanel key={version} ruleId={rule.id} version={version} />
        ))}
      <div ref={tryOut} tabIndex={-1} style={{ outline: 'none' }}>
        <DryRunPanel
          rule={rule}
          version={tried ?? newest}
          onVersion={setTried}
          jobId={search.get('dryRun') ?? undefined}
          onJob={showJob}
        />
      </div>
      {rule.versions.length > 1 && <ComparePanel rule={rule} onJob={showJob} />}
      <HealthPanel rule={rule} />
      <DecisionsPanel ruleId={rule.id} />
    </Page>
  )
}
