import type { FrameworkFormat } from './framework-format.ts'

/** A target as it stands in a file, before it is looked at. */
export interface RawTarget {
  readonly code: string
  readonly name: string
  readonly url: string
  readonly language?: string
}

/** Where in a row of a table what stands; -1: nowhere. */
export interface TargetColumns {
  readonly separator: ',' | ';'
  readonly width: number
  readonly codeAt: number
  readonly nameAt: number
  readonly urlAt: number
}

type TableFormat = Exclude<FrameworkFormat, { kind: 'case' }>

export function targetColumns(
  format: TableFormat,
  header: readonly string[],
  separator: ',' | ';',
): { readonly ok: true; readonly columns: TargetColumns } | { readonly ok: false; readonly missing: string } {
  const names = header.map((name) => name.trim())
  const isEsco = format.kind === 'esco'
  const codeColumn = isEsco ? 'code' : format.codeColumn
  const nameColumn = isEsco ? 'preferredLabel' : format.nameColumn
  const urlColumn = isEsco ? 'conceptUri' : format.urlColumn
  // A skill of ESCO has no code.
  const wanted = [
    nameColumn,
    ...(isEsco ? [] : [codeColumn]),
    ...(urlColumn === undefined ? [] : [urlColumn]),
  ]
  const missing = wanted.find((name) => !names.includes(name))
  if (missing !== undefined) return { ok: false, missing }
  const columns = {
    separator,
    width: header.length,
    codeAt: names.indexOf(codeColumn),
    nameAt: names.indexOf(nameColumn),
    urlAt: urlColumn === undefined ? -1 : names.indexOf(urlColumn),
  }
  return { ok: true, columns }
}

export function tableTarget(
  format: TableFormat,
  { width, codeAt, nameAt, urlAt }: TargetColumns,
  fields: readonly string[],
): RawTarget | 'fields-differ' {
  if (fields.length !== width) return 'fields-differ'
  const cell = (at: number): string => (at < 0 ? '' : (fields[at] ?? '').trim())
  const url = cell(urlAt)
  const code = cell(codeAt)
  // What identifies a skill of ESCO is the end of its address.
  return {
    code: code === '' && format.kind === 'esco' ? (url.split('/').at(-1) ?? '') : code,
    name: cell(nameAt),
    url,
  }
}
