import { Group, Stack, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { path, read } from '#web/api/client.ts'
import type { IssuerWithKeys } from '#web/api/wire.ts'
import { RadiusLink } from '#web/blast-radius/radius-link.tsx'
import { Loading } from '#web/components/loading.tsx'
import { Pill } from '#web/components/pill.tsx'
import { ProblemAlert } from '#web/components/problem-alert.tsx'
import { useFormat } from '#web/i18n/use-format.ts'
import { KeyCompromise, ReissueProgress } from './key-compromise.tsx'
import { useOrganisation } from './organisation-context.ts'
import { recordsKey } from './use-records.ts'

/** Keys of an issuer, asked for when somebody opens them. */
export function IssuerKeyList({ issuerId }: { readonly issuerId: string }) {
  const { t } = useTranslation()
  const { moment } = useFormat()
  const { id } = useOrganisation()
  const [isOpen, setOpen] = useState(false)
  const [job, setJob] = useState<string | null>(null)
  const { data, error } = useQuery({
    queryKey: [...recordsKey(id), 'issuer', issuerId],
    queryFn: () => read<IssuerWithKeys>(path`/v1/issuers/${issuerId}`, { organisation: id }),
    enabled: isOpen,
  })
  return (
    <details onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
      <summary style={{ cursor: 'pointer', fontWeight: 600, paddingBlock: '0.4rem' }}>
        {t('console:issuers.keys')}
      </summary>
      {error !== null && <ProblemAlert error={error} />}
      {data === undefined && error === null && <Loading />}
      <Stack gap="sm">
        {job !== null && <ReissueProgress jobId={job} />}
        {data?.keys.map((key) => (
          <div key={key.id}>
            <code>{key.publicKey}</code>
            <Text size="sm" component="div">
              <Pill tone={key.state === 'active' ? 'good' : key.state === 'compromised' ? 'bad' : 'quiet'}>
                {t(`console:issuers.keyStates.${key.state}`)}
              </Pill>{' '}
              {t(`console:issuers.purposes.${key.purpose}`)}, {moment(key.createdAt)}
            </Text>
            {key.purpose !== 'anchoring' && (
              <Group gap="xs" mt="xs">
                <RadiusLink cause={{ kind: 'key', id: key.id }} on={moment(key.createdAt)} />
                <KeyCompromise issuerId={issuerId} signingKey={key} onSaid={setJob} />
              </Group>
            )}
          </div>
        ))}
      </Stack>
    </details>
  )
}
