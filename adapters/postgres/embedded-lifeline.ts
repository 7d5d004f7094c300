import { type ChildProcess, spawn } from 'node:child_process'
import { Socket } from 'node:net'
import type { Readable, Writable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { BARE_ENVIRONMENT, type Identity } from './embedded-identity.ts'

/**
 * Why a shell stands between us and the server.
 *
 * `kill -9` gives this process no chance to stop the server that it started, and a server without its parent
 * would hold the folder and its memory for ever. So the server's parent is a small shell that reads from a pipe
 * of ours and nothing else. The kernel closes our end of the pipe however we die; the shell reads end of file
 * and asks the server to shut down. The session is the shell's own, so that Ctrl-C in a terminal reaches
 * us alone, and we stop the server after the last query.
 *
 * The shell prints the server's process id, sends its output to the log, and ends with its exit code.
 */
const LIFELINE = `
"$@" </dev/null >&2 3<&- &
server=$!
echo "$server"
exec >&2
{ while read -r _; do :; done; kill -INT "$server" 2>/dev/null; } <&3 &
reader=$!
exec 3<&-
wait "$server"
code=$?
kill "$reader" 2>/dev/null
exit "$code"
`

export interface OnLifeline {
  readonly pid: number
  /** Settles with the exit code when the process has ended; never rejects. */
  readonly exited: Promise<number>
  /** Lets this process end although the other one runs. `release` takes it back. */
  unref(): void
  /** Asks for a shutdown in the way that our own death would. */
  release(): void
  kill(signal: NodeJS.Signals): void
}

export interface LifelineOptions {
  readonly identity: Identity
  readonly environment: Readonly<Record<string, string>>
  /** Open file that takes the output. */
  readonly log: number
}

/** Starts a program that will not outlive this process, not even by `kill -9`. */
export async function spawnOnLifeline(
  program: string,
  parameters: readonly string[],
  { identity, environment, log }: LifelineOptions,
): Promise<OnLifeline> {
  const [file, ...rest] = [...identity.prefix, '/bin/sh', '-c', LIFELINE, 'lifeline', program, ...parameters]
  if (file === undefined) throw new Error('Nothing to start.')
  const shell = spawn(file, rest, {
    stdio: ['ignore', 'pipe', log, 'pipe'],
    cwd: '/',
    detached: true,
    env: { ...BARE_ENVIRONMENT, ...environment },
    ...identity.as,
  })
  const exited = exitCode(shell)
  const lifeline = shell.stdio[3] as Writable
  lifeline.on('error', () => {})
  const pid = Number(await text(shell.stdout as Readable))
  if (!Number.isInteger(pid) || pid <= 1) {
    const code = await exited
    return { pid: 0, exited: Promise.resolve(code || 1), unref() {}, release() {}, kill() {} }
  }
  return {
    pid,
    exited,
    unref() {
      shell.unref()
      if (lifeline instanceof Socket) lifeline.unref()
    },
    release() {
      shell.ref()
      lifeline.end()
    },
    kill(signal) {
      try {
        process.kill(pid, signal)
      } catch {
        // It has ended already.
      }
    },
  }
}

function exitCode(child: ChildProcess): Promise<number> {
  return new Promise((settle) => {
    child.once('error', () => settle(127))
    child.once('exit', (code) => settle(code ?? 1))
  })
}
