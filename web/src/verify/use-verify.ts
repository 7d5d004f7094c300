import { useMutation } from '@tanstack/react-query'
import { act, postBytes } from '#web/api/client.ts'
import type { VerifyInput } from './read-input.ts'
import type { WireReport } from './wire-report.ts'

/** Asks the server for a verification. Takes as long as foreign status lists and chains take: seconds at most. */
export const useVerify = () => useMutation({ mutationFn: verify })

export function verify(input: VerifyInput): Promise<WireReport> {
  switch (input.kind) {
    case 'link':
      return act('/v1/verify', { url: input.url })
    case 'request':
      return postBytes('/v1/verify', input.body, 'application/json')
    case 'bytes':
      return postBytes('/v1/verify', input.bytes, input.mediaType)
  }
}
