import { csvSeparator, readCsvRecord } from './csv-record.ts'

export type Csv =
  | { readonly ok: true; readonly header: readonly string[]; readonly rows: readonly (readonly string[])[] }
  /** `row`: 1 is the first after the header, 0 the header. */
  | { readonly ok: false; readonly row: number; readonly reason: string }

/** What is done about a row of more or fewer fields than the header: it makes the table none, or is handed on as it is. */
export type RaggedRows = 'refused' | 'kept'

/**
 * Reads a table (RFC 4180): a header, then rows of as many fields. Fields are apart by commas, or by semicolons where the
 * header has those and no comma, as spreadsheets of some countries write. Quotes may hold both, and ends of lines.
 * Blank rows are left out. Linear in the text; stops at the first fault.
 */
export function parseCsv(text: string, maxRows: number, ragged: RaggedRows = 'refused'): Csv {
  const body = text.startsWith('\ufeff') ? text.slice(1) : text
  const [firstLine = ''] = body.split(/\r?\n/, 1)
  const separator = csvSeparator(firstLine)
  const records: (readonly string[])[] = []
  const fault = (reason: string, row = records.length): Csv => ({ ok: false, row, reason })
  for (let at = 0; at < body.length; ) {
    const read = readCsvRecord(body, at, separator, true)
    if (read === undefined) break
    if (!read.ok) return fault(read.reason)
    at = read.end
    if (isBlank(read.fields)) continue
    const wanted = records[0]?.length
    if (wanted !== undefined && wanted !== read.fields.length && ragged === 'refused')
      return fault(`it has ${read.fields.length} fields, the header ${wanted}`)
    records.push(read.fields)
    if (records.length > maxRows + 1) return fault(`there are more than ${maxRows} rows`, maxRows + 1)
  }
  const [header, ...rows] = records
  return header === undefined ? fault('it is empty') : { ok: true, header, rows }
}

/** A line with nothing on it. */
export const isBlank = (fields: readonly string[]): boolean => fields.length === 1 && fields[0] === ''
