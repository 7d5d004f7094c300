import { existsSync } from 'node:fs'
import { readdir, readFile, readlink, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { EmbeddedPostgresError } from './embedded-errors.ts'

const POLITE_MS = 10_000
const PATIENCE_MS = 30_000

/**
 * Waits until no server process works in `data` any more, and asks the ones that do to leave.
 * The caller holds the data folder, so whoever is there was left behind by a start that died: it is on its way out
 * already, or it lost its lifeline. A fast shutdown first; after 10 s an immediate one, from which PostgreSQL recovers.
 */
export async function clearLeftovers(data: string): Promise<void> {
  const began = performance.now()
  let asked: NodeJS.Signals | undefined
  for (;;) {
    const pids = await processesIn(data)
    if (pids.length === 0) break
    const waited = performance.now() - began
    if (waited > PATIENCE_MS) {
      throw new EmbeddedPostgresError(
        'left-over',
        data,
        `PostgreSQL of an earlier start still runs in ${data} (process ${pids.join(', ')}).`,
      )
    }
    const signal = waited > POLITE_MS ? 'SIGQUIT' : 'SIGINT'
    if (signal !== asked) await ask(data, pids, signal)
    asked = signal
    await sleep(50)
  }
  await forgetReusedPid(data)
}

/** PostgreSQL processes whose working folder is `data`. Empty where there is no /proc. */
async function processesIn(data: string): Promise<number[]> {
  const entries = await readdir('/proc').catch(() => [] as string[])
  const found = await Promise.all(
    entries.map(async (entry) => {
      const pid = Number(entry)
      if (!Number.isInteger(pid)) return undefined
      const cwd = await readlink(`/proc/${pid}/cwd`).catch(() => undefined)
      if (cwd !== data) return undefined
      const name = await readFile(`/proc/${pid}/comm`, 'utf8').catch(() => '')
      return name.trim() === 'postgres' ? pid : undefined
    }),
  )
  return found.filter((pid) => pid !== undefined)
}

/** The postmaster passes a shutdown on; without one the backends are told themselves. */
async function ask(data: string, pids: readonly number[], signal: NodeJS.Signals): Promise<void> {
  const postmaster = await postmasterPid(data)
  const whom = postmaster !== undefined && pids.includes(postmaster) ? [postmaster] : pids
  for (const pid of whom) {
    try {
      process.kill(pid, whom === pids ? 'SIGTERM' : signal)
    } catch {
      // Gone between the look and the call.
    }
  }
}

/**
 * A process id is used again sooner or later (after a reboot, in a container at once). PostgreSQL would take
 * whoever bears the number now for its old self and refuse to start. Nobody works in the folder: forget the number.
 */
async function forgetReusedPid(data: string): Promise<void> {
  const pid = await postmasterPid(data)
  if (pid === undefined || !existsSync(`/proc/${pid}`)) return
  await rm(join(data, 'postmaster.pid'), { force: true })
}

async function postmasterPid(data: string): Promise<number | undefined> {
  const file = await readFile(join(data, 'postmaster.pid'), 'utf8').catch(() => '')
  const pid = Number.parseInt(file, 10)
  return Number.isInteger(pid) && pid > 1 ? pid : undefined
}
