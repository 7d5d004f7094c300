import { Button, Group, Stack, Text } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { act, create, path } from '#web/api/client.ts'
import type { Rule, RuleCheck, RuleVersion } from '#web/api/wire.ts'
import { ProblemAlert } from '#web/components/problem-alert.tsx'
import { ActionButton } from '#web/console/action-button.tsx'
import { ConfirmButton } from '#web/console/confirm-button.tsx'
import { useOrganisation } from '#web/console/organisation-context.ts'
import { RuleFindings } from '#web/console/rule-findings.tsx'

interface VersionActionsProps {
  readonly rule: Rule
  readonly version: RuleVersion
  readonly onDryRun: () => void
}

/** What may be done with a version as it stands. */
export function VersionActions({ rule, version, onDryRun }: VersionActionsProps) {
  const { t } = useTranslation()
  const { id: organisation } = useOrganisation()
  const { state } = version
  const number = String(version.version)
  const on = `${rule.name}, ${number}`
  const query = { organisation }
  const check = useMutation({
    mutationFn: () => act<RuleCheck>('/v1/rules/check', { document: version.document }, query),
  })
  const isNotYet = state === 'draft' || state === 'shadow'
  return (
    <Stack gap="sm">
      <Group gap="xs" role="group" aria-label={t('rules:versions.actions', { version: number })}>
        <Button
          size="xs"
          variant="light"
          aria-label={`${t('console:rules.check')}: ${on}`}
          loading={check.isPending}
          onClick={() => check.mutate()}
        >
          {t('console:rules.check')}
        </Button>
        <Button
          size="xs"
          variant="light"
          aria-label={`${t('rules:versions.tryOut')}: ${on}`}
          onClick={onDryRun}
        >
          {t('rules:versions.tryOut')}
        </Button>
        {state === 'draft' && (
          <ConfirmButton
            label={t('rules:versions.shadow')}
            on={on}
            title={t('rules:versions.shadowTitle')}
            text={t('rules:versions.shadowText')}
            check={t('rules:versions.withPast')}
            done={t('rules:versions.shadowed')}
            run={({ isChecked }) =>
              act(path`/v1/rules/${rule.id}/versions/${number}/shadow`, { backfill: isChecked }, query)
            }
          />
        )}
        {state === 'shadow' && (
          <ActionButton
            label={t('rules:versions.unshadow')}
            on={on}
            done={t('rules:versions.unshadowed')}
            run={() => act(path`/v1/rules/${rule.id}/versions/${number}/unshadow`, undefined, query)}
          />
        )}
        {isNotYet && (
          <ConfirmButton
            label={t('console:rules.activate')}
            on={on}
            title={t('console:rules.activateTitle')}
            text={t('console:rules.activateText')}
            check={t('rules:versions.withPast')}
            isCheckedAtFirst
            done={t('console:rules.activated')}
            run={({ isChecked }) =>
              act(path`/v1/rules/${rule.id}/versions/${number}/activate`, { backfill: isChecked }, query)
            }
          />
        )}
        {state === 'active' && (
          <ActionButton
            label={t('console:rules.pause')}
            on={on}
            done={t('console:rules.paused')}
            run={() => act(path`/v1/rules/${rule.id}/pause`, undefined, query)}
          />
        )}
        {state === 'paused' && (
          <ActionButton
            label={t('console:rules.resume')}
            on={on}
            done={t('console:rules.resumed')}
            run={() => act(path`/v1/rules/${rule.id}/resume`, undefined, query)}
          />
        )}
        {state === 'retired' && (
          <ConfirmButton
            label={t('rules:versions.rollBack')}
            on={on}
            title={t('rules:versions.rollBackTitle', { version: number })}
            text={t('rules:versions.rollBackText')}
            check={t('rules:versions.withPast')}
            isCheckedAtFirst
            done={t('rules:versions.rolledBack')}
            run={({ isChecked }) =>
              create(
                path`/v1/rules/${rule.id}/rollback`,
                { version: version.version, backfill: isChecked },
                query,
              )
            }
          />
        )}
      </Group>
      {check.isError && <ProblemAlert error={check.error} />}
      {check.data !== undefined && !check.isPending && (
        <Stack gap="xs">
          <Text size="sm">{t('rules:check.checked', { version: number })}</Text>
          <RuleFindings check={check.data} />
        </Stack>
      )}
    </Stack>
  )
}
