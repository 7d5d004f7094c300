import type * as z from 'zod'
import type { ReadBody } from '#api/http/body-reader.ts'
import { parsePart } from '#api/http/request-input.ts'
import {
  AttributeRow,
  type AttributeRows,
  type BulkReport,
  MemberRow,
  type MemberRows,
} from '#api/schemas/facts.ts'
import { errors } from '#engine/errors/catalogue.ts'
import { type Identifier, parseIdentifier } from '#engine/events/identifier.ts'
import { type AttributeType, readAttributeCell } from '#engine/facts/attribute-value.ts'
import type { FactFault } from '#engine/facts/fact-faults.ts'
import { parseCsv } from '#engine/shared/csv.ts'
import { parseInstant } from '#engine/shared/instant.ts'
import type { Json } from '#engine/shared/json.ts'
import { type FactRowInput, type FactRowResult, MOST_ROWS } from '#services/facts/fact-rows.ts'
import type { AttributeValues } from '#services/facts/manage-attributes.ts'

/** Reads a person of a body. Refuses with invalid-request where the text names nobody. */
export function readPerson(text: string, pointer: string): Identifier {
  const person = parseIdentifier(text)
  if (person !== undefined) return person
  throw errors.invalidRequest({
    errors: [
      {
        in: 'body',
        pointer,
        code: 'subject-invalid',
        message: 'names no person: use mailto:, eppn:, did: or id:',
      },
    ],
  })
}

/** Members as JSON, or as CSV with the columns `subject`, and `member` and `at` where they are needed. */
export function readMemberRows(
  raw: ReadBody,
  body: z.output<typeof MemberRows> | undefined,
): readonly FactRowInput<{ readonly member: boolean }>[] {
  if (body !== undefined)
    return body.map((value) =>
      readRow(MemberRow, value, (row) =>
        typeof row === 'string'
          ? rowOf(row, undefined, { member: true })
          : rowOf(row.subject, row.at, { member: row.member }),
      ),
    )
  const { columns, rows } = readTable(raw)
  const stranger = columns.find((name) => !['subject', 'member', 'at'].includes(name))
  if (stranger !== undefined)
    throw errors.tableInvalid({ row: 0, reason: `"${stranger.slice(0, 64)}" is no column of members` })
  return rows.map((cells) => {
    const member = cells.get('member') ?? 'true'
    if (!['', 'true', 'false'].includes(member))
      return refused({ code: 'row-invalid', path: '/member', message: 'Write true or false.' })
    return rowOf(cells.get('subject') ?? '', cells.get('at'), { member: member !== 'false' })
  })
}

/** Attributes as JSON, or as CSV with the columns `subject`, `at` where it is needed, and one for each attribute. */
export const readAttributeRows =
  (raw: ReadBody, body: z.output<typeof AttributeRows> | undefined) =>
  (
    types: ReadonlyMap<string, AttributeType>,
  ): readonly FactRowInput<{ readonly values: AttributeValues }>[] => {
    if (body !== undefined)
      return body.map((value) =>
        readRow(AttributeRow, value, ({ subject, at, values }) =>
          rowOf(subject, at, { values: values as AttributeValues }),
        ),
      )
    const { columns, rows } = readTable(raw)
    const names = columns.filter((name) => name !== 'subject' && name !== 'at')
    const stranger = names.find((name) => !types.has(name))
    if (stranger !== undefined)
      throw errors.tableInvalid({ row: 0, reason: `there is no attribute "${stranger.slice(0, 64)}"` })
    return rows.map((cells) => {
      const values: Record<string, Json> = {}
      const faults: FactFault[] = []
      for (const name of names) {
        const cell = cells.get(name) ?? ''
        const type = types.get(name)
        // An empty cell says nothing.
        if (cell === '' || type === undefined) continue
        const value = readAttributeCell(type, cell)
        if (value !== undefined) values[name] = value
        else faults.push({ code: 'attribute-type', path: `/${name}`, message: `This is no ${type}.` })
      }
      return faults.length > 0
        ? { ok: false, faults }
        : rowOf(cells.get('subject') ?? '', cells.get('at'), { values })
    })
  }

export function showRows(results: readonly FactRowResult[]): z.input<typeof BulkReport> {
  const count = (outcome: string) => results.filter((each) => each.outcome === outcome).length
  return {
    recorded: count('recorded'),
    unchanged: count('unchanged'),
    refused: count('refused'),
    items: results.map((result, index) => ({
      index,
      outcome: result.outcome,
      subjectId: result.outcome === 'refused' ? null : result.subjectId,
      eventIds: result.outcome === 'recorded' ? [...result.eventIds] : [],
      faults: result.outcome === 'refused' ? result.faults.map((fault) => ({ ...fault })) : [],
    })),
  }
}

/** A row of a JSON list. One that is not of the form is told as such, each fault with its place in the row. */
function readRow<Schema extends z.ZodType, T>(
  schema: Schema,
  value: unknown,
  read: (row: z.output<Schema>) => FactRowInput<T>,
): FactRowInput<T> {
  const parsed = parsePart(schema, value)
  if (parsed.ok) return read(parsed.part)
  return {
    ok: false,
    faults: parsed.faults.map(({ pointer, message }) => ({ code: 'row-invalid', path: pointer, message })),
  }
}

function rowOf<T>(subject: string, at: string | undefined, says: T): FactRowInput<T> {
  const person = parseIdentifier(subject)
  if (person === undefined)
    return refused({ code: 'subject-invalid', path: '/subject', message: 'This names no person.' })
  if (at === undefined || at === '') return { ok: true, subject: person, says }
  const time = parseInstant(at)
  if (time === undefined)
    return refused({
      code: 'fact-time-invalid',
      path: '/at',
      message: 'Write a date-time with its zone, as in RFC 3339.',
    })
  return { ok: true, subject: person, at: time, says }
}

const refused = (fault: FactFault): { readonly ok: false; readonly faults: readonly FactFault[] } => ({
  ok: false,
  faults: [fault],
})

interface Table {
  readonly columns: readonly string[]
  /** Cells by column. */
  readonly rows: readonly ReadonlyMap<string, string>[]
}

function readTable({ bytes }: ReadBody): Table {
  const csv = parseCsv(decode(bytes), MOST_ROWS)
  if (!csv.ok) throw errors.tableInvalid({ row: csv.row, reason: csv.reason })
  const columns = csv.header.map((name) => name.trim())
  const twice = columns.find((name, at) => columns.indexOf(name) !== at)
  if (twice !== undefined)
    throw errors.tableInvalid({ row: 0, reason: `the column "${twice.slice(0, 64)}" stands there twice` })
  if (!columns.includes('subject'))
    throw errors.tableInvalid({ row: 0, reason: 'the column "subject" is missing' })
  if (csv.rows.length === 0) throw errors.tableInvalid({ row: 1, reason: 'it has no rows' })
  return {
    columns,
    rows: csv.rows.map((cells) => new Map(columns.map((name, at) => [name, (cells[at] ?? '').trim()]))),
  }
}

function decode(bytes: Uint8Array): string {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
    if (!text.includes('\0')) return text
  } catch {
    // Told below, as any other text that cannot be read.
  }
  throw errors.tableInvalid({ row: 0, reason: 'it is no UTF-8 text' })
}
