import { Stack } from '@mantine/core'
import { TestBanner } from '#web/components/test-banner.tsx'
import { RefreshedBlock } from './refreshed-block.tsx'
import { ReportButtons } from './report-buttons.tsx'
import { ReportParts } from './report-parts.tsx'
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
  return (
    <Stack gap="lg">
      {isPage && report.credential?.test === true && <TestBanner />}
      <VerdictBanner report={report} place={isPage ? 'page' : 'inline'} />
      <RefreshedBlock report={report} />
      <ReportParts report={report} picture={picture} isAlone={isPage} />
      <ReportButtons report={report} onPrint={onPrint} />
    </Stack>
  )
}
