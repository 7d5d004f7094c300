export type CsvRecord =
  /** `end`: where the next record begins. */
  | { readonly ok: true; readonly fields: readonly string[]; readonly end: number }
  | { readonly ok: false; readonly reason: string }

/** Semicolons where the header has those and no comma, as spreadsheets of some countries write. */
export const csvSeparator = (header: string): ',' | ';' =>
  header.includes(';') && !header.includes(',') ? ';' : ','

const UNQUOTED = { ',': /[^,\r\n]*/y, ';': /[^;\r\n]*/y } as const

/**
 * Reads one record (RFC 4180) of a text from a place on. Quotes may hold separators, ends of lines and, doubled, quotes.
 * Undefined: the record may go on behind the text, which is only a part (`isWhole` is false). Linear in the record.
 */
export function readCsvRecord(
  text: string,
  from: number,
  separator: ',' | ';',
  isWhole: boolean,
): CsvRecord | undefined {
  const fields: string[] = []
  let at = from
  for (;;) {
    if (text.charAt(at) === '"') {
      let field = ''
      at += 1
      for (;;) {
        const end = text.indexOf('"', at)
        if (end < 0) return isWhole ? { ok: false, reason: 'a quote does not end' } : undefined
        field += text.slice(at, end)
        at = end + 1
        if (text.charAt(at) !== '"') break
        field += '"'
        at += 1
      }
      fields.push(field)
      if (at < text.length && ![separator, '\n', '\r'].includes(text.charAt(at)))
        return { ok: false, reason: 'there is something after a closing quote' }
    } else {
      const unquoted = UNQUOTED[separator]
      unquoted.lastIndex = at
      const field = unquoted.exec(text)?.[0] ?? ''
      at += field.length
      if (field.includes('"'))
        return { ok: false, reason: 'a quote stands within a field that does not begin with one' }
      fields.push(field)
    }
    // A line feed may follow a carriage return, and a second quote the one that seems to close.
    if (!isWhole && at + 1 >= text.length && text.charAt(at) !== '\n') return undefined
    const end = text.charAt(at)
    if (end !== separator)
      return {
        ok: true,
        fields,
        end: at + (end === '' ? 0 : end === '\r' && text.charAt(at + 1) === '\n' ? 2 : 1),
      }
    // A separator at the very end leaves an empty field behind it.
    at += 1
  }
}
