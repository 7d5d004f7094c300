import { readdir, readFile, readlink } from 'node:fs/promises'

export interface RunningProcess {
  readonly pid: number
  readonly parent: number
  readonly command: string
}

/** Living processes whose command line or working folder speaks of `text`, this one left out. Needs /proc. */
export async function processesWith(text: string): Promise<readonly RunningProcess[]> {
  const found: RunningProcess[] = []
  for (const entry of await readdir('/proc')) {
    const pid = Number(entry)
    if (!Number.isInteger(pid) || pid === process.pid) continue
    const command = (await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')).replaceAll('\0', ' ')
    const workingFolder = await readlink(`/proc/${pid}/cwd`).catch(() => '')
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '')
    const [state, parent] = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    if (`${command} ${workingFolder}`.includes(text) && state !== 'Z' && state !== 'X')
      found.push({ pid, parent: Number(parent), command })
  }
  return found
}
