import type { Asked } from '#engine/verification/check-sources.ts'
import type { StatusListSource } from '#services/ports/verification-sources.ts'
import type { FindDid } from './resolve-key.ts'

interface Asking {
  readonly findDid: FindDid
  readonly statusLists: StatusListSource
  /** The origin for which this verifier answers from its own database. */
  readonly registry?: string | undefined
}

/** The same sources, and whom they were asked for. */
export function recordAsked<T extends Asking>(needs: T): { readonly needs: T; readonly asked: () => Asked } {
  const dids = new Set<string>()
  const lists = new Set<string>()
  return {
    needs: {
      ...needs,
      findDid: Object.assign(
        (did: string) => {
          dids.add(did)
          return needs.findDid(did)
        },
        // Whatever else it knows: what the operator named is not asked for.
        needs.findDid,
      ),
      statusLists: {
        fetch: (url) => {
          lists.add(url)
          return needs.statusLists.fetch(url)
        },
      },
    },
    asked: () => ({
      dids,
      lists: [...lists],
      ...(needs.registry === undefined ? {} : { registry: needs.registry }),
    }),
  }
}
