import { readFileSync } from 'node:fs'
import * as z from 'zod'
import type { JsonObject } from '#engine/shared/json.ts'
import type { VcApiSettings } from './compose/parts.ts'
import type { Config } from './config.ts'
import { startErrors } from './start-errors.ts'

const Controllers = z.record(z.string(), z.looseObject({ id: z.string() }))
const Resources = z.record(z.url(), z.array(z.string().regex(/^(?:sha(?:256|384|512)-|[umfz])\S+$/)).min(1))

/** What is set for VC-API and its verifier. Reads the files that are named; throws StartError where one is not what it must be. */
export function readVcApiSettings(config: Config): VcApiSettings {
  const controllers = readFile('TRUSTED_CONTROLLERS_FILE', config.TRUSTED_CONTROLLERS_FILE, Controllers)
  const resources = readFile('RELATED_RESOURCES_FILE', config.RELATED_RESOURCES_FILE, Resources)
  const misnamed = Object.entries(controllers).find(([id, document]) => document.id !== id)
  if (misnamed !== undefined)
    throw startErrors.settings([`TRUSTED_CONTROLLERS_FILE.${misnamed[0]} is the document of somebody else`])
  return {
    didKeyIssuer: config.VC_API_DID_KEY_ISSUER === true,
    controllers: new Map(Object.entries(controllers) as [string, JsonObject][]),
    // Digests are compared without padding.
    resources: new Map(
      Object.entries(resources).map(([url, digests]) => [
        url,
        digests.map((each) => each.replace(/=+$/, '')),
      ]),
    ),
  }
}

function readFile<T extends z.ZodRecord>(
  setting: string,
  file: string | undefined,
  schema: T,
): z.output<T> | Record<string, never> {
  if (file === undefined) return {}
  let value: unknown
  try {
    value = JSON.parse(readFileSync(file, 'utf8'))
  } catch {
    throw startErrors.settings([`${setting} must name a file with JSON`])
  }
  const parsed = schema.safeParse(value)
  if (parsed.success) return parsed.data
  throw startErrors.settings(
    parsed.error.issues.map(({ path, message }) => `${[setting, ...path].join('.')} ${message}`),
  )
}
