import { buffer } from 'node:stream/consumers'
import fc from 'fast-check'
import { unzipSync } from 'fflate'
import { expect, test } from 'vitest'
import type { ArchiveFile } from '#services/ports/archive.ts'
import { zipArchive } from './zip-archive.ts'

async function* from(files: readonly ArchiveFile[]) {
  yield* files
}

test('what is packed comes out again, packed pictures included', async () => {
  const file = fc.record({
    name: fc.constantFrom('a/b.json', 'c.png', 'dé/ø.txt', 'e.svg'),
    bytes: fc.uint8Array({ maxLength: 2000 }),
  })
  await fc.assert(
    fc.asyncProperty(fc.uniqueArray(file, { selector: ({ name }) => name }), async (files) => {
      const out = unzipSync(await buffer(zipArchive(from(files))))
      expect(Object.keys(out).sort()).toEqual(files.map(({ name }) => name).sort())
      for (const { name, bytes } of files)
        expect(Buffer.compare(out[name] ?? new Uint8Array(), bytes)).toBe(0)
    }),
    { numRuns: 50 },
  )
})

test('the next file is made only once what was made of the last one has been taken', async () => {
  let made = 0
  async function* endless(): AsyncGenerator<ArchiveFile> {
    for (;;) yield { name: `${++made}.png`, bytes: new Uint8Array(1000) }
  }
  const chunks = zipArchive(endless())[Symbol.asyncIterator]()
  for (let taken = 1; taken <= 50; taken++) {
    await chunks.next()
    expect(made).toBeLessThanOrEqual(taken)
  }
  await chunks.return?.()
})
