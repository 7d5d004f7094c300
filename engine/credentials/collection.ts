import type { CredentialId } from '#engine/shared/ids.ts'
import type { Instant } from '#engine/shared/instant.ts'

/** Who sees a collection: its owner; whoever holds its link, until its end; everybody. */
export type CollectionAccess =
  | { readonly visibility: 'private' | 'public' }
  | { readonly visibility: 'link'; readonly expiresAt?: Instant }

export interface CollectionItem {
  readonly credentialId: CredentialId
  /** Its earner has said that this badge, though private, may be seen in this collection. */
  readonly shown: boolean
}

/** What comes of putting badges into a collection. "Refused" names those that would be seen and that nobody has agreed to. */
export type Arranged =
  | { readonly kind: 'arranged'; readonly items: readonly CollectionItem[] }
  | { readonly kind: 'refused'; readonly hidden: readonly CredentialId[] }

/**
 * Which badges of a collection are shown, in its order. A private badge does not become visible by being put into a
 * collection that others see, nor by the collection being shown to others: only where its earner agrees in that call
 * (`shareBadges`), or has agreed for this collection before. What they agreed to ends when nobody else sees the collection.
 */
export function arrange({
  wanted,
  before,
  access,
  isPublic,
  shareBadges,
}: {
  readonly wanted: readonly CredentialId[]
  readonly before: readonly CollectionItem[]
  readonly access: CollectionAccess
  readonly isPublic: (id: CredentialId) => boolean
  readonly shareBadges: boolean
}): Arranged {
  if (access.visibility === 'private')
    return { kind: 'arranged', items: wanted.map((credentialId) => ({ credentialId, shown: false })) }
  const agreed = new Set(before.filter(({ shown }) => shown).map(({ credentialId }) => credentialId))
  const hidden = wanted.filter((id) => !isPublic(id) && !agreed.has(id))
  if (hidden.length > 0 && !shareBadges) return { kind: 'refused', hidden }
  const shown = new Set([...agreed, ...hidden])
  return {
    kind: 'arranged',
    items: wanted.map((credentialId) => ({ credentialId, shown: shown.has(credentialId) })),
  }
}
