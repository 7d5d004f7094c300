import { useTranslation } from 'react-i18next'
import type { Right, Role, Unit } from '#web/api/wire.ts'
import { useRecords } from '#web/console/use-records.ts'

/** What units, roles and rights are called, for lists that hold ids. */
export function useNames() {
  const { t } = useTranslation()
  const { items: tree } = useRecords<Unit>('units')
  const units = tree ?? []
  const { items: roles = [] } = useRecords<Role>('roles')
  const roleName = ({ builtIn, name }: Role) => (builtIn === null ? name : t(`invitations:roles.${builtIn}`))
  return {
    units,
    areUnitsKnown: tree !== undefined,
    roles,
    roleName,
    role: (id: string | null) => {
      const found = roles.find((role) => role.id === id)
      return found === undefined ? undefined : roleName(found)
    },
    rights: (rights: readonly Right[]) =>
      rights.map((right) => t(`invitations:rightNames.${right}`)).join(', '),
  }
}
