import { Button } from '@mantine/core'
import { ProblemAlert } from '#web/components/problem-alert.tsx'
import { useAction } from './use-action.ts'

interface ActionButtonProps {
  readonly label: string
  /** What it acts on: rows repeat the same words. */
  readonly on: string
  readonly done: string
  readonly run: () => Promise<unknown>
}

/** A button that acts at once: for what can be taken back. */
export function ActionButton({ label, on, done, run }: ActionButtonProps) {
  const action = useAction(run, done)
  return (
    <>
      <Button
        size="xs"
        variant="light"
        aria-label={`${label}: ${on}`}
        loading={action.isPending}
        onClick={() => action.mutate()}
      >
        {label}
      </Button>
      {action.isError && <ProblemAlert error={action.error} />}
    </>
  )
}
