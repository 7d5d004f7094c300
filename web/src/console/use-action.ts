import { type UseMutationResult, useMutation, useQueryClient } from '@tanstack/react-query'
import { sayDone } from '#web/components/say-done.ts'
import { useOrganisation } from './organisation-context.ts'
import { recordsKey } from './use-records.ts'

/** Does something, says so, and has everything in the console read again. */
export function useAction<Answer = unknown, Input = void>(
  run: (input: Input) => Promise<Answer>,
  done: string,
  onDone?: (answer: Answer) => void,
): UseMutationResult<Answer, Error, Input> {
  const { id } = useOrganisation()
  const queryClient = useQueryClient()
  return useMutation({
    mutationFn: run,
    onSuccess: async (answer) => {
      onDone?.(answer)
      sayDone(done)
      await queryClient.invalidateQueries({ queryKey: recordsKey(id) })
    },
  })
}
