/**
 * Builds the verifier alone into dist/verify: static files that work from any folder of any server, and ask no API of
 * ours. Run by `npm start`, which serves it under /verifier; tests call `buildVerifier`.
 */
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { buildOnce } from './build-once.ts'

export const VERIFIER_DIRECTORY = join(import.meta.dirname, '../dist/verify')

/** Answers whether there was anything to build. */
export const buildVerifier = (): Promise<boolean> =>
  buildOnce({
    config: 'web/verify/vite.config.ts',
    out: 'dist/verify',
    sources: [
      'web/{public,verify}/**/*',
      'web/src/{app,components,credentials,i18n,verify}/**/*',
      'adapters/{crypto,ethereum}/**/*',
      'engine/**/*.ts',
      'services/{ports,verify}/*.ts',
      'package-lock.json',
    ],
  })

if (process.argv[1] !== undefined && resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
  const built = await buildVerifier()
  console.log(
    built
      ? 'The verifier was built in dist/verify: its files work on any web server.'
      : 'The verifier is up to date.',
  )
}
