import { createHash } from 'node:crypto'
import { globSync } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const ROOT = fileURLToPath(new URL('..', import.meta.url))

export interface Build {
  /** Of Vite, from the root of the repository. */
  readonly config: string
  readonly out: string
  /** Everything that ends up in what is built. */
  readonly sources: readonly string[]
}

/**
 * Builds with Vite, unless what is there was built from the same sources. Answers whether there was anything to build.
 * Takes seconds; nothing when the sources are the same.
 */
export async function buildOnce({ config, out, sources }: Build): Promise<boolean> {
  const digest = await digestOf(sources)
  // Says of which sources it was built. Inside it, so that both come and go together.
  const stamp = join(ROOT, out, '.sources')
  const [held, index] = await Promise.all([textOf(stamp), textOf(join(ROOT, out, 'index.html'))])
  if (held === digest && index !== undefined) return false
  const { build } = await import('vite')
  await build({ configFile: join(ROOT, config), mode: 'production', logLevel: 'warn' })
  await writeFile(stamp, digest)
  return true
}

async function digestOf(sources: readonly string[]): Promise<string> {
  const files = sources
    .flatMap((pattern) => globSync(pattern, { cwd: ROOT, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
  const hash = createHash('sha256')
  for (const file of files) {
    const bytes = await readFile(file)
    hash.update(`${file.slice(ROOT.length)}\n${bytes.length}\n`).update(bytes)
  }
  return hash.digest('hex')
}

const textOf = (file: string): Promise<string | undefined> => readFile(file, 'utf8').catch(() => undefined)
