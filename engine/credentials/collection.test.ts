import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { CredentialId } from '#engine/shared/ids.ts'
import { arrange, type CollectionItem } from './collection.ts'

const BADGES = ['a', 'b', 'c', 'd'] as CredentialId[]

/** One call of the earner, and what others do with the badges meanwhile. */
const step = fc.record({
  wanted: fc.shuffledSubarray(BADGES),
  visibility: fc.constantFrom('private' as const, 'link' as const, 'public' as const),
  shareBadges: fc.boolean(),
  publicNow: fc.subarray(BADGES),
})

test('in any order of calls, a private badge is seen in a collection only where its earner agreed while others see it', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 12 }), (steps) => {
      let items: readonly CollectionItem[] = []
      // The obvious way: for each badge, whether the earner agreed since the collection was last private or without it.
      let agreed = new Set<CredentialId>()
      for (const { wanted, visibility, shareBadges, publicNow } of steps) {
        const isPublic = (id: CredentialId) => publicNow.includes(id)
        const result = arrange({ wanted, before: items, access: { visibility }, isPublic, shareBadges })
        const unagreed = wanted.filter((id) => !isPublic(id) && !agreed.has(id))
        if (visibility !== 'private' && unagreed.length > 0 && !shareBadges) {
          expect(result).toEqual({ kind: 'refused', hidden: unagreed })
          continue
        }
        agreed =
          visibility === 'private'
            ? new Set()
            : new Set([...agreed, ...unagreed].filter((id) => wanted.includes(id)))
        items = result.kind === 'arranged' ? result.items : []
        expect(items.map(({ credentialId }) => credentialId)).toEqual(wanted)
        expect(items.filter(({ shown }) => shown).map(({ credentialId }) => credentialId)).toEqual(
          wanted.filter((id) => agreed.has(id)),
        )
      }
    }),
  )
})
