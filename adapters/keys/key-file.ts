import { randomBytes } from 'node:crypto'
import { link, open, readFile, stat, unlink } from 'node:fs/promises'
import { dirname } from 'node:path'

/** Why a key file cannot be used; `app/` words it for the person who starts the product. */
export type KeyFileFault =
  | 'missing'
  | 'unreadable'
  | 'open-to-others'
  | 'malformed'
  | 'not-writable'
  /** An encrypted file without a passphrase, with a wrong one, or that no passphrase opens. */
  | 'locked'
  | 'wrong-passphrase'
  | 'damaged-keystore'

export class KeyFileError extends Error {
  readonly fault: KeyFileFault
  readonly file: string

  constructor(fault: KeyFileFault, file: string, cause?: unknown) {
    super(`Key file ${file}: ${fault}.`, cause === undefined ? undefined : { cause })
    this.name = 'KeyFileError'
    this.fault = fault
    this.file = file
  }
}

/**
 * Reads a secret key of 32 bytes: 64 hexadecimal digits in a file that nobody but its owner may read.
 * With `create` a missing one is made (the first start on an empty data folder). Throws KeyFileError.
 */
export async function loadKeyFile(
  file: string,
  { create }: { readonly create: boolean },
): Promise<Uint8Array> {
  const text = await readSecretFile(file, create ? () => createKeyFile(file) : undefined)
  const key = parseKey(text)
  if (key === undefined) throw new KeyFileError('malformed', file)
  return key
}

/** Reads a file that nobody but its owner may read, or makes a missing one where it is said how. Throws KeyFileError. */
export async function readSecretFile(file: string, make?: () => Promise<string>): Promise<string> {
  const text = await readFile(file, 'utf8').catch(async (error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw new KeyFileError('unreadable', file, error)
    if (make === undefined) throw new KeyFileError('missing', file, error)
    return make()
  })
  // Windows has no such bits.
  const { mode } = await stat(file)
  if (process.platform !== 'win32' && (mode & 0o077) !== 0) throw new KeyFileError('open-to-others', file)
  return text
}

/** Reads 64 hexadecimal digits, with or without `0x`; undefined for anything else. */
export function parseKey(text: string): Uint8Array | undefined {
  const digits = text.trim().replace(/^0x/, '')
  return /^[0-9a-fA-F]{64}$/.test(digits) ? new Uint8Array(Buffer.from(digits, 'hex')) : undefined
}

/** Written whole and to disk before it gets its name: a start that is killed leaves no half key. */
async function createKeyFile(file: string): Promise<string> {
  const side = `${file}.${randomBytes(6).toString('hex')}.new`
  try {
    const text = `${randomBytes(32).toString('hex')}\n`
    const handle = await open(side, 'wx', 0o600)
    try {
      await handle.writeFile(text)
      await handle.sync()
    } finally {
      await handle.close()
    }
    await link(side, file)
    await unlink(side)
    const folder = await open(dirname(file), 'r')
    await folder.sync().finally(() => folder.close())
    return text
  } catch (error) {
    await unlink(side).catch(() => {})
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return readFile(file, 'utf8')
    throw new KeyFileError('not-writable', file, error)
  }
}
