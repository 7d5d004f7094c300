import { Stack } from '@mantine/core'
import { HouseStyleForm } from './house-style-form.tsx'
import { SettingsForm } from './settings-form.tsx'
import { UnitList } from './unit-list.tsx'

/** The tree of an organisation, and what it has decided about itself. */
export function OrganisationSection() {
  return (
    <Stack gap="lg">
      <UnitList />
      <SettingsForm />
      <HouseStyleForm />
    </Stack>
  )
}
