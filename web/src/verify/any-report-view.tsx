import { PresentationView } from './presentation-view.tsx'
import { ReportView } from './report-view.tsx'
import { isWirePresentation, type WireAnyReport } from './wire-report.ts'

interface AnyReportViewProps {
  readonly report: WireAnyReport
  readonly picture?: string | undefined
  readonly onPrint?: (() => Promise<void>) | undefined
}

/** The report as a page of its own: of a credential, or of a presentation with some in it. */
export const AnyReportView = ({ report, picture, onPrint }: AnyReportViewProps) =>
  isWirePresentation(report) ? (
    <PresentationView report={report} onPrint={onPrint} />
  ) : (
    <ReportView report={report} picture={picture} isPage onPrint={onPrint} />
  )
