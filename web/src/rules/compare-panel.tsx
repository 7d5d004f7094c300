import { Button, Group, List, NativeSelect, Stack, Text, Title } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { create, path, read } from '#web/api/client.ts'
import type { Job, Rule, RuleComparison } from '#web/api/wire.ts'
import { DataTable } from '#web/components/data-table.tsx'
import { Loading } from '#web/components/loading.tsx'
import { Panel } from '#web/components/panel.tsx'
import { ProblemAlert } from '#web/components/problem-alert.tsx'
import { useOrganisation } from '#web/console/organisation-context.ts'
import { useAction } from '#web/console/use-action.ts'
import { recordsKey } from '#web/console/use-records.ts'
import { inForce } from './use-rule.ts'
import { versionChoices } from './version-choices.ts'

interface ComparePanelProps {
  readonly rule: Rule
  /** Shows a dry run that was started here. */
  readonly onJob: (jobId: string) => void
}

/** Two versions side by side: what differs, what keeps its progress, who would differ. */
export function ComparePanel({ rule, onJob }: ComparePanelProps) {
  const { t } = useTranslation()
  const { id: organisation } = useOrganisation()
  const numbers = rule.versions.map(({ version }) => version)
  const newest = numbers.at(-1) ?? 1
  const [chosen, setChosen] = useState<{ readonly from?: number; readonly to?: number }>({})
  const to = chosen.to ?? newest
  const from = chosen.from ?? inForceBeside(rule, to) ?? numbers.at(-2) ?? to
  const found = useQuery({
    queryKey: [...recordsKey(organisation), 'rules', rule.id, 'compare', from, to],
    queryFn: () =>
      read<RuleComparison>(path`/v1/rules/${rule.id}/compare`, {
        organisation,
        from: String(from),
        to: String(to),
      }),
  })
  const choices = versionChoices(rule, t)
  return (
    <Panel title={t('rules:compare.title')}>
      <Stack gap="lg">
        <Group align="flex-start">
          <NativeSelect
            label={t('rules:compare.from')}
            data={choices}
            value={String(from)}
            onChange={({ currentTarget }) => setChosen({ from: Number(currentTarget.value), to })}
          />
          <NativeSelect
            label={t('rules:compare.to')}
            data={choices}
            value={String(to)}
            onChange={({ currentTarget }) => setChosen({ from, to: Number(currentTarget.value) })}
          />
        </Group>
        {found.isPending && <Loading />}
        {found.isError && <ProblemAlert error={found.error} onRetry={() => void found.refetch()} />}
        {found.data !== undefined && <Comparison comparison={found.data} />}
        <WhoWouldDiffer rule={rule} from={from} to={to} onJob={onJob} />
      </Stack>
    </Panel>
  )
}

const inForceBeside = (rule: Rule, version: number): number | undefined => {
  const active = inForce(rule)?.version
  return active === version ? undefined : active
}

function Comparison({ comparison }: { readonly comparison: RuleComparison }) {
  const { t, i18n } = useTranslation()
  const { differences, leaves, words } = comparison
  return (
    <Stack gap="lg">
      <div>
        <Title order={3} size="h3">
          {t('rules:compare.inWords')}
        </Title>
        <List mt="xs">
          {(i18n.language === 'nl' ? words.nl : words.en).map((sentence) => (
            <List.Item key={sentence}>{sentence}</List.Item>
          ))}
        </List>
      </div>
      {differences.length > 0 && (
        <DataTable
          caption={t('rules:compare.document')}
          heads={[t('rules:compare.place'), t('rules:compare.before'), t('rules:compare.after')]}
          rows={differences.map(({ path: place, before, after }) => ({
            key: place,
            cells: [
              <code key="place">{place}</code>,
              <Value key="b" of={before} />,
              <Value key="a" of={after} />,
            ],
          }))}
        />
      )}
      {leaves.length > 0 && (
        <DataTable
          caption={t('rules:compare.parts')}
          heads={[t('rules:dryRun.part'), t('rules:compare.change'), t('rules:compare.progress')]}
          rows={leaves.map(({ id, path: place, change, keepsProgress }) => ({
            key: `${change} ${place}`,
            cells: [
              id ?? <code>{place}</code>,
              t(`rules:compare.changes.${change}`),
              keepsProgress
                ? t('rules:compare.keeps')
                : change === 'removed'
                  ? t('rules:compare.gone')
                  : t('rules:compare.anew'),
            ],
          }))}
        />
      )}
    </Stack>
  )
}

function Value({ of }: { readonly of: unknown }) {
  const { t } = useTranslation()
  return of === undefined ? <em>{t('rules:compare.absent')}</em> : <code>{JSON.stringify(of)}</code>
}

interface WhoProps {
  readonly rule: Rule
  readonly from: number
  readonly to: number
  readonly onJob: (jobId: string) => void
}

/** A dry run compares with the version in force: one of the two has to be it. */
function WhoWouldDiffer({ rule, from, to, onJob }: WhoProps) {
  const { t } = useTranslation()
  const { id: organisation } = useOrganisation()
  const active = inForce(rule)?.version
  const tried = active === from ? to : active === to ? from : undefined
  const start = useAction<Job>(
    () => create<Job>('/v1/rules/dry-runs', { ruleId: rule.id, version: tried }, { organisation }),
    t('rules:dryRun.started'),
    (job) => onJob(job.id),
  )
  return (
    <div>
      <Title order={3} size="h3">
        {t('rules:compare.who')}
      </Title>
      {tried === undefined || tried === active ? (
        <Text mt="xs">{t('rules:compare.whoNone')}</Text>
      ) : (
        <Stack gap="xs" mt="xs" align="flex-start">
          <Text>{t('rules:compare.whoText', { version: tried })}</Text>
          {start.isError && <ProblemAlert error={start.error} />}
          <Button variant="light" loading={start.isPending} onClick={() => start.mutate()}>
            {t('rules:compare.whoStart')}
          </Button>
        </Stack>
      )}
    </div>
  )
}
