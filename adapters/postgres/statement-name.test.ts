import { expect, test } from 'vitest'
import { statementName } from './statement-name.ts'

const values = (count: number, from = 1): string =>
  Array.from({ length: count }, (_, n) => `$${from + n}`).join(',')
const rows = (count: number, columns = 3): string =>
  Array.from({ length: count }, (_, n) => `(${values(columns, 1 + n * columns)})`).join(',')

test('a text keeps its name, and another has another', () => {
  const one = statementName('SELECT 1')
  expect(one).toMatch(/^w\d+$/)
  expect(statementName('SELECT 1')).toBe(one)
  expect(statementName('SELECT 2')).not.toBe(one)
})

test('batches of every size leave names for the statements that come after them', () => {
  const sizes = Array.from({ length: 200 }, (_, n) => 200 - n)
  const named = new Set<string>()
  for (let table = 0; table < 10; table++)
    for (const size of sizes)
      for (const text of [
        `INSERT INTO t${table} (a, b, c) VALUES ${rows(size)} ON CONFLICT DO NOTHING`,
        `SELECT a FROM t${table} WHERE (a IN (${values(size)}) AND b = $${size + 1}) OFFSET $${size + 2}`,
        `SELECT a FROM t${table} WHERE ${Array.from({ length: size }, (_, n) => `(t.a = $${2 * n + 1} AND t.b = $${2 * n + 2})`).join(' OR ')}`,
      ]) {
        const name = statementName(text)
        if (name !== undefined) named.add(name)
        expect(statementName(text)).toBe(name)
      }
  // Four sizes, and the row or value that is alone, which is no batch.
  expect(named.size).toBeLessThanOrEqual(10 * 3 * 5)
  expect(statementName('INSERT INTO t0 (a, b, c) VALUES ($1,$2,$3) ON CONFLICT DO NOTHING')).toBeDefined()
  expect(statementName('SELECT a FROM t0 WHERE b = $1')).toBeDefined()
})

test('a long text has no name', () => {
  expect(statementName(`SELECT ${'1 + '.repeat(3_000)}1`)).toBeUndefined()
})
