import { Button, Group, Stack, Text, Title } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { useNavigate } from 'react-router'
import { act, path, read } from '#web/api/client.ts'
import type { ClaimAccepted, List, OfferedBadge } from '#web/api/wire.ts'
import { BadgePicture } from '#web/components/badge-picture.tsx'
import { ConfirmDialog } from '#web/components/confirm-dialog.tsx'
import { Panel } from '#web/components/panel.tsx'
import { Pill } from '#web/components/pill.tsx'
import { ProblemAlert } from '#web/components/problem-alert.tsx'
import { sayDone } from '#web/components/say-done.ts'
import { useFormat } from '#web/i18n/use-format.ts'

const KEY = ['offers']

/** Badges that wait for whoever is signed in, whatever gave them. Nothing where there are none. */
export function Offers() {
  const { t } = useTranslation()
  const { data, error } = useQuery({
    queryKey: KEY,
    queryFn: () => read<List<OfferedBadge>>('/v1/account/offers'),
  })
  if (error !== null) return <ProblemAlert error={error} />
  if (data === undefined || data.items.length === 0) return null
  return (
    <Stack component="section" gap="sm">
      <Title order={2}>{t('claims:offers.title')}</Title>
      <Text>{t('claims:offers.lead')}</Text>
      <ul style={{ listStyle: 'none', margin: 0, padding: 0, display: 'grid', gap: '1rem' }}>
        {data.items.map((offer) => (
          <Offer key={offer.id} offer={offer} />
        ))}
      </ul>
    </Stack>
  )
}

function Offer({ offer }: { readonly offer: OfferedBadge }) {
  const { t } = useTranslation()
  const { day } = useFormat()
  const navigate = useNavigate()
  const queryClient = useQueryClient()
  const [isAsking, dialog] = useDisclosure(false)
  const { achievementName: name, issuerName: issuer } = offer
  const refresh = () => queryClient.invalidateQueries({ queryKey: KEY })
  const accept = useMutation({
    mutationFn: () => act<ClaimAccepted>(path`/v1/account/offers/${offer.id}/accept`),
    onSuccess: async ({ credentialId }) => {
      await navigate(`/credentials/${credentialId}`)
      queryClient.clear()
      sayDone(t('claims:done'))
    },
  })
  const reject = useMutation({
    mutationFn: () => act(path`/v1/account/offers/${offer.id}/reject`),
    onSuccess: async () => {
      dialog.close()
      await refresh()
    },
  })
  return (
    <li>
      <Panel>
        <Group align="flex-start">
          <BadgePicture url={offer.image ?? undefined} name="" size={96} />
          <Stack gap={4} style={{ flex: '1 1 14rem', minWidth: 0 }}>
            <Group gap={6}>
              <Text fw={650}>{name}</Text>
              {offer.test && <Pill tone="doubt">{t('components:test.title')}</Pill>}
            </Group>
            <Text size="sm">{t('claims:offers.by', { issuer, domain: offer.issuerDomain })}</Text>
            <Text size="sm" c="dimmed" style={{ overflowWrap: 'anywhere' }}>
              {t('claims:offers.sentTo', {
                to: offer.identifier.slice(offer.identifier.indexOf(':') + 1),
                day: day(offer.expiresAt),
              })}
            </Text>
            <Group mt={8}>
              <Button
                size="sm"
                aria-label={t('claims:offers.acceptThis', { name })}
                loading={accept.isPending}
                onClick={() => accept.mutate()}
              >
                {t('claims:accept')}
              </Button>
              <Button
                size="sm"
                variant="default"
                aria-label={t('claims:offers.rejectThis', { name })}
                disabled={accept.isPending}
                onClick={dialog.open}
              >
                {t('claims:reject')}
              </Button>
            </Group>
            {accept.isError && <ProblemAlert error={accept.error} />}
          </Stack>
        </Group>
      </Panel>
      <ConfirmDialog
        opened={isAsking}
        title={t('claims:rejectAsk')}
        text={t('claims:rejectText')}
        confirm={t('claims:reject')}
        isBusy={reject.isPending}
        error={reject.error}
        onConfirm={() => reject.mutate()}
        onClose={dialog.close}
      />
    </li>
  )
}
