import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseCsv } from './csv.ts'

const field = fc.oneof(
  fc.string({ maxLength: 8 }),
  fc.string({ unit: fc.constantFrom('a', '"', ',', ';', '\n', '\r', ' '), maxLength: 8 }),
)
const table = fc
  .integer({ min: 2, max: 4 })
  .chain((width) =>
    fc.array(fc.array(field, { minLength: width, maxLength: width }), { minLength: 1, maxLength: 6 }),
  )

const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`
const written = (text: string, separator: string) =>
  /["\r\n]/.test(text) || text.includes(separator) || text.startsWith('\ufeff') ? quoted(text) : text

describe('a table is read back as it was written', () => {
  test.each([',', ';'])('with %s between fields, quoted where needed or everywhere', (separator) => {
    fc.assert(
      fc.property(
        table,
        fc.constantFrom('\n', '\r\n'),
        fc.boolean(),
        fc.boolean(),
        (rows, end, everywhere, closed) => {
          // The header says which separator it is.
          const all = [rows[0]?.map((_, n) => `column ${n}`) ?? [], ...rows]
          const text = all
            .map((row) =>
              row.map((each) => (everywhere ? quoted(each) : written(each, separator))).join(separator),
            )
            .join(end)
          const read = parseCsv(`${text}${closed ? end : ''}`, 100)
          expect(read).toEqual({ ok: true, header: all[0], rows })
        },
      ),
    )
  })
})

test('a byte order mark, blank rows and a last row without an end are no matter', () => {
  expect(parseCsv('\ufeffa,b\r\n\r\n1,2\n\n3,', 10)).toEqual({
    ok: true,
    header: ['a', 'b'],
    rows: [
      ['1', '2'],
      ['3', ''],
    ],
  })
  expect(parseCsv('a\n1\n2', 10)).toMatchObject({ rows: [['1'], ['2']] })
})

test.each([
  ['', 0, 'it is empty'],
  ['\n\n', 0, 'it is empty'],
  ['a,b\n1', 1, 'it has 1 fields, the header 2'],
  ['a,b\n1,2\n1,2,3', 2, 'it has 3 fields, the header 2'],
  ['a\n"x', 1, 'a quote does not end'],
  ['a\n"x"y', 1, 'there is something after a closing quote'],
  ['a\nx"y"', 1, 'a quote stands within a field that does not begin with one'],
  ['a\n1\n2\n3', 3, 'there are more than 2 rows'],
])('%j is at fault', (text, row, reason) => {
  expect(parseCsv(text, 2)).toEqual({ ok: false, row, reason })
})

test('a row of more or fewer fields may be kept as it is, and the rows around it are told as they are', () => {
  fc.assert(
    fc.property(
      fc.array(fc.array(fc.stringMatching(/^[a-z]{1,3}$/), { minLength: 1, maxLength: 4 })),
      (rows) => {
        const text = ['first,second', ...rows.map((row) => row.join(','))].join('\n')
        expect(parseCsv(text, 100, 'kept')).toEqual({ ok: true, header: ['first', 'second'], rows })
      },
    ),
  )
})

test('reading takes time linear in the text, whatever it holds', () => {
  // A test of work, not of time: a quadratic reader would not come back from this.
  const text = `a\n"${'""'.repeat(1_000_000)}"`
  expect(parseCsv(text, 1)).toMatchObject({ ok: true })
})
