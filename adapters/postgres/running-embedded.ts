import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { embeddedUrl } from './embedded-url.ts'

/**
 * The address of the private PostgreSQL that runs on this folder, for programs of whoever may read the folder; undefined
 * where none runs. The server writes its port fourth and its state eighth into `postmaster.pid`.
 */
export async function findRunningPostgres(directory: string, database: string): Promise<string | undefined> {
  const read = (...path: string[]) => readFile(join(directory, ...path), 'utf8').catch(() => undefined)
  const [password, pidFile] = [await read('password'), await read('data', 'postmaster.pid')]
  const lines = pidFile?.split('\n') ?? []
  const port = Number(lines[3])
  if (password === undefined || lines[7]?.trim() !== 'ready' || !Number.isInteger(port)) return undefined
  return embeddedUrl({ password, port, database })
}
