import { readFileSync } from 'node:fs'
import { healthRoutes } from '#api/http/health.ts'
import { openApiRoutes } from '#api/http/openapi-routes.ts'
import { problemRoutes } from '#api/http/problem-routes.ts'
import { allRoutes } from '#api/routes/all-routes.ts'
import { generatedFile } from './generated-file.ts'

/** Stands for every service: routes may hold it and take it apart, but nothing calls it while they are described. */
const nobody: unknown = new Proxy(() => {}, {
  get: (_target, name) => (name === Symbol.toPrimitive ? () => '' : nobody),
  apply: () => {
    throw new Error('A service was called while the reference was written.')
  },
})

const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string }
const business = allRoutes(nobody as Parameters<typeof allRoutes>[0])
const { document } = openApiRoutes([...business, ...healthRoutes({}), ...problemRoutes()], version)

generatedFile('docs/openapi.json', `${JSON.stringify(document, undefined, 2)}\n`, 'npm run generate')
