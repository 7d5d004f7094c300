import { csvSeparator, readCsvRecord } from '#engine/shared/csv-record.ts'

const MOST_BYTES = 65_536

/** The names of the columns of a table, or none where its first line is no header. */
export async function readColumns(file: Blob): Promise<readonly string[]> {
  const text = (await file.slice(0, MOST_BYTES).text()).replace(/^\ufeff/, '')
  const header = readCsvRecord(
    text,
    0,
    csvSeparator(text.split(/\r?\n/, 1)[0] ?? ''),
    file.size <= MOST_BYTES,
  )
  if (header === undefined || !header.ok) return []
  return [...new Set(header.fields.map((name) => name.trim()).filter((name) => name !== ''))]
}
