import { getCompileCacheDir } from 'node:module'
import { dirname } from 'node:path'
import { type ResourceLimits, Worker } from 'node:worker_threads'

const BEGIN = new URL('./begin-thread.mjs', import.meta.url)

/**
 * A thread that runs a script with its own memory. What this process keeps of compiled code it has too, which a thread has not by
 * itself: without, it starts in twice the time and holds a third more.
 */
export function openThread(
  script: URL,
  { workerData, limits }: { readonly workerData?: unknown; readonly limits: ResourceLimits },
): Worker {
  const kept = getCompileCacheDir()
  return new Worker(BEGIN, {
    workerData,
    // The folder has one inside it for this version of Node, which it finds itself.
    argv: kept === undefined ? [script.href] : [script.href, dirname(kept)],
    // Flags of the process are not for a thread, and secrets in its environment neither.
    execArgv: [],
    env: {},
    resourceLimits: limits,
  })
}
