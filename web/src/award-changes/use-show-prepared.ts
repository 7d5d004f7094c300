import { useNavigate } from 'react-router'
import type { AwardChange } from '#web/api/wire.ts'
import { useOrganisation } from '#web/console/organisation-context.ts'

/** Leads from where a change was prepared to where it is looked at and confirmed. */
export function useShowPrepared(): (change: AwardChange) => void {
  const navigate = useNavigate()
  const { slug } = useOrganisation()
  return ({ id }) => void navigate(`/console/${slug}/award-changes?change=${id}`)
}
