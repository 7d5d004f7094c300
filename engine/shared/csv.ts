export type Csv =
  | { readonly ok: true; readonly header: readonly string[]; readonly rows: readonly (readonly string[])[] }
  /** `row`: 1 is the first after the header, 0 the header. */
  | { readonly ok: false; readonly row: number; readonly reason: string }

/**
 * Reads a table (RFC 4180): a header, then rows of as many fields. Fields are apart by commas, or by semicolons where the
 * header has those and no comma, as spreadsheets of some countries write. Quotes may hold both, and ends of lines.
 * Blank rows are left out. Linear in the text; stops at the first fault.
 */
export function parseCsv(text: string, maxRows: number): Csv {
  const body = text.startsWith('\ufeff') ? text.slice(1) : text
  const [firstLine = ''] = body.split(/\r?\n/, 1)
  const separator = firstLine.includes(';') && !firstLine.includes(',') ? ';' : ','
  const records: string[][] = []
  let record: string[] = []
  let at = 0
  const fault = (reason: string): Csv => ({ ok: false, row: records.length, reason })
  while (at < body.length) {
    let field = ''
    if (body.charAt(at) === '"') {
      at += 1
      for (;;) {
        const end = body.indexOf('"', at)
        if (end < 0) return fault('a quote does not end')
        field += body.slice(at, end)
        at = end + 1
        if (body.charAt(at) !== '"') break
        field += '"'
        at += 1
      }
      if (at < body.length && ![separator, '\n', '\r'].includes(body.charAt(at)))
        return fault('there is something after a closing quote')
    } else {
      const start = at
      while (at < body.length && ![separator, '\n', '\r'].includes(body.charAt(at))) at += 1
      field = body.slice(start, at)
      if (field.includes('"')) return fault('a quote stands within a field that does not begin with one')
    }
    record.push(field)
    const end = body.charAt(at)
    if (end === separator) {
      at += 1
      // A separator at the very end leaves an empty field behind it.
      if (at === body.length) record.push('')
      else continue
    } else if (end === '\r') at += body.charAt(at + 1) === '\n' ? 2 : 1
    else if (end === '\n') at += 1
    if (record.length > 1 || record[0] !== '') {
      const wanted = records[0]?.length
      if (wanted !== undefined && wanted !== record.length)
        return fault(`it has ${record.length} fields, the header ${wanted}`)
      records.push(record)
      if (records.length > maxRows + 1) return fault(`there are more than ${maxRows} rows`)
    }
    record = []
  }
  const [header, ...rows] = records
  return header === undefined ? fault('it is empty') : { ok: true, header, rows }
}
