import { isBlank } from '#engine/shared/csv.ts'
import { csvSeparator, readCsvRecord } from '#engine/shared/csv-record.ts'
import type { LocalisedText } from '#engine/shared/localised-text.ts'
import { type CaseSearch, findCaseItems, readCaseItem } from './case-items.ts'
import type { FrameworkFormat } from './framework-format.ts'
import { type RawTarget, type TargetColumns, tableTarget, targetColumns } from './framework-table.ts'

/** ESCO has about 14,000 skills and as many names of them again in each language; all of it is far less. */
export const MOST_TARGETS = 200_000
/** How much of a file is looked at in one step. No row is longer. */
export const PART_BYTES = 512 * 1024
const MOST_CHARACTERS = 1000

/** How far a file was read: what it takes to go on from there. `position` counts bytes, `row` the rows that were read. */
export type FileCursor = { readonly position: number; readonly row: number } & (
  | { readonly at: 'start' | 'items' | 'end' }
  | { readonly at: 'rows'; readonly columns: TargetColumns }
  | { readonly at: 'search'; readonly search: CaseSearch }
)

export const FILE_START: FileCursor = { at: 'start', position: 0, row: 0 }

export interface FileTarget {
  readonly code: string
  readonly name: LocalisedText
  readonly url?: string
}

export interface RowFault {
  /** 1 is the first row below the header, or the first item. */
  readonly row: number
  readonly code: 'code-missing' | 'code-twice' | 'name-missing' | 'url-invalid' | 'too-long' | 'fields-differ'
}

/** A row that cannot be read is told and left out; from where nothing more can be read the file is refused. */
export type FilePart =
  | {
      readonly ok: true
      readonly targets: readonly { readonly row: number; readonly target: FileTarget }[]
      readonly faults: readonly RowFault[]
      readonly next: FileCursor
    }
  /** `row`: 0 is the header. */
  | { readonly ok: false; readonly row: number; readonly reason: string }

/**
 * Reads what is whole in a part of a file: `bytes` are those from the cursor on, at most PART_BYTES, and `isEnd` says that
 * none come after them. However a file is cut, the same rows come out. Whether a code stands twice is for the caller to
 * see: nothing is remembered of earlier parts. Linear in the part.
 */
export function readFrameworkPart(
  format: FrameworkFormat,
  cursor: FileCursor,
  bytes: Uint8Array,
  isEnd: boolean,
): FilePart {
  const text = decode(bytes, isEnd)
  if (text === undefined) return { ok: false, row: cursor.row, reason: 'it is no UTF-8 text' }
  const read = format.kind === 'case' ? readCase(cursor, text, isEnd) : readTable(format, cursor, text, isEnd)
  if (!read.ok) return read
  const isStuck = read.end === 0 && bytes.length >= PART_BYTES && read.next.at !== 'end'
  if (isStuck)
    return { ok: false, row: cursor.row + 1, reason: 'a quote does not end, or a row is longer than 512 kB' }

  const targets: { row: number; target: FileTarget }[] = []
  const faults: RowFault[] = []
  let { row } = cursor
  for (const raw of read.rows) {
    row += 1
    if (row > MOST_TARGETS) return { ok: false, row, reason: `there are more than ${MOST_TARGETS} rows` }
    const fault = raw === 'fields-differ' ? raw : faultOf(raw)
    if (fault !== undefined || raw === 'fields-differ') {
      faults.push({ row, code: fault ?? 'fields-differ' })
      continue
    }
    const { code, name, url, language = format.language } = raw
    targets.push({ row, target: { code, name: { [language]: name }, ...(url === '' ? {} : { url }) } })
  }
  const position = cursor.position + new TextEncoder().encode(text.slice(0, read.end)).length
  return { ok: true, targets, faults, next: { ...read.next, position, row } }
}

type RawPart =
  | {
      readonly ok: true
      readonly rows: readonly (RawTarget | 'fields-differ')[]
      /** Characters that were read. */
      readonly end: number
      readonly next: FileCursor
    }
  | Extract<FilePart, { ok: false }>

