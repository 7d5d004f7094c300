import type { ReadBody } from '#api/http/body-reader.ts'
import { parsePart } from '#api/http/request-input.ts'
import { BundleRowInput } from '#api/schemas/direct-awards.ts'
import { errors } from '#engine/errors/catalogue.ts'
import { parseCsv } from '#engine/shared/csv.ts'
import type { RowInput } from '#services/direct-awards/manage-direct-award-bundles.ts'
import { parseRecipient } from './direct-award-view.ts'
import { readParticulars } from './profile-view.ts'
import { given } from './shown.ts'

const MOST_ROWS = 10_000

/** Columns that stand for one member of a row; a cell of `result:ID` is a result of that description. */
const COLUMNS = ['identifier', 'narrative', 'language', 'message'] as const
const EVIDENCE = {
  evidence_url: 'url',
  evidence_name: 'name',
  evidence_description: 'description',
  evidence_narrative: 'narrative',
  evidence_audience: 'audience',
} as const
const PARTICULARS = {
  activity_start_date: 'activityStartDate',
  activity_end_date: 'activityEndDate',
  credits_earned: 'creditsEarned',
  license_number: 'licenseNumber',
  role: 'role',
  term: 'term',
} as const
const RESULT = 'result:'

/** Rows as they stand in a JSON body. */
export const readJsonRows = (rows: readonly unknown[]): readonly RowInput[] =>
  rows.map((row) => readRow(row, (pointer) => pointer.replace(/^\//, '')))

/**
 * Rows of a CSV: the column `identifier`, and where wanted `narrative`, `language`, `message`, `result:ID`,
 * `evidence_url`, `evidence_name`, `evidence_description`, `evidence_narrative`, `evidence_audience`, `activity_start_date` and
 * `activity_end_date` (a day, or a moment with its zone), `credits_earned`, `license_number`, `role` and `term`. An empty cell
 * says nothing. Refuses with `table-invalid` what is
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
      !Object.hasOwn(PARTICULARS, name) &&
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
    const particulars = Object.fromEntries(
      of(Object.keys(PARTICULARS)).map(([name, cell]) => {
        const member = PARTICULARS[name as keyof typeof PARTICULARS]
        return [member, particularIn(member, cell)]
      }),
    )
    const results = filled
      .filter(([name]) => name.startsWith(RESULT))
      .map(([name, value]) => ({ resultDescription: name.slice(RESULT.length), value }))
    const row = {
      identifier: '',
      ...Object.fromEntries(of(COLUMNS)),
      ...(Object.keys(evidence).length === 0 ? {} : { evidence: [evidence] }),
      ...(results.length === 0 ? {} : { results }),
      ...(Object.keys(particulars).length === 0 ? {} : { particulars }),
    }
    const columnOf = (pointer: string): string => {
      const [member = '', at, part] = pointer.split('/').slice(1)
      if (member === 'evidence') return part === undefined ? 'evidence_url' : `evidence_${part}`
      if (member === 'particulars') return PARTICULAR_COLUMNS.get(at ?? '') ?? 'activity_start_date'
      if (member === 'results') return `${RESULT}${results[Number(at)]?.resultDescription ?? ''}`
      return member
    }
    return readRow(row, columnOf)
  })
}

const PARTICULAR_COLUMNS: ReadonlyMap<string, string> = new Map(
  Object.entries(PARTICULARS).map(([column, member]) => [member, column]),
)

/** A day is the beginning of it in UTC, as badges write days; a number is one where it looks like one. */
function particularIn(member: string, cell: string): string | number {
  if (member === 'creditsEarned') return /^\d{1,5}(?:\.\d{1,6})?$/.test(cell) ? Number(cell) : cell
  return member.startsWith('activity') && /^\d{4}-\d{2}-\d{2}$/.test(cell) ? `${cell}T00:00:00Z` : cell
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
  const { identifier: text, evidence, particulars, ...content } = parsed.part
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
  return {
    ok: true,
    wanted: {
      identifier,
      ...given({
        ...content,
        evidence: evidence?.map(given),
        particulars: particulars && readParticulars(particulars),
      }),
    },
  }
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
