import { Stack } from '@mantine/core'
import { useSearchParams } from 'react-router'
import { CauseForm } from './cause-form.tsx'
import { readCause } from './radius-cause.ts'
import { RadiusReport } from './radius-report.tsx'

/** `/console/ORGANISATION/blast-radius`: what rests on something that is doubted. The address says on what. */
export function BlastRadiusSection() {
  const [query, setQuery] = useSearchParams()
  const asked = readCause(query)
  const name = asked === undefined ? '' : `${asked.kind} ${asked.id}`
  return (
    <Stack gap="lg">
      <CauseForm key={`form ${name}`} asked={asked} onAsk={({ kind, id }) => setQuery({ kind, id })} />
      {asked !== undefined && <RadiusReport key={name} cause={asked} />}
    </Stack>
  )
}
