import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { claimDataFolder } from './data-folder.ts'
import { EXIT } from './start-errors.ts'

let parent: string
beforeAll(async () => {
  parent = await mkdtemp(join(tmpdir(), 'waarmerk-folder-'))
})
afterAll(() => rm(parent, { recursive: true }))

const isRoot = process.getuid?.() === 0

/** Another process that claims the folder, says so, and waits. */
async function claimElsewhere(path: string) {
  const script = `
    const { claimDataFolder } = await import(${JSON.stringify(join(import.meta.dirname, 'data-folder.ts'))})
    try {
      await claimDataFolder(process.argv[1])
      console.log('claimed')
      setInterval(() => globalThis.gc?.(), 50)
    } catch (error) { console.log(error.message); process.exit(error.exitCode) }`
  const child = spawn(process.execPath, ['--expose-gc', '--input-type=module', '-e', script, path], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const [said] = (await once(child.stdout, 'data')) as [Buffer]
  return { child, said: said.toString().trim(), exited: once(child, 'exit') }
}

test('a missing folder is made, for its owner alone', async () => {
  const path = join(parent, 'new', 'data')
  const folder = await claimDataFolder(path)
  expect(folder.path).toBe(path)
  expect((await stat(path)).mode & 0o777).toBe(isRoot ? 0o711 : 0o700)
  for (const file of ['lock', 'lock.pid', 'format'])
    expect((await stat(join(path, file))).mode & 0o077).toBe(0)
  await folder.release()
})

test('a folder that is taken is refused with the process that has it, and can be had after its release', async () => {
  const path = join(parent, 'taken')
  const folder = await claimDataFolder(path)
  await expect(claimDataFolder(path)).rejects.toMatchObject({ exitCode: EXIT.busy })
  const other = await claimElsewhere(path)
  expect(other.said).toContain(`process ${process.pid}`)
  expect((await other.exited)[0]).toBe(EXIT.busy)
  await folder.release()
  await folder.release()
  await (await claimDataFolder(path)).release()
})

test('a process that is killed keeps no folder', async () => {
  const path = join(parent, 'killed')
  const other = await claimElsewhere(path)
  expect(other.said).toBe('claimed')
  await expect(claimDataFolder(path)).rejects.toMatchObject({ exitCode: EXIT.busy })
  other.child.kill('SIGKILL')
  await other.exited
  await (await claimDataFolder(path)).release()
})

test('of many starts at once one has the folder', async () => {
  const path = join(parent, 'race')
  const starts = await Promise.all(Array.from({ length: 4 }, () => claimElsewhere(path)))
  expect(starts.filter(({ said }) => said === 'claimed')).toHaveLength(1)
  for (const { child, exited } of starts) {
    child.kill('SIGKILL')
    await exited
  }
})

test('a file is not taken for a folder', async () => {
  const path = join(parent, 'file')
  await writeFile(path, '')
  await expect(claimDataFolder(path)).rejects.toMatchObject({ exitCode: EXIT.settings })
  await expect(claimDataFolder(join(path, 'below'))).rejects.toMatchObject({ exitCode: EXIT.settings })
})

test('a folder on a read-only file system is refused', async () => {
  await expect(claimDataFolder('/sys/waarmerk')).rejects.toMatchObject({ exitCode: EXIT.notWritable })
  await expect(claimDataFolder('/sys')).rejects.toMatchObject({ exitCode: EXIT.notWritable })
})

test.skipIf(isRoot)('a folder that this user may not write is refused', async () => {
  await expect(claimDataFolder('/etc')).rejects.toMatchObject({ exitCode: EXIT.notWritable })
})

test('a folder of a newer version is refused, a damaged one too, and neither is changed', async () => {
  for (const [text, exitCode] of [
    ['2\n', EXIT.data],
    ['garbage', EXIT.data],
    ['0', EXIT.data],
  ] as const) {
    const path = join(parent, `format-${text.trim()}`)
    await (await claimDataFolder(path)).release()
    await writeFile(join(path, 'format'), text)
    await expect(claimDataFolder(path)).rejects.toMatchObject({ exitCode })
    expect(await readFile(join(path, 'format'), 'utf8')).toBe(text)
    await writeFile(join(path, 'format'), '1\n')
    await (await claimDataFolder(path)).release()
  }
})

test('a first start that was killed while it wrote is no damage', async () => {
  const path = join(parent, 'torn')
  await (await claimDataFolder(path)).release()
  await writeFile(join(path, 'format'), '')
  await (await claimDataFolder(path)).release()
  expect(await readFile(join(path, 'format'), 'utf8')).toBe('1\n')
})
