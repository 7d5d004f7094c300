import fc from 'fast-check'
import { expect, test } from 'vitest'
import { utf8 } from '#engine/shared/bytes.ts'
import { parseCsv } from '#engine/shared/csv.ts'
import type { FrameworkFormat } from './framework-format.ts'
import {
  FILE_START,
  type FileCursor,
  type FileTarget,
  type RowFault,
  readFrameworkPart,
} from './read-framework-part.ts'

const ESCO = { kind: 'esco', language: 'nl' } as const
const TABLE = { kind: 'table', language: 'nl', codeColumn: 'crebo', nameColumn: 'naam' } as const
const CASE = { kind: 'case', language: 'en' } as const

/** Reads a whole file, so many bytes at a time; more where these hold no whole row. */
function readAll(text: string, format: FrameworkFormat, step = 500_000) {
  const bytes = utf8(text)
  const targets: FileTarget[] = []
  const faults: RowFault[] = []
  let cursor: FileCursor = FILE_START
  for (let size = step; cursor.at !== 'end'; ) {
    const until: number = cursor.position + size
    const part = readFrameworkPart(
      format,
      cursor,
      bytes.subarray(cursor.position, until),
      until >= bytes.length,
    )
    if (!part.ok) return part
    size = part.next.position === cursor.position ? size + step : step
    cursor = part.next
    targets.push(...part.targets.map(({ target }) => target))
    faults.push(...part.faults)
  }
  return { ok: true as const, targets, faults, rows: cursor.row }
}

test('skills of ESCO are known by the end of their address, occupations by their code', () => {
  const skills = readAll(
    'conceptType,conceptUri,preferredLabel,altLabels\nSkill,http://data.europa.eu/esco/skill/s-1,brood bakken,"bakken\nbrood"\n',
    ESCO,
  )
  expect(skills).toEqual({
    ok: true,
    targets: [{ code: 's-1', name: { nl: 'brood bakken' }, url: 'http://data.europa.eu/esco/skill/s-1' }],
    faults: [],
    rows: 1,
  })
  const occupations = readAll(
    'conceptUri,preferredLabel,code\nhttp://data.europa.eu/esco/occupation/o-1,bakker,7512.1\n',
    ESCO,
  )
  expect(occupations).toMatchObject({ targets: [{ code: '7512.1' }] })
})

test('items of a CASE package have a code or an identifier, and a language of their own', () => {
  const CFItems = [
    {
      identifier: 'i-1',
      uri: 'https://case.example.org/i-1',
      humanCodingScheme: 'A.1',
      fullStatement: 'Bakes bread',
    },
    { identifier: 'i-2', uri: 'https://case.example.org/i-2', fullStatement: 'Bakt taart', language: 'nl' },
    { identifier: 'i-3', uri: 'https://case.example.org/i-3' },
    'nothing',
  ]
  expect(readAll(JSON.stringify({ CFItems }), CASE)).toEqual({
    ok: true,
    targets: [
      { code: 'A.1', name: { en: 'Bakes bread' }, url: 'https://case.example.org/i-1' },
      { code: 'i-2', name: { nl: 'Bakt taart' }, url: 'https://case.example.org/i-2' },
    ],
    faults: [
      { row: 3, code: 'name-missing' },
      { row: 4, code: 'code-missing' },
    ],
    rows: 4,
  })
})

test.each([
  ['naam\nBakker\n', TABLE, 0, 'the column "crebo" is missing'],
  ['', TABLE, 0, 'it is empty'],
  ['crebo;naam\n1;Bakker\n2;"Kok\n', TABLE, 2, 'a quote does not end'],
  ['{"CFDocument":{"CFItems":[]}}', CASE, 0, 'it has no CFItems'],
  ['[1]', CASE, 0, 'it has no CFItems'],
  ['{"CFItems":[{}', CASE, 2, 'it is no acceptable JSON'],
  ['{"CFItems":[{"a":1,"a":2}]}', CASE, 1, 'it is no acceptable JSON'],
  ['{"CFDocument":{"x":"', CASE, 0, 'it is no acceptable JSON'],
] as const)('what can be read no further is refused: %j', (text, format, row, reason) => {
  expect(readAll(text, format)).toEqual({ ok: false, row, reason })
})

