import { Button, Group, Stack, Text } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { change, path, remove } from '#web/api/client.ts'
import type { Account, Identity } from '#web/api/wire.ts'
import { ConfirmDialog } from '#web/components/confirm-dialog.tsx'
import { Panel } from '#web/components/panel.tsx'
import { Pill } from '#web/components/pill.tsx'
import { ProblemAlert } from '#web/components/problem-alert.tsx'

interface IdentityListProps {
  readonly account: Account
  readonly onChanged: () => void
}

/** What somebody signs in with: the address that is written to, and a way to remove each. */
export function IdentityList({ account, onChanged }: IdentityListProps) {
  const { t } = useTranslation()
  const [leaving, setLeaving] = useState<Identity>()
  const choose = useMutation({
    mutationFn: (id: string) => change<Account>('/v1/account', { primaryIdentityId: id }),
    onSuccess: onChanged,
  })
  const leave = useMutation({
    mutationFn: (id: string) => remove(path`/v1/account/identities/${id}`),
    onSuccess: () => {
      setLeaving(undefined)
      onChanged()
    },
  })
  return (
    <Panel title={t('accounts:identities')}>
      <Stack component="ul" p={0} m={0} style={{ listStyle: 'none' }}>
        {account.identities.map((each) => (
          <Group component="li" key={each.id} justify="space-between">
            <Text style={{ overflowWrap: 'anywhere' }}>
              {each.value} {each.primary && <Pill tone="good">{t('accounts:primary')}</Pill>}{' '}
              {each.undeliverable && <Pill tone="bad">{t('accounts:undeliverable')}</Pill>}
            </Text>
            <Group>
              {each.type === 'email' && !each.primary && (
                <Button size="xs" variant="default" onClick={() => choose.mutate(each.id)}>
                  {t('accounts:makePrimary')}
                </Button>
              )}
              {account.identities.length > 1 && (
                <Button
                  size="xs"
                  variant="default"
                  aria-label={t('accounts:removeNamed', { identity: each.value })}
                  onClick={() => {
                    leave.reset()
                    setLeaving(each)
                  }}
                >
                  {t('accounts:remove')}
                </Button>
              )}
            </Group>
          </Group>
        ))}
      </Stack>
      {choose.isError && <ProblemAlert error={choose.error} />}
      <ConfirmDialog
        opened={leaving !== undefined}
        title={t('accounts:removeNamed', { identity: leaving?.value ?? '' })}
        text={t('accounts:removeText')}
        confirm={t('accounts:remove')}
        isBusy={leave.isPending}
        error={leave.error}
        onConfirm={() => leaving !== undefined && leave.mutate(leaving.id)}
        onClose={() => setLeaving(undefined)}
      />
    </Panel>
  )
}
