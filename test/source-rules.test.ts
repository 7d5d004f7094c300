import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

// What the linter has no rule for. Layers, cycles and forbidden globals are rules in biome.json.

const sources = (pattern: string): readonly string[] =>
  execFileSync('git', ['ls-files', pattern], { encoding: 'utf8' }).split('\n').filter(Boolean)

const holding = (files: readonly string[], pattern: RegExp): readonly string[] =>
  files.filter((file) => pattern.test(readFileSync(file, 'utf8')))

test('no SQL is built from text', () => {
  const files = sources('*.ts').filter((file) => !/^(?:test|scripts)\/|\.test\.ts$/.test(file))
  expect(files.length).toBeGreaterThan(300)
  expect(holding(files, /\$(?:query|execute)RawUnsafe|Prisma\.raw\(/)).toEqual([])
})

test('the engine and the services take no chance of their own', () => {
  const files = [...sources('engine/*.ts'), ...sources('services/*.ts')].filter(
    (file) => !/\.test\.ts$|testing\//.test(file),
  )
  expect(files.length).toBeGreaterThan(150)
  expect(holding(files, /Math\.random/)).toEqual([])
})

test('the lock file names no address to download from', () => {
  expect(holding(['package-lock.json'], /"resolved"/)).toEqual([])
})
