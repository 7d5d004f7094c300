import { readFile } from 'node:fs/promises'

const LOOK_MS = 500

/**
 * Calls `gone` when the npm that started this process is killed: nobody would be there any more to pass a Ctrl-C on, and
 * who kills npm means the product. Does nothing where somebody else has started it, or where there is no /proc.
 */
export async function watchNpm(gone: () => void): Promise<void> {
  const chain = await chainToNpm()
  if (chain === undefined) return
  const timer = setInterval(async () => {
    // Whoever loses its parent gets another one at once.
    if ((await parentOf(chain.child)) === chain.npm) return
    clearInterval(timer)
    gone()
  }, LOOK_MS)
  timer.unref()
}

/** npm runs a script directly or in a shell of its own. */
async function chainToNpm(): Promise<{ readonly child: number; readonly npm: number } | undefined> {
  for (let child = process.pid, left = 2; left > 0; left--) {
    const parent = await parentOf(child)
    if (parent === undefined) return undefined
    const command = await readFile(`/proc/${parent}/cmdline`, 'utf8').catch(() => '')
    if (/^npm\b|\bnpm-cli\.js\b/.test(command)) return { child, npm: parent }
    if (!/^(?:\S*\/)?(?:ba|da)?sh\0-c\0/.test(command)) return undefined
    child = parent
  }
  return undefined
}

async function parentOf(pid: number): Promise<number | undefined> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '')
  const parent = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1])
  return Number.isInteger(parent) && parent > 0 ? parent : undefined
}
