import { Stack, Text, Title } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { DataTable } from '#web/components/data-table.tsx'
import { Facts } from '#web/components/facts.tsx'
import { Notice } from '#web/components/notice.tsx'
import { ShareBar } from '#web/components/share-bar.tsx'
import { useFormat } from '#web/i18n/use-format.ts'
import { DryRunPeople } from './dry-run-people.tsx'
import type { DryRunResult } from './dry-run-result.ts'

/** What a dry run found: how many, what differs, who and why, who came close. */
export function DryRunFindings({ result }: { readonly result: DryRunResult }) {
  const { t } = useTranslation()
  const { number } = useFormat()
  const { alreadyAwarded, events, nearMisses, notKnown, sample, skipped, wouldAward } = result
  return (
    <Stack gap="lg">
      <Facts
        facts={[
          { label: t('rules:dryRun.events'), value: number(events) },
          { label: t('rules:dryRun.wouldAward'), value: <strong>{number(wouldAward)}</strong> },
          { label: t('rules:dryRun.alreadyAwarded'), value: number(alreadyAwarded) },
          { label: t('rules:dryRun.notKnown'), value: notKnown === 0 ? undefined : number(notKnown) },
          { label: t('rules:dryRun.skipped'), value: skipped === 0 ? undefined : number(skipped) },
        ]}
      />
      <Difference result={result} />
      {wouldAward === 0 ? (
        <Text>{t('rules:dryRun.nobody')}</Text>
      ) : (
        <DryRunPeople title={t('rules:dryRun.sample')} people={sample} />
      )}
      {nearMisses.length > 0 && (
        <div>
          <Title order={4} size="h4">
            {t('rules:dryRun.nearMisses')}
          </Title>
          <Text mb="xs">{t('rules:dryRun.nearMissesText')}</Text>
          <DataTable
            caption={t('rules:dryRun.nearMisses')}
            hidesCaption
            heads={[t('rules:dryRun.part'), t('rules:dryRun.condition'), t('rules:dryRun.people')]}
            rows={nearMisses.map(({ part, path, condition, people }) => ({
              key: `${path} ${condition}`,
              cells: [part, <code key="condition">{condition}</code>, number(people)],
            }))}
          />
        </div>
      )}
    </Stack>
  )
}

function Difference({ result: { difference, wouldAward } }: { readonly result: DryRunResult }) {
  const { t } = useTranslation()
  if (difference === undefined) return null
  const { gained, gainedSample, lost, lostSample, version } = difference
  const title = t('rules:dryRun.difference', { version })
  return (
    <Stack gap="sm">
      <Title order={4} size="h4">
        {title}
      </Title>
      {gained === 0 && lost === 0 && <Notice tone="quiet">{t('rules:dryRun.noDifference')}</Notice>}
      <ShareBar
        caption={title}
        heads={[t('rules:dryRun.share'), t('rules:dryRun.people')]}
        parts={[
          { label: t('rules:dryRun.both'), count: Math.max(0, wouldAward - gained), tone: 'kept' },
          { label: t('rules:dryRun.gained'), count: gained, tone: 'more' },
          { label: t('rules:dryRun.lost'), count: lost, tone: 'fewer' },
        ]}
      />
      <DryRunPeople title={t('rules:dryRun.gainedSample')} people={gainedSample} />
      <DryRunPeople title={t('rules:dryRun.lostSample')} people={lostSample} />
    </Stack>
  )
}
