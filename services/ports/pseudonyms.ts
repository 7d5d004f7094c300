import type { Identifier } from '#engine/events/identifier.ts'
import type { OrganisationId } from '#engine/shared/ids.ts'

/**
 * What stands where somebody is not to be named any more. The same for the same identifier within an organisation, and
 * nothing to anybody without the key of the installation.
 */
export type Pseudonyms = (organisationId: OrganisationId, identifier: Identifier) => string
