import { globSync } from 'node:fs'
import { resolve } from 'node:path'
import { expect, test } from 'vitest'
import { errors } from './catalogue.ts'
import type { ErrorDefinition } from './define-error.ts'

const root = resolve(import.meta.dirname, '../..')

const definitions: readonly ErrorDefinition[] = Object.values(errors)

test('every file of errors is merged whole: no name stands in two of them', async () => {
  const files = globSync('engine/**/*-errors.ts', { cwd: root })
  const parts = await Promise.all(
    files.map((file) => import(resolve(root, file)) as Promise<Record<string, unknown>>),
  )
  const named = parts.flatMap((part) =>
    Object.entries(part)
      .filter(([name]) => name.endsWith('Errors'))
      .flatMap(([, group]) => Object.keys(group as object)),
  )
  expect(named.sort()).toEqual(Object.keys(errors).sort())
})

test('codes are unique and kebab-case', () => {
  const codes = definitions.map(({ code }) => code)
  expect(codes.filter((code, at) => codes.indexOf(code) !== at)).toEqual([])
  expect(codes.filter((code) => !/^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/.test(code))).toEqual([])
})

test('every definition has the status of a refusal and tells what to do', () => {
  for (const { code, status, advice } of definitions) {
    expect(status, code).toBeGreaterThanOrEqual(400)
    expect(status, code).toBeLessThan(600)
    expect(advice.length, code).toBeGreaterThan(20)
  }
})

test('what may be tried again unchanged is not the fault of the request alone', () => {
  const odd = definitions.filter(
    ({ status, retry }) => retry && [401, 403, 404, 410, 413, 415, 422].includes(status),
  )
  expect(odd.map(({ code }) => code)).toEqual([])
})
