import { Stack } from '@mantine/core'
import { InvitationList } from './invitation-list.tsx'
import { MemberList } from './member-list.tsx'
import { RoleList } from './role-list.tsx'

/** Who may do what in an organisation. */
export function PeopleSection() {
  return (
    <Stack gap="lg">
      <MemberList />
      <InvitationList />
      <RoleList />
    </Stack>
  )
}
