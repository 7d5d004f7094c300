/** The thread of `printing-threads.ts`: takes what is to be printed, answers the paper. */
import { parentPort } from 'node:worker_threads'
import { printCertificate } from '#adapters/paper/print-certificate.ts'
import { printReport } from '#adapters/paper/print-report.ts'
import type { PrintJob } from './printing-threads.ts'

parentPort?.on('message', (job: PrintJob) => {
  // What cannot be printed ends the thread with its reason, as nobody knows what it left behind.
  void print(job).then((paper) => parentPort?.postMessage(paper, [paper.buffer as ArrayBuffer]))
})
parentPort?.postMessage('ready')

const print = (job: PrintJob): Promise<Uint8Array> =>
  job.kind === 'report' ? printReport(job.report, job.options) : printCertificate(job.certificate, job.parts)