test('a row of more fields than the header is told, and the next one is read', () => {
  expect(readAll('crebo,naam\n1,Bakker,x\n2,Kok\n', TABLE)).toMatchObject({
    targets: [{ code: '2' }],
    faults: [{ row: 1, code: 'fields-differ' }],
  })
})

const cell = fc.oneof(
  fc.constantFrom('', '1', 'Bakker', 'a"b', 'x;y', 'twee\nregels', 'r\r\nn', 'é', '€uro', '𝄞 noot'),
  fc.string({ unit: 'binary', maxLength: 6 }).filter((text) => !text.includes('\0') && text.isWellFormed()),
)
const quoted = (text: string, always: boolean) =>
  always || /[",;\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text

test('however a table is cut, it holds what parsing it whole gives', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(cell, cell, fc.boolean()), { minLength: 1, maxLength: 12 }),
      fc.constantFrom('\n', '\r\n'),
      fc.boolean(),
      fc.integer({ min: 1, max: 40 }),
      fc.boolean(),
      (cells, end, hasEnd, step, hasMark) => {
        const lines = cells.map(([code, name, always]) => `${quoted(code, always)};${quoted(name, always)}`)
        const text = `${hasMark ? '\ufeff' : ''}crebo;naam${end}${lines.join(end)}${hasEnd ? end : ''}`
        const whole = parseCsv(text, 100)
        if (!whole.ok) throw new Error(whole.reason)
        const trimmed = whole.rows.map((row) => row.map((each) => each.trim()))
        const good = trimmed.flatMap(([code = '', name = '']) =>
          code === '' || name === '' ? [] : [{ code, name: { nl: name } }],
        )
        const read = readAll(text, TABLE, step)
        if (!read.ok) throw new Error(read.reason)
        expect(read.targets).toEqual(good)
        expect(read.faults.map(({ row }) => row)).toEqual(
          trimmed.flatMap(([code, name], at) => (code === '' || name === '' ? [at + 1] : [])),
        )
        expect(read.rows).toBe(trimmed.length)
      },
    ),
  )
})

test('however a package is cut, it holds what parsing it whole gives', () => {
  const item = fc.oneof(
    fc.record({ identifier: cell, fullStatement: cell, more: fc.jsonValue({ maxDepth: 2 }) }),
    fc.constantFrom(1, true, null, 'x', [] as unknown[]),
  )
  fc.assert(
    fc.property(
      fc.array(item, { maxLength: 8 }),
      fc.dictionary(fc.constantFrom('a', 'b', 'CFDocument'), fc.jsonValue({ maxDepth: 3 })),
      fc.integer({ min: 1, max: 40 }),
      fc.constantFrom(undefined, 2),
      (CFItems, before, step, indent) => {
        const text = JSON.stringify({ nested: { CFItems: [1] }, ...before, CFItems, after: 1 }, null, indent)
        fc.pre(!text.includes('__proto__') && !/\\u0000|\\ud[89a-f]/i.test(text) && !/e[+-]?\d\d/.test(text))
        const read = readAll(text, CASE, step)
        if (!read.ok) throw new Error(read.reason)
        const good = CFItems.flatMap((each) => {
          if (typeof each !== 'object' || each === null || !('identifier' in each)) return []
          const [code, name] = [each.identifier.trim(), each.fullStatement.trim()]
          return code === '' || name === '' ? [] : [{ code, name: { en: name } }]
        })
        expect(read.targets).toEqual(good)
        expect(read.rows).toBe(CFItems.length)
      },
    ),
  )
})
