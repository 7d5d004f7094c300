import { useQuery } from '@tanstack/react-query'
import { ApiProblem } from '#web/api/api-problem.ts'
import { path, read } from '#web/api/client.ts'
import type { CredentialView, Receipt } from '#web/api/wire.ts'

export const credentialKey = (id: string) => ['credential', id] as const

/** By which way somebody looks: by the token of a link, or through a collection, whose token `share` then is. */
export type Way = Readonly<Record<'share' | 'collection', string | undefined>>

/** A badge as its page shows it: public, shared by this token, or the reader's own. */
export const useCredential = (id: string, way: Way, language: string) =>
  useQuery({
    queryKey: [...credentialKey(id), way, language],
    // The first look counts as a view; those by which the page keeps itself up to date do not.
    queryFn: ({ client }) =>
      read<CredentialView>(path`/v1/credentials/${id}`, {
        ...way,
        language,
        again: client.getQueriesData({ queryKey: credentialKey(id) }).some(([, data]) => data !== undefined)
          ? 'true'
          : undefined,
      }),
    // Until it is signed and on the chain, its state moves by itself.
    refetchInterval: ({ state }) =>
      state.data?.anchor.state === 'final' || (state.error !== null && !isUnsigned(state.error))
        ? false
        : 4000,
  })

/** It was claimed and is still being issued. */
export const isUnsigned = (error: unknown): boolean =>
  error instanceof ApiProblem && error.code === 'credential-not-signed'

/** Asked for only when it can be there. */
export const fetchReceipt = (id: string, way: Way) => read<Receipt>(path`/v1/credentials/${id}/receipt`, way)
