/**
 * Builds the web application into dist/web, unless what is there was built from the same sources.
 * Run by `npm start` and CI; tests call `buildWeb`.
 */
import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { buildOnce } from './build-once.ts'

/** Answers whether there was anything to build. */
export const buildWeb = (): Promise<boolean> =>
  buildOnce({
    config: 'web/vite.config.ts',
    out: 'dist/web',
    sources: [
      'web/*',
      'web/{public,src}/**/*',
      'api/schemas/*.ts',
      'adapters/crypto/*.ts',
      'engine/shared/*.ts',
      'package-lock.json',
    ],
  })

if (process.argv[1] !== undefined && resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
  const start = performance.now()
  const built = await buildWeb()
  const seconds = ((performance.now() - start) / 1000).toFixed(1)
  console.log(built ? `The web application was built in ${seconds} s.` : 'The web application is up to date.')
}
