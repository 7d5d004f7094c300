import { Zip, ZipDeflate, ZipPassThrough } from 'fflate'
import type { Archive, ArchiveFile } from '#services/ports/archive.ts'

/** What does not become smaller by being packed. */
const PACKED = /\.(?:png|pdf|zip|jpg)$/

/** A ZIP file, with the CRC and size of each file behind it, as a stream must have them. */
export const zipArchive: Archive = async function* (files) {
  const ready: Uint8Array[] = []
  const zip = new Zip((error, chunk) => {
    if (error !== null) throw error
    ready.push(chunk)
  })
  for await (const file of files) {
    add(zip, file)
    yield* ready.splice(0)
  }
  zip.end()
  yield* ready.splice(0)
}

function add(zip: Zip, { name, bytes }: ArchiveFile): void {
  const entry = PACKED.test(name) ? new ZipPassThrough(name) : new ZipDeflate(name, { level: 6 })
  zip.add(entry)
  entry.push(bytes, true)
}
