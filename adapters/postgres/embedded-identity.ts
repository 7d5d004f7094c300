import { spawn } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { EmbeddedPostgresError } from './embedded-errors.ts'

/** As whom the server runs. */
export interface Identity {
  /** Stands before the command. */
  readonly prefix: readonly string[]
  /** Whom the child becomes. */
  readonly as: { readonly uid: number; readonly gid: number } | Record<never, never>
  /** Who must own the files; undefined where that is us. */
  readonly owner: { readonly uid: number; readonly gid: number } | undefined
}

/** All that a child of ours is told of our environment: no password or key of it can end up in its log. */
export const BARE_ENVIRONMENT = {
  PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
  LC_ALL: 'C',
}

const OURSELVES: Identity = { prefix: [], as: {}, owner: undefined }

/**
 * PostgreSQL refuses to run as root. As root, become `postgres` or `nobody`. Where that account cannot reach the
 * program or the folder (a checkout below /root, say), keep for it the one capability to do so, or else stay who
 * we are in a user namespace in which we are not called root.
 */
export async function findIdentity(
  program: string,
  folder: string,
  environment: Readonly<Record<string, string>>,
): Promise<Identity> {
  if (process.getuid?.() !== 0) return OURSELVES
  for (const identity of await candidates()) {
    if (await canRun(program, folder, identity, environment)) return identity
  }
  throw new EmbeddedPostgresError(
    'no-identity',
    folder,
    'The embedded PostgreSQL cannot run as root here. Start as another user, or set DATABASE_URL to a server of your own.',
  )
}

async function candidates(): Promise<Identity[]> {
  const accounts = (await readFile('/etc/passwd', 'utf8').catch(() => ''))
    .split('\n')
    .map((line) => line.split(':'))
  const account =
    accounts.find(([name]) => name === 'postgres') ?? accounts.find(([name]) => name === 'nobody')
  const uid = Number(account?.[2] ?? 65_534)
  const gid = Number(account?.[3] ?? 65_534)
  const owner = { uid, gid }
  const onlyReach = [
    '--inh-caps',
    '-all,+dac_override',
    '--ambient-caps',
    '+dac_override',
    '--bounding-set',
    '-all,+dac_override',
  ]
  return [
    { prefix: [], as: owner, owner },
    {
      prefix: ['setpriv', '--reuid', `${uid}`, '--regid', `${gid}`, '--clear-groups', ...onlyReach],
      as: {},
      owner,
    },
    { prefix: ['unshare', '--user', '--map-user=65534', '--map-group=65534'], as: {}, owner: undefined },
  ]
}

/** Whether this identity can enter the folder and start the program. */
function canRun(
  program: string,
  folder: string,
  { prefix, as }: Identity,
  environment: Readonly<Record<string, string>>,
): Promise<boolean> {
  const [file, ...rest] = [
    ...prefix,
    '/bin/sh',
    '-c',
    'cd "$1" && exec "$2" --version',
    'probe',
    folder,
    program,
  ]
  return new Promise((settle) => {
    const probe = spawn(file ?? '/bin/sh', rest, {
      stdio: 'ignore',
      cwd: '/',
      env: { ...BARE_ENVIRONMENT, ...environment },
      ...as,
    })
    probe.once('error', () => settle(false))
    probe.once('exit', (code) => settle(code === 0))
  })
}
