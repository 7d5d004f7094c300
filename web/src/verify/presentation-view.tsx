import { Stack, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { decidingChecks } from '#engine/verification/verdict-sentence.ts'
import { Disclosure } from '#web/components/disclosure.tsx'
import { Panel } from '#web/components/panel.tsx'
import { PanelLevel } from '#web/components/panel-level.ts'
import { TestBanner } from '#web/components/test-banner.tsx'
import { usePageTitle } from '#web/components/use-page-title.ts'
import { useFormat } from '#web/i18n/use-format.ts'
import { CheckList } from './check-list.tsx'
import { NotProved } from './not-proved.tsx'
import { RefreshedBlock } from './refreshed-block.tsx'
import { ReportButtons } from './report-buttons.tsx'
import { ReportParts } from './report-parts.tsx'
import { VerdictBanner } from './verdict-banner.tsx'
import { VerdictFrame } from './verdict-frame.tsx'
import type { WirePresentation, WireReport } from './wire-report.ts'

interface PresentationViewProps {
  readonly report: WirePresentation
  readonly onPrint?: (() => Promise<void>) | undefined
}

/** A presentation as a page: one verdict, its own checks, and each credential in it with its own result. */
export function PresentationView({ report, onPrint }: PresentationViewProps) {
  const { t } = useTranslation()
  const { moment } = useFormat()
  const { verdict, checks, holder, credentials, notProved, checkedAt } = report
  usePageTitle(`${t(`verify:verdicts.${verdict}`)}: ${t('verify:presentation.name')}`)
  return (
    <Stack gap="lg">
      {credentials.some(({ credential }) => credential?.test === true) && <TestBanner />}
      <VerdictFrame
        verdict={verdict}
        place="page"
        eyebrow={t('verify:presentation.eyebrow')}
        headline={t('verify:presentation.name')}
      >
        <Text size="sm">
          {t('verify:presentation.by')}: {holder ?? t('verify:presentation.nobody')}
        </Text>
        <Text mt={6}>
          {t(`verify:presentation.${verdict}`, {
            time: moment(checkedAt),
            checks: decidingChecks(report)
              .map(({ name }) => t(`verify:presentation.names.${name}`))
              .join(', '),
          })}
        </Text>
      </VerdictFrame>
      <Panel title={t('verify:presentation.checks')}>
        <CheckList about={report} checks={checks} isNumbered />
      </Panel>
      <NotProved statements={notProved} />
      {credentials.map((credential, at) => (
        <CredentialInside key={at} report={credential} number={at + 1} count={credentials.length} />
      ))}
      <ReportButtons report={report} onPrint={onPrint} />
    </Stack>
  )
}

interface CredentialInsideProps {
  readonly report: WireReport
  readonly number: number
  readonly count: number
}

/** Its verdict at once, and every check of it for whoever opens it. */
function CredentialInside({ report, number, count }: CredentialInsideProps) {
  const { t } = useTranslation()
  const { credential } = report
  const name = credential?.achievement?.name ?? credential?.name ?? t('verify:presentation.untitled')
  return (
    <Panel title={t('verify:presentation.inside', { number, count, name })}>
      <Stack gap="md">
        <VerdictBanner report={report} place="part" />
        <RefreshedBlock report={report} />
        <Disclosure summary={t('verify:presentation.show')}>
          <PanelLevel value={3}>
            <Stack gap="md">
              <ReportParts report={report} isAlone />
            </Stack>
          </PanelLevel>
        </Disclosure>
      </Stack>
    </Panel>
  )
}
