import { sha256 } from '@noble/hashes/sha2'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { toHex } from '#engine/shared/bytes.ts'
import { asInstant } from '#engine/shared/instant.ts'
import { BEFORE_THE_FIRST, type ChainedEntry, linkEntry } from './audit-chain.ts'

const entry: fc.Arbitrary<ChainedEntry> = fc.record(
  {
    id: fc.uuid(),
    at: fc.integer({ min: 0, max: 4e12 }).map(asInstant),
    actor: fc.string(),
    action: fc.string(),
    targetType: fc.string(),
    targetId: fc.uuid(),
    detailDigest: fc.uint8Array({ minLength: 32, maxLength: 32 }),
  },
  { requiredKeys: ['id', 'at', 'actor', 'action', 'targetType'] },
)
const entries = fc.array(entry, { minLength: 1, maxLength: 12 })
const headOf = (all: readonly ChainedEntry[]) =>
  all.reduce((head, each) => linkEntry(head, each, sha256), BEFORE_THE_FIRST)
const hashOf = (all: readonly ChainedEntry[]) => toHex(headOf(all).hash)

test('the head counts the entries, and the same entries give the same head', () => {
  fc.assert(
    fc.property(entries, (all) => {
      expect(headOf(all).sequence).toBe(all.length)
      expect(hashOf(all)).toBe(hashOf(structuredClone(all)))
    }),
  )
})

test('an entry that is changed, dropped, doubled or moved gives another head', () => {
  fc.assert(
    fc.property(entries, fc.nat(), entry, (all, pick, other) => {
      const at = pick % all.length
      const [before, after] = [all.slice(0, at), all.slice(at + 1)]
      const own = all[at] as ChainedEntry
      const head = hashOf(all)
      expect(hashOf([...before, { ...own, id: other.id }, ...after]) === head).toBe(other.id === own.id)
      for (const member of ['actor', 'action', 'targetType'] as const)
        expect(hashOf([...before, { ...own, [member]: `${own[member]}x` }, ...after])).not.toBe(head)
      expect(hashOf([...before, ...after])).not.toBe(head)
      expect(hashOf([...before, own, own, ...after])).not.toBe(head)
      const [first, ...rest] = after
      if (first !== undefined && first.id !== own.id)
        expect(hashOf([...before, first, own, ...rest])).not.toBe(head)
    }),
  )
})
