import { parseCsv } from '#engine/shared/csv.ts'
import type { Json, JsonObject } from '#engine/shared/json.ts'
import type { LocalisedText } from '#engine/shared/localised-text.ts'
import { parseStrictJson } from '#engine/shared/strict-json.ts'

/** ESCO has about 14,000 skills. */
export const MOST_TARGETS = 20_000
const CASE_LIMITS = { maxBytes: 10_000_000, maxDepth: 32, maxNodes: 1_000_000, maxKeys: 1_000_000 }
const MOST_CHARACTERS = 1000

/** How a file is to be read. */
export type FrameworkFormat =
  /** A package of 1EdTech CASE 1.0 (`CFPackage`), JSON. */
  | { readonly kind: 'case'; readonly language: string }
  /** A published CSV file of ESCO: skills or occupations in one language. */
  | { readonly kind: 'esco'; readonly language: string }
  /** Any other table, as the qualification files of SBB, by the names of its columns. */
  | {
      readonly kind: 'table'
      readonly language: string
      readonly codeColumn: string
      readonly nameColumn: string
      readonly urlColumn?: string
    }

export interface FileTarget {
  readonly code: string
  readonly name: LocalisedText
  readonly url?: string
}

export interface RowFault {
  /** 1 is the first row below the header, or the first item. */
  readonly row: number
  readonly code: 'code-missing' | 'code-twice' | 'name-missing' | 'url-invalid' | 'too-long'
}

/** A row that cannot be read is told and left out; the file is refused only where nothing of it can be read. */
export type FrameworkFile =
  | { readonly ok: true; readonly targets: readonly FileTarget[]; readonly faults: readonly RowFault[] }
  | { readonly ok: false; readonly row: number; readonly reason: string }

export function readFrameworkFile(bytes: Uint8Array, format: FrameworkFormat): FrameworkFile {
  const read = format.kind === 'case' ? readCase(bytes) : readTable(bytes, format)
  if (!read.ok) return read
  const targets: FileTarget[] = []
  const faults: RowFault[] = []
  const codes = new Set<string>()
  read.rows.forEach(({ code, name, url, language = format.language }, index) => {
    const fault = faultOf({ code, name, url }, codes)
    if (fault !== undefined) {
      faults.push({ row: index + 1, code: fault })
      return
    }
    codes.add(code)
    targets.push({ code, name: { [language]: name }, ...(url === '' ? {} : { url }) })
  })
  if (targets.length === 0) return { ok: false, row: 1, reason: 'nothing in it can be read' }
  return { ok: true, targets, faults }
}

interface RawRow {
  readonly code: string
  readonly name: string
  readonly url: string
  readonly language?: string
}
type RawRows = { readonly ok: true; readonly rows: readonly RawRow[] } | Extract<FrameworkFile, { ok: false }>

function faultOf({ code, name, url }: RawRow, codes: ReadonlySet<string>): RowFault['code'] | undefined {
  if (code === '') return 'code-missing'
  if (name === '') return 'name-missing'
  if (code.length > 200 || name.length > MOST_CHARACTERS || url.length > 2000) return 'too-long'
  if (url !== '' && !/^https?:\/\/[^\s/]+/.test(url)) return 'url-invalid'
  return codes.has(code) ? 'code-twice' : undefined
}

function readTable(bytes: Uint8Array, format: Exclude<FrameworkFormat, { kind: 'case' }>): RawRows {
  const text = decode(bytes)
  if (text === undefined) return { ok: false, row: 0, reason: 'it is no UTF-8 text' }
  const csv = parseCsv(text, MOST_TARGETS)
  if (!csv.ok) return csv
  const header = csv.header.map((name) => name.trim())
  const column = (name: string): number => header.indexOf(name)
  const isEsco = format.kind === 'esco'
  const nameAt = column(isEsco ? 'preferredLabel' : format.nameColumn)
  const urlAt = isEsco ? column('conceptUri') : format.urlColumn === undefined ? -1 : column(format.urlColumn)
  const codeAt = column(isEsco ? 'code' : format.codeColumn)
  const wanted = isEsco
    ? { preferredLabel: nameAt, conceptUri: urlAt }
    : {
        [format.nameColumn]: nameAt,
        [format.codeColumn]: codeAt,
        ...(format.urlColumn === undefined ? {} : { [format.urlColumn]: urlAt }),
      }
  const missing = Object.entries(wanted).find(([, at]) => at < 0)?.[0]
  if (missing !== undefined)
    return { ok: false, row: 0, reason: `the column "${missing.slice(0, 64)}" is missing` }
  const rows = csv.rows.map((cells) => {
    const cell = (at: number): string => (at < 0 ? '' : (cells[at] ?? '').trim())
    const url = cell(urlAt)
    // A skill of ESCO has no code: what identifies it is the end of its address.
    const code = cell(codeAt)
    return { code: code === '' && isEsco ? (url.split('/').at(-1) ?? '') : code, name: cell(nameAt), url }
  })
  return { ok: true, rows }
}

function readCase(bytes: Uint8Array): RawRows {
  const parsed = parseStrictJson(bytes, CASE_LIMITS)
  if (!parsed.ok) return { ok: false, row: 0, reason: 'it is no acceptable JSON' }
  const items = isObject(parsed.value) ? parsed.value['CFItems'] : undefined
  if (!Array.isArray(items)) return { ok: false, row: 0, reason: 'it has no CFItems' }
  if (items.length > MOST_TARGETS)
    return { ok: false, row: MOST_TARGETS, reason: `it has more than ${MOST_TARGETS} items` }
  const rows = items.map((item: Json): RawRow => {
    const text = (name: string): string => {
      const value = isObject(item) ? item[name] : undefined
      return typeof value === 'string' ? value.trim() : ''
    }
    const language = text('language')
    return {
      code: text('humanCodingScheme') || text('identifier'),
      name: text('abbreviatedStatement') || text('fullStatement'),
      url: text('uri'),
      ...(/^[a-z]{2,3}$/.test(language) ? { language } : {}),
    }
  })
  return { ok: true, rows }
}

const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

function decode(bytes: Uint8Array): string | undefined {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
    return text.includes('\0') ? undefined : text
  } catch {
    return undefined
  }
}
