import type * as z from 'zod'
import type { Account, MergeOffer } from '#api/schemas/accounts.ts'
import { formatInstant } from '#engine/shared/instant.ts'
import type { MergeOffer as Offer } from '#services/access/account-changes.ts'
import type { Account as StoredAccount } from '#services/ports/account-store.ts'

export const showAccount = ({ id, language, identities }: StoredAccount): z.input<typeof Account> => ({
  id,
  language: language.startsWith('nl') ? 'nl' : 'en',
  identities: identities.map((each) => ({
    id: each.id,
    type: each.type,
    value: each.value,
    primary: each.isPrimary,
    provider: each.provider ?? null,
    provenAt: formatInstant(each.provenAt),
    undeliverable: each.isUndeliverable,
  })),
})

export const showMerge = ({ merge, other }: Offer): z.input<typeof MergeOffer> => ({
  id: merge.id,
  identity: { type: merge.identity.type, value: merge.identity.value },
  other: { ...other },
  expiresAt: formatInstant(merge.expiresAt),
})
