import { readFile, stat } from 'node:fs/promises'
import { basename } from 'node:path'
import type { Json } from '#engine/shared/json.ts'
import { parseStrictJson } from '#engine/shared/strict-json.ts'
import { TRUST_LIST_LIMITS } from '#engine/verification/trust-list.ts'
import type { TrustListSource } from '#services/ports/verification-sources.ts'

/** Trust lists in files, read again when they have changed: a new version needs no restart. */
export function createTrustListFiles(paths: readonly string[]): TrustListSource {
  const kept = new Map<string, { readonly version: string; readonly json: Json | undefined }>()
  const read = async (path: string): Promise<Json | undefined> => {
    try {
      const { mtimeMs, size, ino } = await stat(path)
      const version = `${mtimeMs} ${size} ${ino}`
      const known = kept.get(path)
      if (known?.version === version) return known.json
      const json = size > TRUST_LIST_LIMITS.maxBytes ? undefined : parse(await readFile(path))
      kept.set(path, { version, json })
      return json
    } catch {
      // It is told with every report as one that cannot be read, and counts for nothing.
      kept.delete(path)
      return undefined
    }
  }
  return {
    read: () => Promise.all(paths.map(async (path) => ({ from: basename(path), json: await read(path) }))),
  }
}

function parse(bytes: Uint8Array): Json | undefined {
  const parsed = parseStrictJson(bytes, TRUST_LIST_LIMITS)
  return parsed.ok ? parsed.value : undefined
}
