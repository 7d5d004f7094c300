import { Group, Stack, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { path, withQuery } from '#web/api/client.ts'
import type { CredentialView } from '#web/api/wire.ts'
import { CopyField } from '#web/components/copy-field.tsx'
import { DownloadLink } from '#web/components/download-link.tsx'
import { Panel } from '#web/components/panel.tsx'
import { QrCode } from '#web/components/qr-code.tsx'
import styles from './credential-downloads.module.css'
import type { Way } from './use-credential.ts'

interface CredentialDownloadsProps {
  readonly credential: CredentialView
  readonly way: Way
}

/** The badge as a file, its receipt, and its address in letters and as a code. */
export function CredentialDownloads({ credential, way }: CredentialDownloadsProps) {
  const { t } = useTranslation()
  const { anchor, id, page } = credential
  const address = withQuery(page, way)
  const document = (format: string) => withQuery(path`/v1/credentials/${id}/document`, { format, ...way })
  const hasReceipt = anchor.state === 'mined' || anchor.state === 'final'
  return (
    <Panel title={t('credentials:downloads')}>
      <div className={styles['columns']}>
        <Stack>
          <Text>{t('credentials:downloadsLead')}</Text>
          <Group gap="xs">
            <DownloadLink href={document('json')} fileName={`badge-${id}.json`}>
              {t('credentials:json')}
            </DownloadLink>
            <DownloadLink href={document('jwt')} fileName={`badge-${id}.jwt`}>
              {t('credentials:jwt')}
            </DownloadLink>
            <DownloadLink href={document('png')} fileName={`badge-${id}.png`}>
              {t('credentials:png')}
            </DownloadLink>
            <DownloadLink href={document('svg')} fileName={`badge-${id}.svg`}>
              {t('credentials:svg')}
            </DownloadLink>
            <DownloadLink href={document('pdf')} fileName={`badge-${id}.pdf`}>
              {t('credentials:pdf')}
            </DownloadLink>
            {hasReceipt && (
              <DownloadLink
                href={withQuery(path`/v1/credentials/${id}/receipt`, way)}
                fileName={`receipt-${id}.json`}
              >
                {t('credentials:receipt')}
              </DownloadLink>
            )}
          </Group>
          {!hasReceipt && <Text c="dimmed">{t('credentials:receiptLater')}</Text>}
          <CopyField label={t('credentials:address')} value={address} />
        </Stack>
        <QrCode url={address} />
      </div>
    </Panel>
  )
}
