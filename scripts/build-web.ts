/**
 * Builds the web application into dist/web, unless what is there was built from the same sources.
 * Run by `npm start` and CI; tests call `buildWeb`.
 */
import { createHash } from 'node:crypto'
import { globSync } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

const ROOT = fileURLToPath(new URL('..', import.meta.url))
const OUT = join(ROOT, 'dist/web')
/** Says of which sources dist/web was built. Inside it, so that both come and go together. */
const STAMP = join(OUT, '.sources')
/** Everything that ends up in the application. */
const SOURCES = [
  'web/**/*',
  'api/schemas/*.ts',
  'adapters/crypto/*.ts',
  'engine/shared/*.ts',
  'package-lock.json',
]

/** Answers whether there was anything to build. Takes seconds; nothing when the sources are the same. */
export async function buildWeb(): Promise<boolean> {
  const digest = await digestOfSources()
  if (await isBuilt(digest)) return false
  const { build } = await import('vite')
  await build({ configFile: join(ROOT, 'web/vite.config.ts'), mode: 'production', logLevel: 'warn' })
  await writeFile(STAMP, digest)
  return true
}

async function isBuilt(digest: string): Promise<boolean> {
  const [stamp, index] = await Promise.all([textOf(STAMP), textOf(join(OUT, 'index.html'))])
  return stamp === digest && index !== undefined
}

async function digestOfSources(): Promise<string> {
  const files = SOURCES.flatMap((pattern) => globSync(pattern, { cwd: ROOT, withFileTypes: true }))
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

if (process.argv[1] !== undefined && resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
  const start = performance.now()
  const built = await buildWeb()
  const seconds = ((performance.now() - start) / 1000).toFixed(1)
  console.log(built ? `The web application was built in ${seconds} s.` : 'The web application is up to date.')
}
