import { gzipSync } from 'node:zlib'
import { BitstringStatusList } from '@digitalbazaar/vc-bitstring-status-list'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readStatusBit, STATUS_LIST_MIN_ENTRIES, withStatusBits } from '#engine/credentials/status-list.ts'
import { toBase64Url } from './multibase.ts'
import { decodeStatusList, encodeStatusList } from './status-list-codec.ts'

const empty = new Uint8Array(STATUS_LIST_MIN_ENTRIES / 8)

test("a list is the same to us and to Digital Bazaar's library, both ways", async () => {
  const indexes = fc.uniqueArray(fc.nat(STATUS_LIST_MIN_ENTRIES - 1), { maxLength: 20 })
  await fc.assert(
    fc.asyncProperty(indexes, async (revoked) => {
      const theirs = await BitstringStatusList.decode({
        encodedList: await encodeStatusList(withStatusBits(empty, revoked)),
      })
      expect(revoked.every((index) => theirs.getStatus(index))).toBe(true)
      expect(theirs.length).toBe(STATUS_LIST_MIN_ENTRIES)
      const ours = (await decodeStatusList(await theirs.encode())) ?? new Uint8Array()
      for (const index of [...revoked, 0, 1, STATUS_LIST_MIN_ENTRIES - 1]) {
        expect(readStatusBit(ours, index)).toBe(revoked.includes(index))
      }
      expect(ours).toEqual(withStatusBits(empty, revoked))
    }),
    { numRuns: 20 },
  )
})

test('there is no status beyond the end of a list', () => {
  expect(readStatusBit(empty, STATUS_LIST_MIN_ENTRIES)).toBeUndefined()
  expect(() => withStatusBits(empty, [STATUS_LIST_MIN_ENTRIES])).toThrow(RangeError)
})

test.each([
  ['text that is not base64url', 'u!!'],
  ['a list without its prefix', toBase64Url(gzipSync(empty))],
  ['bytes that are no gzip', `u${toBase64Url(empty)}`],
  ['a zip bomb of 100 MB', `u${toBase64Url(gzipSync(new Uint8Array(100 * 1024 * 1024)))}`],
])('%s is refused', async (_name, encoded) => {
  expect(await decodeStatusList(encoded)).toBeUndefined()
})
