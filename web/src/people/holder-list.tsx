import { Stack, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { ApiKey, Member } from '#web/api/wire.ts'
import { Record } from '#web/console/record.tsx'
import { RecordList } from '#web/console/record-list.tsx'
import { useRecords } from '#web/console/use-records.ts'
import { UnitName } from './unit-name.tsx'
import { useNames } from './use-names.ts'

/** Who may do something on a unit: by a grant on it, or by one above it. */
export function HolderList({ unitId }: { readonly unitId: string }) {
  const { t } = useTranslation()
  const members = useRecords<Member>('members', { unitId })
  const keys = useRecords<ApiKey>('api-keys', { unitId })
  const names = useNames()
  const working = keys.items?.filter(({ state }) => state === 'active')
  const factsOf = (holder: Pick<Member, 'unitId' | 'roleId' | 'rights'>) => [
    {
      label: t('people:by'),
      value: holder.unitId === unitId ? t('people:direct') : <UnitName id={holder.unitId} />,
    },
    { label: t('people:role'), value: names.role(holder.roleId) },
    { label: t('people:rights'), value: names.rights(holder.rights) },
  ]
  return (
    <Stack mt="sm">
      <Text size="sm">{t('people:holdersHint')}</Text>
      <RecordList records={members}>
        {(member) => (
          <Record
            key={member.id}
            order={3}
            title={member.emails[0] ?? t('people:nameless')}
            facts={factsOf(member)}
          />
        )}
      </RecordList>
      {working !== undefined && working.length > 0 && (
        <RecordList records={{ ...keys, items: working }}>
          {(key) => (
            <Record
              key={key.id}
              order={3}
              title={key.name}
              state={{ tone: 'quiet', label: t('people:apiKey') }}
              facts={factsOf(key)}
            />
          )}
        </RecordList>
      )}
    </Stack>
  )
}
