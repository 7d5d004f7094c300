import { readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { SampleNotes } from './seed-sample.ts'

const FILE = 'sample.json'

/** Keeps what the sample left behind, for the next start and for the demo. */
export async function keepSampleNotes(
  dataFolder: string,
  { organisationId, apiKey, verifyUrl }: SampleNotes,
): Promise<void> {
  const path = join(dataFolder, FILE)
  await writeFile(`${path}.new`, JSON.stringify({ organisationId, apiKey, verifyUrl }), { mode: 0o600 })
  await rename(`${path}.new`, path)
}

/** Undefined where no sample was ever made. */
export async function readSampleNotes(dataFolder: string): Promise<SampleNotes | undefined> {
  try {
    return JSON.parse(await readFile(join(dataFolder, FILE), 'utf8')) as SampleNotes
  } catch {
    return undefined
  }
}
