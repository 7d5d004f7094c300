/**
 * Builds the verifier alone into dist/verify: static files that work from any folder of any server, and ask no API of ours.
 */
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

const ROOT = fileURLToPath(new URL('..', import.meta.url))
export const VERIFIER_DIRECTORY = join(ROOT, 'dist/verify')

export async function buildVerifier(): Promise<void> {
  const { build } = await import('vite')
  await build({ configFile: join(ROOT, 'web/verify/vite.config.ts'), mode: 'production', logLevel: 'warn' })
}

if (process.argv[1] !== undefined && resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
  await buildVerifier()
  console.log('The verifier was built in dist/verify: put these files on any web server.')
}
