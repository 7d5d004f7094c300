import { Button, Checkbox, Group, Stack, Text } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { act, path } from '#web/api/client.ts'
import type { MadeWalletOffer } from '#web/api/wire.ts'
import { Facts } from '#web/components/facts.tsx'
import { Panel } from '#web/components/panel.tsx'
import { ProblemAlert } from '#web/components/problem-alert.tsx'
import { QrCode } from '#web/components/qr-code.tsx'
import { useFormat } from '#web/i18n/use-format.ts'

/** A badge that goes to a wallet (OpenID4VCI): a code to scan, or a link for a wallet on the same device. */
export function WalletOfferPanel({ credentialId }: { readonly credentialId: string }) {
  const { t } = useTranslation()
  const { moment } = useFormat()
  const [pin, setPin] = useState(false)
  const make = useMutation({
    mutationFn: () => act<MadeWalletOffer>(path`/v1/credentials/${credentialId}/wallet-offers`, { pin }),
  })
  const made = make.data
  return (
    <Panel title={t('connections:wallet.title')}>
      <Stack align="flex-start">
        <Text>{t('connections:wallet.lead')}</Text>
        <Checkbox
          label={t('connections:wallet.withPin')}
          checked={pin}
          onChange={({ currentTarget }) => setPin(currentTarget.checked)}
        />
        <Button variant="light" loading={make.isPending} onClick={() => make.mutate()}>
          {t('connections:wallet.make')}
        </Button>
        {make.isError && <ProblemAlert error={make.error} />}
        {made !== undefined && (
          <Group align="flex-start" role="status">
            <QrCode url={made.uri} size={220} />
            <Stack>
              <Text>{t('connections:wallet.scan')}</Text>
              <a href={made.uri}>{t('connections:wallet.same')}</a>
              <Facts
                facts={[
                  { label: t('connections:wallet.pin'), value: made.pin, code: true },
                  { label: t('connections:wallet.until'), value: moment(made.expiresAt) },
                ]}
              />
            </Stack>
          </Group>
        )}
      </Stack>
    </Panel>
  )
}
