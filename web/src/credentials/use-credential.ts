import { useQuery } from '@tanstack/react-query'
import { path, read } from '#web/api/client.ts'
import type { CredentialView, Receipt } from '#web/api/wire.ts'

export const credentialKey = (id: string) => ['credential', id] as const

/** A badge as its page shows it: public, shared by this token, or the reader's own. */
export const useCredential = (id: string, share: string | undefined) =>
  useQuery({
    queryKey: [...credentialKey(id), share],
    // The first look counts as a view; those by which the page keeps itself up to date do not.
    queryFn: ({ client, queryKey }) =>
      read<CredentialView>(path`/v1/credentials/${id}`, {
        share,
        again: client.getQueryData(queryKey) === undefined ? undefined : 'true',
      }),
    // Until it is on the chain, its anchor state moves by itself.
    refetchInterval: ({ state }) =>
      state.data?.anchor.state === 'final' || state.error !== null ? false : 4000,
  })

/** Asked for only when it can be there. */
export const fetchReceipt = (id: string, share: string | undefined) =>
  read<Receipt>(path`/v1/credentials/${id}/receipt`, { share })
