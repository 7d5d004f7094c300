import { formatInstant, type Instant } from '#engine/shared/instant.ts'
import type { JsonObject } from '#engine/shared/json.ts'
import { type AnyReport, isPresentationReport } from './presentation-report.ts'

/** Members of a report that are moments, wherever they stand. */
const MOMENTS = new Set([
  'checkedAt',
  'at',
  'awardedDate',
  'validFrom',
  'validUntil',
  'anchoredAt',
  'asOf',
  'signedAt',
])

/** docs/schemas/verification-report.schema.json. */
export const VERIFICATION_REPORT_FORMAT = 'waarmerk-verification-report/1'

/** docs/schemas/presentation-report.schema.json. */
export const PRESENTATION_REPORT_FORMAT = 'waarmerk-presentation-report/1'

/** A report as JSON: moments as RFC 3339, all else as it is. Of a presentation, each credential has a whole report. */
export const reportAsJson = (report: AnyReport): JsonObject =>
  isPresentationReport(report)
    ? {
        format: PRESENTATION_REPORT_FORMAT,
        ...momentsAsText(report),
        credentials: report.credentials.map(reportAsJson),
      }
    : { format: VERIFICATION_REPORT_FORMAT, ...momentsAsText(report) }

/** The same for a part of a report. */
export const momentsAsText = (part: object): JsonObject =>
  JSON.parse(
    JSON.stringify(part, (name, value: unknown) =>
      MOMENTS.has(name) && typeof value === 'number' ? formatInstant(value as Instant) : value,
    ),
  ) as JsonObject