function readTable(
  format: Exclude<FrameworkFormat, { kind: 'case' }>,
  cursor: FileCursor,
  text: string,
  isEnd: boolean,
): RawPart {
  let at = 0
  let columns = cursor.at === 'rows' ? cursor.columns : undefined
  const rows: (RawTarget | 'fields-differ')[] = []
  const broken = (reason: string): RawPart => ({
    ok: false,
    row: columns === undefined ? 0 : cursor.row + rows.length + 1,
    reason,
  })
  if (columns === undefined && text.startsWith('\ufeff')) at = 1
  const separator = columns?.separator ?? csvSeparator(text.slice(at).split(/\r?\n/, 1)[0] ?? '')
  while (at < text.length) {
    const record = readCsvRecord(text, at, separator, isEnd)
    // Not whole yet: the next part begins with it. So does one before which nothing but a byte order mark stands.
    if (record === undefined) break
    if (!record.ok) return broken(record.reason)
    at = record.end
    if (isBlank(record.fields)) continue
    if (columns === undefined) {
      const found = targetColumns(format, record.fields, separator)
      if (!found.ok) return broken(`the column "${found.missing.slice(0, 64)}" is missing`)
      columns = found.columns
    } else rows.push(tableTarget(format, columns, record.fields))
  }
  if (isEnd && columns === undefined) return broken('it is empty')
  const next: FileCursor = isEnd
    ? { ...cursor, at: 'end' }
    : columns === undefined
      ? cursor
      : { ...cursor, at: 'rows', columns }
  // While the header is not whole, all of it is read again, with what stands before it.
  return { ok: true, rows, end: next.at === 'start' ? 0 : at, next }
}

function readCase(cursor: FileCursor, text: string, isEnd: boolean): RawPart {
  const noJson = (row: number): RawPart => ({ ok: false, row, reason: 'it is no acceptable JSON' })
  let at = 0
  if (cursor.at === 'start' || cursor.at === 'search') {
    const found = findCaseItems(text, cursor.at === 'search' ? cursor.search : undefined, isEnd)
    if (found.outcome === 'broken') return noJson(0)
    if (found.outcome === 'none') return { ok: false, row: 0, reason: 'it has no CFItems' }
    if (found.outcome === 'further')
      return { ok: true, rows: [], end: found.end, next: { ...cursor, at: 'search', search: found.search } }
    at = found.end
  }
  const rows: RawTarget[] = []
  for (;;) {
    const item = readCaseItem(text, at, isEnd)
    if (item.outcome === 'broken') return noJson(cursor.row + rows.length + 1)
    if (item.outcome === 'over') return { ok: true, rows, end: item.end, next: { ...cursor, at: 'end' } }
    if (item.outcome === 'further') return { ok: true, rows, end: at, next: { ...cursor, at: 'items' } }
    rows.push(item.target)
    at = item.end
  }
}

function faultOf({ code, name, url }: RawTarget): RowFault['code'] | undefined {
  if (code === '') return 'code-missing'
  if (name === '') return 'name-missing'
  if (code.length > 200 || name.length > MOST_CHARACTERS || url.length > 2000) return 'too-long'
  return url !== '' && !/^https?:\/\/[^\s/]+/.test(url) ? 'url-invalid' : undefined
}

/** Text up to the last character that is whole. Undefined: no UTF-8, or with characters that no database keeps. */
function decode(bytes: Uint8Array, isEnd: boolean): string | undefined {
  try {
    const whole = isEnd ? bytes : bytes.subarray(0, wholeLength(bytes))
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(whole)
    return text.includes('\0') ? undefined : text
  } catch {
    return undefined
  }
}

/** Without the beginning of a character at the very end: at most three bytes of one of four. */
function wholeLength(bytes: Uint8Array): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back++) {
    const byte = bytes[bytes.length - back] ?? 0
    if (byte < 0x80) break
    if (byte < 0xc0) continue
    const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2
    return length > back ? bytes.length - back : bytes.length
  }
  return bytes.length
}
