import type * as z from 'zod'
import type { AnyVerificationReport, VerificationReport as ReportSchema } from '#api/schemas/verification.ts'
import type { AnyReport } from '#engine/verification/presentation-report.ts'
import { reportAsJson } from '#engine/verification/report-as-json.ts'
import type { VerificationReport } from '#engine/verification/verification-report.ts'

export const showReport = (report: VerificationReport): z.input<typeof ReportSchema> =>
  reportAsJson(report) as z.input<typeof ReportSchema>

export const showAnyReport = (report: AnyReport): z.input<typeof AnyVerificationReport> =>
  reportAsJson(report) as z.input<typeof AnyVerificationReport>
