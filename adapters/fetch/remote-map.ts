import { readFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { readDidWeb } from '#engine/credentials/did-web.ts'
import { platformErrors } from '#engine/errors/platform-errors.ts'
import { isJsonObject, type Json } from '#engine/shared/json.ts'
import type { GuardedFetch } from '#services/ports/guarded-fetch.ts'

/** What is at an address, for runs without a network. A did:web stands under the address of its document. */
export type RemoteMap = ReadonlyMap<string, Uint8Array>

/**
 * Reads a map of addresses to files beside it: `{ "https://…": { "file": "…" }, "did:web:…": { "file": "…" } }`.
 * For tests and conformance runs, never in production: it says what others publish.
 * Throws a plain Error that names the file and what is wrong in it.
 */
export function readRemoteMap(file: string): RemoteMap {
  const entries = readObject(file)
  return new Map(
    Object.entries(entries).map(([name, entry]) => {
      const beside = isJsonObject(entry) ? entry['file'] : undefined
      if (typeof beside !== 'string') throw new Error(`${file}: the entry ${name} names no file`)
      return [readDidWeb(name)?.url ?? name, new Uint8Array(readFileSync(resolve(dirname(file), beside)))]
    }),
  )
}

/** Answers from the map, and refuses every address that is not in it: nobody is asked. */
export const createMappedFetch =
  (map: RemoteMap): GuardedFetch =>
  async (url) => {
    const body = map.get(url)
    if (body === undefined)
      throw platformErrors.fetchFailed({ host: URL.parse(url)?.hostname ?? '', reason: 'connection' })
    return { status: 200, mediaType: 'application/json', body }
  }

/** Those entries of a map that are JSON-LD contexts, for the suite. */
export function contextsOf(map: RemoteMap): ReadonlyMap<string, object> {
  const contexts = new Map<string, object>()
  for (const [url, bytes] of map) {
    const document = parse(bytes)
    if (isJsonObject(document) && isJsonObject(document['@context'])) contexts.set(url, document)
  }
  return contexts
}

function readObject(file: string) {
  const value = parse(readFileSync(file))
  if (!isJsonObject(value)) throw new Error(`${file}: it is no JSON object`)
  return value
}

function parse(bytes: Uint8Array): Json | undefined {
  try {
    return JSON.parse(new TextDecoder().decode(bytes)) as Json
  } catch {
    return undefined
  }
}
