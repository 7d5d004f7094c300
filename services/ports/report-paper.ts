import type { AnyReport } from '#engine/verification/presentation-report.ts'

export interface ReportPaperOptions {
  readonly language: 'nl' | 'en'
  /** Where the same can be verified again; stands on the paper as a QR code. Without it there is none. */
  readonly page?: string
}

/** Prints a verification report as PDF: the same report gives the same bytes. */
export type PrintReport = (report: AnyReport, options: ReportPaperOptions) => Promise<Uint8Array>
