import { Progress, Stack, Text } from '@mantine/core'
import type { Job } from '#web/api/wire.ts'

/** How far a job is, as a bar and in words. */
export function JobBar({ job, words }: { readonly job: Job; readonly words: string }) {
  const { done, total } = job.progress
  const share = total === 0 ? 0 : Math.min(100, (100 * done) / total)
  return (
    <Stack gap="xs">
      <Text size="sm">{words}</Text>
      <Progress.Root>
        <Progress.Section value={share} aria-label={words} />
      </Progress.Root>
    </Stack>
  )
}
