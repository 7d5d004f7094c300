import { createContext, useContext } from 'react'
import type { Organisation } from '#web/api/wire.ts'

export const OrganisationContext = createContext<Organisation | undefined>(undefined)

/** The organisation whose console is open. */
export function useOrganisation(): Organisation {
  const organisation = useContext(OrganisationContext)
  if (organisation === undefined) throw new Error('This belongs into the console of an organisation.')
  return organisation
}
