import type { Right } from '#engine/access/rights.ts'
import type { RoleId } from '#engine/shared/ids.ts'
import type { RequestedRights } from '#services/access/requested-rights.ts'

/** A role or rights, of a body that passed its schema: it has exactly one of the two. */
export const readGrant = ({
  roleId,
  rights,
}: {
  readonly roleId?: string | undefined
  readonly rights?: readonly Right[] | undefined
}): RequestedRights => (roleId === undefined ? { rights: rights ?? [] } : { roleId: roleId as RoleId })
