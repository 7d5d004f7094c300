import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'

/** A document by somebody else, and what is to be said of it. */
export type CorpusEntry = z.output<typeof Entry>

const Entry = z.object({
  file: z.string(),
  /** Where it is looked at: by the verifier, by the lint before signing, or by the schema alone. */
  stage: z.enum(['verify', 'issue', 'schema']),
  kind: z.enum(['signed', 'unsigned', 'jwt', 'image', 'vector']),
  expected: z.enum(['valid', 'invalid']),
  why: z.string(),
  /** Set where a verifier may well say something else, with the reason. */
  policy: z.string().optional(),
  note: z.string().optional(),
  needs: z.array(z.string()).optional(),
  resolvable: z.enum(['self-contained', 'with remote/map.json', 'no']).optional(),
})

/** Reads `DIR/manifest.json`. Throws when an entry is of a stage or kind that this runner does not know. */
export const readManifest = (folder: string): readonly CorpusEntry[] =>
  z.array(Entry).parse(JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8')))

export const readEntry = (folder: string, entry: CorpusEntry): Uint8Array =>
  new Uint8Array(readFileSync(join(folder, entry.file)))
