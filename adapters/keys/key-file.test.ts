import { chmod, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { loadKeyFile, parseKey } from './key-file.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'waarmerk-key-'))
})
afterAll(() => rm(folder, { recursive: true }))

test('the first start makes a key that later starts read, for its owner alone', async () => {
  const file = join(folder, 'first')
  const made = await loadKeyFile(file, { create: true })
  expect(made).toHaveLength(32)
  expect((await stat(file)).mode & 0o777).toBe(0o600)
  expect(await loadKeyFile(file, { create: false })).toEqual(made)
  expect(await loadKeyFile(file, { create: true })).toEqual(made)
})

test('two first starts at once agree on one key', async () => {
  const file = join(folder, 'both')
  const keys = await Promise.all([1, 2, 3].map(() => loadKeyFile(file, { create: true })))
  const stored = parseKey(await readFile(file, 'utf8'))
  for (const key of keys) expect(key).toEqual(stored)
})

test('a missing key is not made where it has to exist', async () => {
  await expect(loadKeyFile(join(folder, 'none'), { create: false })).rejects.toMatchObject({
    fault: 'missing',
  })
})

test('a key that others may read is refused', async () => {
  const file = join(folder, 'open')
  await loadKeyFile(file, { create: true })
  await chmod(file, 0o640)
  await expect(loadKeyFile(file, { create: false })).rejects.toMatchObject({ fault: 'open-to-others' })
})

test('a torn or empty key is refused, never replaced', async () => {
  for (const text of ['', 'ab', 'z'.repeat(64), 'ab'.repeat(33)]) {
    const file = join(folder, `torn-${text.length}`)
    await writeFile(file, text, { mode: 0o600 })
    await expect(loadKeyFile(file, { create: true })).rejects.toMatchObject({ fault: 'malformed' })
    expect(await readFile(file, 'utf8')).toBe(text)
  }
})

test('the folder that cannot be written is named', async () => {
  const file = join(folder, 'no', 'such', 'folder')
  await expect(loadKeyFile(file, { create: true })).rejects.toMatchObject({ fault: 'not-writable', file })
})
