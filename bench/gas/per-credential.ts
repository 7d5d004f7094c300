import type { Figures } from './figures.ts'
import { STORE_CALL } from './measure-document-store.ts'
import { EAS_CALL } from './measure-eas.ts'
import { SIZES } from './sizes.ts'

/** Gas that falls on one credential of a batch, in each way of putting it on a chain. */
interface PerCredential {
  readonly own: number
  readonly relayed: number
  readonly easRoot: number
  readonly easEach: number
  readonly storeRoot: number
  readonly storeEach: number
}

/** A line for each of `SIZES`. What is larger than a call takes several of them, which cost the same each. */
export function perCredential({ ours, eas, documentStore: store }: Figures): readonly PerCredential[] {
  const easEach = [eas.attest, eas.attest10 / 10, ...Array(3).fill(eas.attest100 / EAS_CALL)]
  const storeEach = [
    store.issue,
    store.bulkIssue10 / 10,
    store.bulkIssue100 / 100,
    ...Array(2).fill(store.bulkIssue1000 / STORE_CALL),
  ]
  return SIZES.map((size, at) => ({
    own: (ours.anchor[at] ?? Number.NaN) / size,
    relayed: (ours.anchorRelayed[at] ?? Number.NaN) / size,
    easRoot: eas.timestamp / size,
    easEach: easEach[at] ?? Number.NaN,
    storeRoot: store.issue / size,
    storeEach: storeEach[at] ?? Number.NaN,
  }))
}
