import fc from 'fast-check'
import { expect, test } from 'vitest'
import { utf8 } from '#engine/shared/bytes.ts'
import { readFrameworkFile } from './read-framework-file.ts'

const ESCO = { kind: 'esco', language: 'nl' } as const
const TABLE = { kind: 'table', language: 'nl', codeColumn: 'crebo', nameColumn: 'naam' } as const

test('skills of ESCO are known by the end of their address, occupations by their code', () => {
  const skills = readFrameworkFile(
    utf8(
      'conceptType,conceptUri,preferredLabel,altLabels\nSkill,http://data.europa.eu/esco/skill/s-1,brood bakken,"bakken\nbrood"\n',
    ),
    ESCO,
  )
  expect(skills).toEqual({
    ok: true,
    targets: [{ code: 's-1', name: { nl: 'brood bakken' }, url: 'http://data.europa.eu/esco/skill/s-1' }],
    faults: [],
  })
  const occupations = readFrameworkFile(
    utf8('conceptUri,preferredLabel,code\nhttp://data.europa.eu/esco/occupation/o-1,bakker,7512.1\n'),
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
  expect(readFrameworkFile(utf8(JSON.stringify({ CFItems })), { kind: 'case', language: 'en' })).toEqual({
    ok: true,
    targets: [
      { code: 'A.1', name: { en: 'Bakes bread' }, url: 'https://case.example.org/i-1' },
      { code: 'i-2', name: { nl: 'Bakt taart' }, url: 'https://case.example.org/i-2' },
    ],
    faults: [
      { row: 3, code: 'name-missing' },
      { row: 4, code: 'code-missing' },
    ],
  })
})

test.each([
  ['naam\nBakker\n', 'the column "crebo" is missing'],
  ['crebo;naam\n', 'nothing in it can be read'],
  ['crebo;naam\n;Bakker\n', 'nothing in it can be read'],
])('a table of which nothing can be read is refused: %j', (text, reason) => {
  expect(readFrameworkFile(utf8(text), TABLE)).toMatchObject({ ok: false, reason })
})

test('every row of a table is a target or a fault, and no code stands twice', () => {
  const cell = fc.constantFrom('', '1', '2', '3', 'Bakker')
  fc.assert(
    fc.property(fc.array(fc.tuple(cell, cell), { minLength: 1, maxLength: 12 }), (cells) => {
      const rows = cells.filter(([code, name]) => code !== '' || name !== '')
      const text = `crebo;naam\n${rows.map((row) => row.join(';')).join('\n')}\n`
      const good = rows.filter(
        ([code, name], at) =>
          code !== '' &&
          name !== '' &&
          rows.findIndex(([other, title]) => other === code && title !== '') === at,
      )
      const read = readFrameworkFile(utf8(text), TABLE)
      expect(read.ok).toBe(good.length > 0)
      if (!read.ok) return
      expect(read.targets).toEqual(good.map(([code, name]) => ({ code, name: { nl: name } })))
      expect(read.targets.length + read.faults.length).toBe(rows.length)
    }),
  )
})
