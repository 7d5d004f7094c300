import type { ReadBody } from '#api/http/body-reader.ts'
import { parsePart } from '#api/http/request-input.ts'
import { BundleRowInput } from '#api/schemas/direct-awards.ts'
import { errors } from '#engine/errors/catalogue.ts'
import { parseCsv } from '#engine/shared/csv.ts'
import type { RowInput } from '#services/direct-awards/manage-direct-award-bundles.ts'
import { parseRecipient } from './direct-award-view.ts'
import { given } from './shown.ts'

const MOST_ROWS = 10_000

/** Columns that stand for one member of a row; a cell of `result:ID` is a result of that description. */
const COLUMNS = ['identifier', 'narrative', 'language', 'message'] as const
const EVIDENCE = {
  evidence_url: 'url',
  evidence_name: 'name',
  evidence_narrative: 'narrative',
} as const
const RESULT = 'result:'

/** Rows as they stand in a JSON body. */
export const readJsonRows = (rows: readonly unknown[]): readonly RowInput[] =>
  rows.map((row) => readRow(row, (pointer) => pointer.replace(/^\//, '')))

/**
 * Rows of a CSV: the column `identifier`, and where wanted `narrative`, `language`, `message`, `evidence_url`,
 * `evidence_name`, `evidence_narrative` and `result:ID`. An empty cell says nothing. Refuses with `table-invalid` what is
 * no such table; what is wrong with a row is told of that row.
 */
export function readCsvRows({ bytes }: ReadBody): readonly RowInput[] {
  const csv = parseCsv(decode(bytes), MOST_ROWS, 'kept')
  if (!csv.ok) throw errors.tableInvalid({ row: csv.row, reason: csv.reason })
  const columns = csv.header.map((name) => name.trim())
  const refuse = (reason: string) => errors.tableInvalid({ row: 0, reason })
  const stranger = columns.find(
    (name) =>
      !(COLUMNS as readonly string[]).includes(name) &&
      !Object.hasOwn(EVIDENCE, name) &&
      !name.startsWith(RESULT),
  )
  if (stranger !== undefined) throw refuse(`"${stranger.slice(0, 64)}" is no column of direct awards`)
  if (new Set(columns).size < columns.length) throw refuse('a column stands there twice')
  if (!columns.includes('identifier')) throw refuse('the column "identifier" is missing')
  if (csv.rows.length === 0) throw errors.tableInvalid({ row: 1, reason: 'it has no rows' })
  return csv.rows.map((cells) => {
    // Which cell stands in which column cannot be known: the row is refused, and holds no other one up.
    if (cells.length !== columns.length) return ragged(cells.length, columns.length)
    const filled = columns.flatMap((name, at): [string, string][] => {
      const cell = (cells[at] ?? '').trim()
      return cell === '' ? [] : [[name, cell]]
    })
    const of = (names: readonly string[]) => filled.filter(([name]) => names.includes(name))
    const evidence = Object.fromEntries(
      of(Object.keys(EVIDENCE)).map(([name, cell]) => [EVIDENCE[name as keyof typeof EVIDENCE], cell]),
    )
    const results = filled
      .filter(([name]) => name.startsWith(RESULT))
      .map(([name, value]) => ({ resultDescription: name.slice(RESULT.length), value }))
    const row = {
      identifier: '',
      ...Object.fromEntries(of(COLUMNS)),
      ...(Object.keys(evidence).length === 0 ? {} : { evidence: [evidence] }),
      ...(results.length === 0 ? {} : { results }),
    }
    const columnOf = (pointer: string): string => {
      const [member = '', at, part] = pointer.split('/').slice(1)
      if (member === 'evidence') return part === undefined ? 'evidence_url' : `evidence_${part}`
      if (member === 'results') return `${RESULT}${results[Number(at)]?.resultDescription ?? ''}`
      return member
    }
    return readRow(row, columnOf)
  })
}

const ragged = (fields: number, wanted: number): RowInput => ({
  ok: false,
  faults: [
    {
      column: 'identifier',
      code: 'fields-differ',
      message: `The row has ${fields} fields, the header ${wanted}.`,
    },
  ],
})

function readRow(value: unknown, columnOf: (pointer: string) => string): RowInput {
  const parsed = parsePart(BundleRowInput, value)
  if (!parsed.ok) {
    const faults = parsed.faults.map(({ pointer, message }) => ({
      column: columnOf(pointer),
      code: 'row-invalid',
      message,
    }))
    return { ok: false, faults }
  }
  const { identifier: text, evidence, ...content } = parsed.part
  const identifier = parseRecipient(text)
  if (identifier === undefined)
    return {
      ok: false,
      faults: [
        {
          column: 'identifier',
          code: 'identifier-invalid',
          message: 'This is no address, eppn or DID.',
        },
      ],
    }
  return { ok: true, wanted: { identifier, ...given({ ...content, evidence: evidence?.map(given) }) } }
}

function decode(bytes: Uint8Array): string {
  const text = utf8In(bytes)
  if (text === undefined) throw errors.tableInvalid({ row: 0, reason: 'it is no UTF-8 text' })
  if (text.includes('\0')) throw errors.tableInvalid({ row: 0, reason: 'it holds a NUL, which no text does' })
  return text
}

function utf8In(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return undefined
  }
}
