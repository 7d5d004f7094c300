import { BUSY, createDrawingQueue } from '#adapters/images/drawing-queue.ts'
import { errors } from '#engine/errors/catalogue.ts'
import type { PrintCertificate } from '#services/ports/certificate-paper.ts'

/**
 * One paper at a time, as each keeps the processor busy and holds some megabytes until it is done: a hundred people who ask at once
 * wait for each other, and whoever comes when the line is full is told to come again (`unavailable`).
 */
export function printInTurn(print: PrintCertificate, mostWaiting: number): PrintCertificate {
  const inLine = createDrawingQueue(mostWaiting)
  return async (certificate, parts) => {
    const paper = await inLine(() => print(certificate, parts))
    if (paper === BUSY) throw errors.unavailable({ what: 'printing of certificates' })
    return paper
  }
}
