import { Button, Group, Stack } from '@mantine/core'
import { IconDownload } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { Panel } from '#web/components/panel.tsx'
import { saveJson } from '#web/components/save-json.ts'
import { TestBanner } from '#web/components/test-banner.tsx'
import { EducredentialView } from '#web/credentials/educredential-view.tsx'
import { PersonalPartsView } from '#web/credentials/personal-parts-view.tsx'
import { AnchorBlock } from './anchor-block.tsx'
import { CheckList } from './check-list.tsx'
import { CredentialBlock } from './credential-block.tsx'
import { EndorsementReports } from './endorsement-reports.tsx'
import { NotProved } from './not-proved.tsx'
import { PrintButton } from './print-button.tsx'
import { TrustListBlock } from './trust-list-block.tsx'
import { VerdictBanner } from './verdict-banner.tsx'
import type { WireReport } from './wire-report.ts'

interface ReportViewProps {
  readonly report: WireReport
  readonly picture?: string | undefined
  /** The report is the page itself: its headline is the page's, and what it is about is shown. */
  readonly isPage?: boolean
  /** Has the same printed, where somebody can. */
  readonly onPrint?: (() => Promise<void>) | undefined
}

/** What a verification found: the verdict, each check, the anchor, endorsements, and what was not proved. */
export function ReportView({ report, picture, isPage = false, onPrint }: ReportViewProps) {
  const { t } = useTranslation()
  const { credential, anchor, endorsements } = report
  return (
    <Stack gap="lg">
      {isPage && credential?.test === true && <TestBanner />}
      <VerdictBanner report={report} isPage={isPage} />
      {isPage && credential !== undefined && (
        <CredentialBlock credential={credential} picture={picture} isProved={isProved(report)} />
      )}
      {isPage && credential?.parts !== undefined && <PersonalPartsView parts={credential.parts} />}
      {isPage && credential?.achievement?.educredential !== undefined && (
        <EducredentialView profile={credential.achievement.educredential} />
      )}
      <Panel title={t('verify:checks')}>
        <CheckList report={report} checks={report.checks} isNumbered />
      </Panel>
      {anchor !== undefined && <AnchorBlock anchor={anchor} />}
      {endorsements.length > 0 && <EndorsementReports report={report} />}
      {report.trustLists !== undefined && report.trustLists.length > 0 && (
        <TrustListBlock lists={report.trustLists} />
      )}
      <NotProved report={report} />
      <Group>
        {onPrint !== undefined && <PrintButton onPrint={onPrint} />}
        <Button
          variant="default"
          leftSection={<IconDownload size={16} aria-hidden />}
          onClick={() => saveJson('verification-report.json', report)}
        >
          {t('verify:download')}
        </Button>
      </Group>
    </Stack>
  )
}

const isProved = ({ checks }: WireReport): boolean =>
  checks.some(({ name, outcome }) => name === 'proof' && outcome === 'passed')
