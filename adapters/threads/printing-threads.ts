import type { Certificate } from '#engine/credentials/certificate.ts'
import { errors } from '#engine/errors/catalogue.ts'
import type { AnyReport } from '#engine/verification/presentation-report.ts'
import type { CertificateParts, PrintCertificate } from '#services/ports/certificate-paper.ts'
import type { PrintReport, ReportPaperOptions } from '#services/ports/report-paper.ts'
import { createThreadPool, type ThreadBounds } from './thread-pool.ts'

export interface PrintingThreads {
  /** Both throw `rate-limited` for who has too many waiting, and `unavailable` where all have, or where it was given up. */
  readonly printReport: PrintReport
  readonly printCertificate: PrintCertificate
  /** Ends the thread; what still waits is given up. */
  close(): Promise<void>
}

export type PrintJob =
  | { readonly kind: 'report'; readonly report: AnyReport; readonly options: ReportPaperOptions }
  | { readonly kind: 'certificate'; readonly certificate: Certificate; readonly parts: CertificateParts }

/**
 * Prints beside the event loop, which one report held for up to two seconds: of a presentation of sixteen credentials with sixteen
 * endorsements each. One paper at a time, as each holds some megabytes until it is done.
 */
export function createPrintingThreads(bounds: Partial<ThreadBounds> = {}): PrintingThreads {
  const { run, close } = createThreadPool<PrintJob, Uint8Array>({
    script: new URL('./printing-thread.ts', import.meta.url),
    threads: 1,
    // Several times what the largest takes.
    deadlineMs: 20_000,
    queue: 64,
    share: 8,
    reserve: 64,
    memoryMb: 256,
    mostJobs: 1000,
    what: 'printing',
    ...bounds,
  })
  const print = async (job: PrintJob): Promise<Uint8Array> => {
    const outcome = await run(job)
    if (!outcome.ok) throw errors.unavailable({ what: 'printing' }, new Error(`The paper ${outcome.why}.`))
    return outcome.done
  }
  return {
    printReport: (report, options) => print({ kind: 'report', report, options }),
    printCertificate: (certificate, parts) => print({ kind: 'certificate', certificate, parts }),
    close,
  }
}
