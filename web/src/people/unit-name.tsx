import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { path, read } from '#web/api/client.ts'
import type { Unit } from '#web/api/wire.ts'
import { useOrganisation } from '#web/console/organisation-context.ts'
import { recordsKey } from '#web/console/use-records.ts'
import { useNames } from './use-names.ts'

/** What a unit is called. An achievement stands in no tree that was read, and is asked for by itself. */
export function UnitName({ id }: { readonly id: string }) {
  const { t } = useTranslation()
  const { id: organisation } = useOrganisation()
  const { units, areUnitsKnown } = useNames()
  const known = units.find((unit) => unit.id === id)
  const { data } = useQuery({
    queryKey: [...recordsKey(organisation), 'unit', id],
    queryFn: () => read<Unit>(path`/v1/units/${id}`, { organisation }),
    enabled: areUnitsKnown && known === undefined,
  })
  const unit = known ?? data
  if (unit === undefined) return null
  return unit.parentId === null ? t('people:whole') : unit.name
}
