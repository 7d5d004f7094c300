import type * as z from 'zod'
import type { VerificationReport as ReportSchema } from '#api/schemas/verification.ts'
import { formatInstant, type Instant } from '#engine/shared/instant.ts'
import type { VerificationReport } from '#engine/verification/verification-report.ts'

/** Members of a report that are moments, wherever they stand. */
const MOMENTS = new Set(['checkedAt', 'at', 'awardedDate', 'validFrom', 'validUntil', 'anchoredAt'])

/** A report as JSON: moments as RFC 3339, all else as it is. */
export const showReport = (report: VerificationReport): z.input<typeof ReportSchema> =>
  JSON.parse(
    JSON.stringify(report, (name, value: unknown) =>
      MOMENTS.has(name) && typeof value === 'number' ? formatInstant(value as Instant) : value,
    ),
  ) as z.input<typeof ReportSchema>
